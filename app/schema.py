"""Brings a database to the newest migration."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from app.db import WRITES, Database
from app.models import SearchText
from app.services.searching.search_index import make_again

HERE = Path(__file__).resolve().parent.parent


def alembic_config() -> Config:
    config = Config(toml_file=str(HERE / "pyproject.toml"))
    config.set_main_option("script_location", str(HERE / "migrations"))
    return config


def newest() -> str:
    head = ScriptDirectory.from_config(alembic_config()).get_current_head()
    if head is None:
        raise LookupError("there is no migration")
    return head


def upgrade(database: Database) -> bool:
    """Upgrade if needed, in one transaction; say whether anything was done."""
    with database.engine.execution_options(**{WRITES: True}).connect() as connection:
        if MigrationContext.configure(connection).get_current_revision() == newest():
            connection.rollback()
            return False
        connection.rollback()
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            connection.connection.execute("PRAGMA foreign_keys=OFF")
        config = alembic_config()
        config.attributes["connection"] = connection
        with connection.begin():
            command.upgrade(config, "head")
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall() if sqlite else []
            if broken:
                raise RuntimeError(f"rows that point to nothing after the migration: {broken[:5]}")
        if sqlite:
            connection.connection.execute("PRAGMA foreign_keys=ON")
    _make_search_again(database)
    return True


def _make_search_again(database: Database) -> None:
    """Write the entries of the search anew: what is found, and how texts are folded, may have changed."""
    if not inspect(database.engine).has_table(SearchText.__tablename__):
        return  # upgraded to a version that had no search yet
    with database.writing() as session:
        make_again(session)
        session.commit()
