"""What the database itself refuses: rows of append-only tables are neither changed nor deleted.

Migrations make these again after each upgrade (batch mode on SQLite drops triggers), and a test compares them.
"""

from __future__ import annotations

from sqlalchemy import JSON, Connection, inspect, text

from app import search_table
from app.models import Base

APPEND_ONLY = (
    "event",
    "reading",
    "denial",
    "answer",
    "submitted_version",
    "extension",
    "consent",
    "call_version",
    "score_change",
    "record_head",
    "publication",
    "charter_word",
)
LATE = "submitted_version_refuses_late"
# Columns that may change all the same: erasing a person empties them, and the digests stay true.
ERASABLE = {"submitted_version": ("persons", "persons_salt")}


def install(connection: Connection) -> None:
    """Make the triggers, replacing those that are there."""
    make = _sqlite if connection.dialect.name == "sqlite" else _postgresql
    there = inspect(connection).get_table_names()  # an earlier revision has fewer tables
    for table in (table for table in APPEND_ONLY if table in there):
        for statement in make(table):
            connection.execute(text(statement))
    if "call_version" in there:  # of the revision that gave applications a deadline of their own
        for statement in _late(connection.dialect.name):
            connection.execute(text(statement))
    if "search_entry" in there:
        search_table.install(connection)


def names() -> set[str]:
    refusing = {f"{table}_refuses_{verb}" for table in APPEND_ONLY for verb in ("update", "delete")}
    return refusing | {LATE} | search_table.TRIGGERS


def is_compared(name: str | None, kind: str, _parents: object) -> bool:
    """Say whether migrations compare something with the models: the full-text tables are made here instead."""
    return kind != "table" or name is None or not name.startswith(search_table.NAME)


def remove(connection: Connection) -> None:
    """Take everything away again, before tables go."""
    on = "" if connection.dialect.name == "sqlite" else " ON submitted_version"
    connection.execute(text(f"DROP TRIGGER IF EXISTS {LATE}{on}"))
    for table in APPEND_ONLY:
        for verb in ("update", "delete"):
            on = "" if connection.dialect.name == "sqlite" else f" ON {table}"
            connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_refuses_{verb}{on}"))
    search_table.remove(connection)


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


def _late(dialect: str) -> list[str]:
    """The second lock: a version received at or after the stored deadline, everybody's or its own, is refused.

    It compares stored moments and never asks the database's clock: a rehearsal has a made-up one.
    """
    stored = (
        "SELECT {greater} FROM application JOIN call ON call.id = application.call_id "
        "WHERE application.id = NEW.application_id"
    )
    if dialect == "sqlite":
        deadline = stored.format(greater="max(call.closes_at, coalesce(application.own_closes_at, call.closes_at))")
        refuse = "BEGIN SELECT RAISE(ABORT, 'received after the deadline'); END"
        late = f"NEW.received_at >= ({deadline})"
        return [
            f"DROP TRIGGER IF EXISTS {LATE}",
            f"CREATE TRIGGER {LATE} BEFORE INSERT ON submitted_version WHEN {late} {refuse}",
        ]
    deadline = stored.format(greater="greatest(call.closes_at, application.own_closes_at)")
    function = (
        "CREATE OR REPLACE FUNCTION refuse_late() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF NEW.received_at >= ({deadline}) THEN "
        "RAISE EXCEPTION 'received after the deadline' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$"
    )
    return [
        function,
        f"DROP TRIGGER IF EXISTS {LATE} ON submitted_version",
        f"CREATE TRIGGER {LATE} BEFORE INSERT ON submitted_version FOR EACH ROW EXECUTE FUNCTION refuse_late()",
    ]
