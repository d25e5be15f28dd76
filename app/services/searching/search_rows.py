"""The light columns of all entries, kept in memory as long as no entry was written: reading them takes longest.

Nothing here says who may see what: the caller keeps the rows of things that `visible()` gives.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from sys import intern
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.models import SearchEntry

Line = tuple[Any, ...]
FIRST = ("thing_id", "day", "no", "call", "name", "name_words")
CODES = (
    "themes", "technologies", "kinds", "countries", "regions", "categories", "offers", "positions", "seeks", "contact",
)  # fmt: skip


@dataclass(frozen=True)
class _Kept:
    mark: tuple[int, int]
    rows: Sequence[Line]


_kept: WeakKeyDictionary[Engine, dict[str, _Kept]] = WeakKeyDictionary()


def all_rows(session: Session, noun: str) -> Sequence[Line]:
    """Give (FIRST…, CODES…, room for a state) of every entry of a noun as this transaction sees them.

    Each writing adds one to the entry's revision, and entries are never deleted: the same number of entries with the
    same sum of revisions are the same entries.
    """
    engine = session.get_bind()
    mark = _mark(session, noun)
    nouns = _kept.setdefault(engine.engine, {})
    kept = nouns.get(noun)
    if kept is None or kept.mark != mark:
        columns = [getattr(SearchEntry, name) for name in FIRST + CODES]
        found = session.execute(select(*columns).where(SearchEntry.noun == noun)).all()
        codes = len(FIRST)
        rows = [(*row[:codes], *(intern(text) for text in row[codes:]), "") for row in found]
        kept = nouns[noun] = _Kept(mark, rows)
    return kept.rows


def _mark(session: Session, noun: str) -> tuple[int, int]:
    query = select(func.count(), func.coalesce(func.sum(SearchEntry.revision), 0)).where(SearchEntry.noun == noun)
    number, written = session.execute(query).one()
    return int(number), int(written)
