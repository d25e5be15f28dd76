"""Somebody's words and name planted wherever the models have a place for them, by the table of fates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Enum,
    Integer,
    LargeBinary,
    Numeric,
    Table,
    and_,
    insert,
    inspect,
    select,
    true,
    update,
)
from sqlalchemy.orm import Session

from app.db import Database
from app.models import Base
from app.services.erasing.erasing_fates import FATES, Words, words
from app.services.erasing.erasing_words import owned

NAME = "Zyxq Quentinova"
EMAIL = "Zyxq@Quentinova.example"
SECRET = "zyxq's own words"
SHAPES = {
    ("organisation", "priorities"): [{"region": "ITC1", "text": f"Ask {NAME}"}],
    ("organisation", "facilities"): [{"kind": "testing", "text": f"Ask {NAME}", "conditions": EMAIL}],
    ("expression", "published"): {"answers": {"abstract": f"Ask {NAME} <{EMAIL}>"}},
    ("clarification", "answers"): {"idea": f"Ask {NAME}"},
    ("expert", "other_addresses"): ["other.zyxq@quentinova.example"],
    ("job", "outcome"): {"subject": f"{NAME} asks"},
}
ADDRESSES = {"email", "invited_email", "invited_email_folded", "signatory_email", "address"}
NAMES = {"name", "signatory_name"}


def plant(session: Session, person_id: str) -> list[str]:
    """Write the marker into every column that the table decides on and does not keep; names each one."""
    planted = []
    for kind in ("gone", "emptied", "evidence", "named", "special"):
        for entry in words(kind):
            if entry.table not in ("person", "job", "document", "submitted_version", "search_entry", "search_text"):
                _plant(session, person_id, entry, kind)
                planted.append(f"{entry.table}.{entry.column}")
    return planted


def _plant(session: Session, person_id: str, entry: Words, kind: str) -> None:
    table = Base.metadata.tables[entry.table]
    mine = owned(entry.table, person_id, entry.by) if _has_owner(entry) else true()
    key = next(iter(table.primary_key.columns))
    row = session.scalar(select(key).where(mine).limit(1))
    if row is None:
        row = _claim(session, person_id, entry, key) or _make(session, person_id, entry)
    then = {entry.column: marked(table.c[entry.column], kind)}
    session.execute(update(table).where(and_(key == row, mine)).values(then))


def _has_owner(entry: Words) -> bool:
    return FATES[entry.table].via is not None or entry.by in Base.metadata.tables[entry.table].c


def _claim(session: Session, person_id: str, entry: Words, key: Column[Any]) -> Any:
    """Let a row that is there be the person's; None where there is none, or the table hangs on another."""
    table = key.table
    if FATES[entry.table].via is not None or table.c[entry.by].primary_key:
        return None
    row = session.scalar(select(key).limit(1))
    if row is not None:
        session.execute(update(table).where(key == row).values({entry.by: person_id}))
    return row


def marked(column: Column[Any], kind: str) -> Any:
    """Give what is planted: own words where they go, else a sentence that names the person."""
    if (column.table.name, column.name) in SHAPES:
        return SHAPES[column.table.name, column.name]
    if column.name in ADDRESSES:
        return EMAIL.casefold() if "folded" in column.name else EMAIL
    text = NAME if column.name in NAMES else SECRET if kind in ("gone", "emptied") else f"Ask {NAME} <{EMAIL}>."
    if isinstance(column.type, JSON):
        return [text]
    if isinstance(column.type, LargeBinary):
        return text.encode()
    longest = getattr(column.type, "length", None)
    return text[:longest] if longest else text


def _make(session: Session, person_id: str, entry: Words) -> Any:
    """Insert a row of the person with nothing else in it than the database asks for."""
    via = FATES[entry.table].via
    if via is None:
        return _fill(session, Base.metadata.tables[entry.table], {entry.by: person_id})
    above = Base.metadata.tables[via[1]]
    theirs = session.scalar(select(above.c.id).where(owned(via[1], person_id)).limit(1))
    return _fill(session, Base.metadata.tables[entry.table], {via[0]: theirs})


def _fill(session: Session, table: Table, given: dict[str, Any]) -> Any:
    needed = [column for column in table.columns if not column.nullable and not _has_default(column)]
    values = {column.name: _any(session, column) for column in needed if column.name not in given} | given
    session.execute(insert(table).values(values))
    return values[next(iter(table.primary_key.columns)).name]


def _has_default(column: Column[Any]) -> bool:
    return column.default is not None or column.server_default is not None


def _any(session: Session, column: Column[Any]) -> Any:
    for foreign in column.foreign_keys:
        there = session.scalar(select(foreign.column).limit(1))
        return _fill(session, foreign.column.table, {}) if there is None else there
    if isinstance(column.type, Enum):
        return column.type.enum_class and next(iter(column.type.enum_class))  # type: ignore[call-overload]
    for kind, value in (
        (JSON, []), (LargeBinary, b"x"), (Boolean, False), (Integer, 1), (Numeric, Decimal(1)), (Date, date(2027, 1, 1)),
    ):  # fmt: skip
        if isinstance(column.type, kind):
            return value
    longest = min(getattr(column.type, "length", None) or 20, 20) if hasattr(column.type, "length") else 0
    return f"x-{column.table.name}"[:longest] if longest else datetime(2027, 1, 1, tzinfo=UTC)


def everything(database: Database) -> Iterator[tuple[str, str]]:
    """Give every row of every table there is, the search's own included, as text without capitals."""
    with database.engine.connect() as connection:
        for table in inspect(connection).get_table_names():
            found = Table(table, Base.metadata if table in Base.metadata.tables else _BARE, autoload_with=connection)
            for row in connection.execute(select(found)):
                yield table, " ".join(_read(value) for value in row).casefold()


_BARE = type(Base.metadata)()


def _read(value: object) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)
