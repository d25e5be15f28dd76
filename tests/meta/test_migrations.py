"""Migrations make what the models say: tables, CHECKs and triggers, on both databases, with rows in them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint, inspect, text

from app import db_objects
from app.db import WRITES, Database
from app.models import Base
from app.schema import alembic_config, upgrade
from tests.support.postgresql import Server

VERSIONS = Path(__file__).resolve().parents[2] / "migrations" / "versions"


@pytest.fixture(params=["sqlite", "postgresql"])
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database that was migrated from nothing."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path / 'fresh.sqlite3'}")
        upgrade(database)
    else:
        server: Server = request.getfixturevalue("postgresql")
        database = Database(server.new_database())
    yield database
    database.close()


def test_the_models_add_nothing_to_the_migrations(fresh: Database) -> None:
    with fresh.engine.connect() as connection:
        differences = compare_metadata(
            MigrationContext.configure(connection, opts={"include_name": db_objects.is_compared}), Base.metadata
        )

    assert differences == []


def test_the_database_has_every_check_of_the_models(fresh: Database) -> None:
    wanted = {
        (table.name, str(c.name)) for table in Base.metadata.tables.values() for c in table.constraints
        if isinstance(c, CheckConstraint)
    }  # fmt: skip
    inspector = inspect(fresh.engine)
    there = {(t, c["name"]) for t in Base.metadata.tables for c in inspector.get_check_constraints(t)}

    assert there == wanted


def test_the_checks_on_sqlite_say_what_the_models_say(tmp_path: Path) -> None:
    migrated, made = (Database(f"sqlite:///{tmp_path / name}.sqlite3") for name in ("migrated", "made"))
    upgrade(migrated)
    with made.engine.execution_options(**{WRITES: True}).begin() as connection:
        Base.metadata.create_all(connection)

    for table in Base.metadata.tables:
        here, there = (_checks(database, table) for database in (migrated, made))
        assert here == there
    migrated.close()
    made.close()


def _checks(database: Database, table: str) -> dict[str, str]:
    found = inspect(database.engine).get_check_constraints(table)
    return {str(check["name"]): " ".join(str(check["sqltext"]).split()) for check in found}


def test_the_triggers_are_there(fresh: Database) -> None:
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if fresh.engine.dialect.name == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    with fresh.engine.connect() as connection:
        names = set(connection.scalars(text(query)))

    assert names == db_objects.names()


def test_a_second_upgrade_does_nothing(fresh: Database) -> None:
    assert upgrade(fresh) is False


def test_down_and_up_again(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'updown.sqlite3'}")
    upgrade(database)
    config = alembic_config()
    with database.engine.execution_options(**{WRITES: True}).connect() as connection, connection.begin():
        db_objects.remove(connection)
        config.attributes["connection"] = connection
        command.downgrade(config, "base")

    assert set(inspect(database.engine).get_table_names()) == {"alembic_version"}
    assert upgrade(database) is True
    database.close()


@pytest.mark.parametrize("path", sorted(VERSIONS.glob("*.py")), ids=lambda p: p.stem)
def test_an_old_migration_knows_nothing_of_ours(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    modules = {n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    modules |= {alias.name for n in ast.walk(tree) if isinstance(n, ast.Import) for alias in n.names}

    assert {m.partition(".")[0] for m in modules} <= {"__future__", "alembic", "sqlalchemy"}
