"""Finds a person in texts, and takes what they wrote away; which column holds what, `erasing_fates` says.

Rows are changed beneath the mapper: whoever calls this forgets what the session had loaded.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    LargeBinary,
    String,
    Table,
    Text,
    and_,
    cast,
    delete,
    false,
    not_,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.orm import Session

from app.models import Base, OfficeHolding, Person
from app.outbox import NOBODY
from app.services.erasing.erasing_fates import FATES, OWNERS, Fate, Words, words

ERASED = "[erased]"  # where others would read what is gone
_SURE = 3  # letters of a piece by which the database looks for a name
_PLAIN = re.compile(r"[A-Za-z0-9]+")


def pseudonym_of(person_id: str) -> str:
    """Give the name that stands for somebody ever after, the same everywhere."""
    return f"Erased person {person_id[-6:].upper()}"


def address_of(person_id: str) -> str:
    return f"erased-{person_id}@{NOBODY}"


@dataclass(frozen=True)
class Traces:
    """The names and addresses by which texts speak of a person."""

    person_id: str
    names: tuple[str, ...]
    addresses: tuple[str, ...]

    @cached_property
    def _patterns(self) -> tuple[tuple[re.Pattern[str], str], ...]:
        mails = [(rf"(?<![\w.+-]){re.escape(a)}(?![\w-])", address_of(self.person_id)) for a in self.addresses]
        spaced = [r"\s+".join(map(re.escape, name.split())) for name in self.names]
        names = [(rf"(?<!\w){name}(?!\w)", pseudonym_of(self.person_id)) for name in spaced]
        return tuple((re.compile(found, re.IGNORECASE), then) for found, then in (*mails, *names))

    def replaced(self, text: str) -> str:
        """Put the pseudonym for every name and address that stands as a word of its own."""
        for pattern, then in self._patterns:
            text = pattern.sub(then, text)
        return text

    def replaced_in(self, value: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
        if isinstance(value, str):
            return self.replaced(value)
        if isinstance(value, list):
            return [self.replaced_in(one) for one in value]
        if isinstance(value, dict):
            return {key: self.replaced_in(one) for key, one in value.items()}
        return value

    def may_stand_in(self, column: ColumnElement[Any]) -> ColumnElement[bool]:
        """Let the database leave out most rows, by the longest piece of each name that JSON writes as it is."""
        text = cast(column, Text)
        pieces = [max(_PLAIN.findall(word), key=len, default="") for word in (*self.names, *self.addresses)]
        if not pieces or any(len(piece) < _SURE for piece in pieces):
            return column.is_not(None) if pieces else false()
        return or_(*(text.ilike(f"%{piece}%") for piece in pieces))


def owned(table: str, person_id: str, by: str = "") -> ColumnElement[bool]:
    """Say which rows of a table are the person's."""
    fate = FATES.get(table, Fate(OWNERS.get(table, "")))
    columns = Base.metadata.tables[table].c
    if fate.via is not None:
        column, parent = fate.via
        above = Base.metadata.tables[parent]
        whole: ColumnElement[bool] = columns[column].in_(select(above.c.id).where(owned(parent, person_id)))
        return whole
    mine: ColumnElement[bool] = columns[by or fate.by] == person_id
    return mine


def in_office(moment: ColumnElement[Any], person_id: str) -> ColumnElement[bool]:
    """Say whether the person held an office at a moment that is a column."""
    held = select(OfficeHolding.id).where(
        OfficeHolding.person_id == person_id,
        OfficeHolding.since <= moment,
        or_(OfficeHolding.until.is_(None), OfficeHolding.until >= moment),
    )
    return held.exists()


def _of_office(entry: Words, person_id: str) -> ColumnElement[bool]:
    fate = FATES[entry.table]
    if not fate.office_at:
        return false()
    return in_office(Base.metadata.tables[entry.table].c[fate.office_at], person_id)


def rows_that_go(person_id: str) -> Iterator[tuple[Table, ColumnElement[bool]]]:
    for table, fate in FATES.items():
        if fate.gone:
            yield Base.metadata.tables[table], owned(table, person_id)


def emptied_at_once(person_id: str) -> Iterator[tuple[Words, ColumnElement[bool]]]:
    """Give the columns whose words go with the person, and in which rows."""
    for entry in words("emptied"):
        yield entry, and_(owned(entry.table, person_id, entry.by), not_(_of_office(entry, person_id)))


def emptied_in_the_end(person_id: str) -> Iterator[tuple[Words, ColumnElement[bool]]]:
    """Give the columns whose words stay under the pseudonym for a time, and in which rows."""
    for entry in words("evidence"):
        yield entry, owned(entry.table, person_id, entry.by)
    for entry in words("emptied"):
        if FATES[entry.table].office_at:
            yield entry, and_(owned(entry.table, person_id, entry.by), _of_office(entry, person_id))


def nothing_in(entry: Words) -> Any:  # noqa: ANN401
    """Give what stands in a column once its words are gone."""
    if entry.cell.nullable:
        return None
    if isinstance(entry.cell.type, JSON):
        return []
    if isinstance(entry.cell.type, LargeBinary):
        return b""
    return ERASED if FATES[entry.table].shown and isinstance(entry.cell.type, Text) else ""


def delete_rows(session: Session, person_id: str) -> None:
    for table, mine in rows_that_go(person_id):
        session.execute(delete(table).where(mine))


def empty(session: Session, places: Iterable[tuple[Words, ColumnElement[bool]]]) -> None:
    for entry, mine in places:
        cell = entry.cell
        session.execute(update(cell.table).where(mine).values({cell.name: nothing_in(entry)}))


def still_there(session: Session, person_id: str) -> Iterator[str]:
    """Name the tables and columns in which something is left that should have gone at once."""
    for table, mine in rows_that_go(person_id):
        if session.execute(select(true()).select_from(table).where(mine).limit(1)).first():
            yield table.name
    for entry, mine in emptied_at_once(person_id):
        found = session.scalars(select(entry.cell).where(mine))
        if any(value not in (None, [], "", b"", ERASED) for value in found):
            yield f"{entry.table}.{entry.column}"


def replace_names(session: Session, traces: Traces) -> dict[str, set[str]]:
    """Put the pseudonym into every column of words, whoever wrote them; gives the changed rows of each table."""
    changed: dict[str, set[str]] = defaultdict(set)
    for kind in ("emptied", "evidence", "named"):
        for entry in words(kind):
            if isinstance(entry.cell.type, String | JSON):
                changed[entry.table].update(str(key[0]) for key in replace_in(session, traces, entry.cell))
    return changed


def replace_in(session: Session, traces: Traces, cell: Column[Any]) -> list[Sequence[Any]]:
    """Put the pseudonym into one column; gives the keys of the rows that were changed."""
    table = cell.table
    keys = list(table.primary_key.columns)
    changed: list[Sequence[Any]] = []
    for *key, value in session.execute(select(*keys, cell).where(traces.may_stand_in(cell))).all():
        then = traces.replaced_in(value)
        if then != value:
            this = and_(*(column == part for column, part in zip(keys, key, strict=True)))
            session.execute(update(table).where(this).values({cell.name: _fitting(cell, then)}))
            changed.append(key)
    return changed


def _fitting(cell: Column[Any], value: Any) -> Any:  # noqa: ANN401
    longest = getattr(cell.type, "length", None)
    return value[:longest] if isinstance(value, str) and longest else value


def traces_of(session: Session, person: Person, addresses: Iterable[str], names: Iterable[str]) -> Traces:
    """Gather by what texts name the person.

    A name somebody else bears as well, or of one word that may be any word, says nothing of this person: it is left.
    """
    wanted = {" ".join(name.split()) for name in (person.name, *names) if len(name.split()) > 1}
    others = session.scalars(select(Person.name).where(Person.id != person.id))
    taken = {" ".join(name.split()).casefold() for name in others}
    sure = sorted((name for name in wanted if name.casefold() not in taken), key=lambda name: (-len(name), name))
    return Traces(person.id, tuple(sure), tuple(sorted({one for one in addresses if "@" in one})))
