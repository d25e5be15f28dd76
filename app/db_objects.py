"""What the database itself refuses: rows of append-only tables are neither changed nor deleted.

Migrations make these again after each upgrade (batch mode on SQLite drops triggers), and a test compares them.
"""

from __future__ import annotations

from sqlalchemy import JSON, Connection, text

from app.models import Base

APPEND_ONLY = ("event", "reading", "denial", "answer", "submitted_version", "extension")
# Columns that may change all the same: erasing a person empties them, and the digests stay true.
ERASABLE = {"submitted_version": ("persons", "persons_salt")}


def install(connection: Connection) -> None:
    """Make the triggers, replacing those that are there."""
    make = _sqlite if connection.dialect.name == "sqlite" else _postgresql
    for table in APPEND_ONLY:
        for statement in make(table):
            connection.execute(text(statement))


def names() -> set[str]:
    return {f"{table}_refuses_{verb}" for table in APPEND_ONLY for verb in ("update", "delete")}


def _when(table: str, *, cast: bool) -> str:
    """Let an update pass that touches erasable columns only."""
    if table not in ERASABLE:
        return ""
    kept = [column for column in Base.metadata.tables[table].columns if column.name not in ERASABLE[table]]
    unequal = "IS DISTINCT FROM" if cast else "IS NOT"
    tests = []
    for column in kept:
        as_text = "::text" if cast and isinstance(column.type, JSON) else ""
        tests.append(f"OLD.{column.name}{as_text} {unequal} NEW.{column.name}{as_text}")
    return f" WHEN ({' OR '.join(tests)})"


def _sqlite(table: str) -> list[str]:
    refuse = f"SELECT RAISE(ABORT, '{table} is append-only');"
    return [
        f"DROP TRIGGER IF EXISTS {table}_refuses_update",
        f"DROP TRIGGER IF EXISTS {table}_refuses_delete",
        f"CREATE TRIGGER {table}_refuses_update BEFORE UPDATE ON {table}{_when(table, cast=False)} BEGIN {refuse} END",
        f"CREATE TRIGGER {table}_refuses_delete BEFORE DELETE ON {table} BEGIN {refuse} END",
    ]


def _postgresql(table: str) -> list[str]:
    function = (
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    act = "EXECUTE FUNCTION refuse_change()"
    return [
        function,
        f"DROP TRIGGER IF EXISTS {table}_refuses_update ON {table}",
        f"DROP TRIGGER IF EXISTS {table}_refuses_delete ON {table}",
        f"CREATE TRIGGER {table}_refuses_update BEFORE UPDATE ON {table} FOR EACH ROW{_when(table, cast=True)} {act}",
        f"CREATE TRIGGER {table}_refuses_delete BEFORE DELETE ON {table} FOR EACH ROW {act}",
    ]
