"""The search for partners: entries that fit, counts for each filter, a page of them, in an order that is fair.

Everything starts from `visible()`. The light columns of all entries somebody may see are read once; filters, counts and
order are taken from them, so a count can't disagree with the list it promises.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from app.access import visible
from app.act import Act
from app.models import Expression, Label, Membership, Organisation, SearchEntry
from app.search_table import has_words
from app.services.search_index import FIRST_DAY
from app.services.search_words import asked_words
from workflows.expression import PUBLIC, State
from workflows.label import REGISTERED
from workflows.membership import LIVE
from workflows.profile import LISTED, STALE_AFTER
from workflows.search_order import IN_NAME, Candidate, Placed, Seeker, in_default_order, points

PAGE = 50
PROFILE, EXPRESSION = "profile", "expression"
NOUNS = (PROFILE, EXPRESSION)
SORTS = ("best", "name", "newest")
# The filters and the columns they look at; any of the codes chosen in one must fit, and every filter must.
GROUPS = (
    "themes", "technologies", "kinds", "countries", "regions", "categories", "offers", "positions", "seeks", "contact",
    "state",
)  # fmt: skip
_LESS_DEVELOPED = "less_developed"


@dataclass(frozen=True)
class Chosen:
    """What somebody looks for: words, codes of which any may match in each group, and the order."""

    noun: str = PROFILE
    words: str = ""
    codes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    call: str = ""  # id: expressions of interest of one call
    sort: str = "best"
    since: int = 0  # day: nothing older; for what is new in a saved search

    def of(self, group: str) -> frozenset[str]:
        return self.codes.get(group, frozenset())


@dataclass(frozen=True)
class Hit:
    """One result: its thing, what is known of it in codes, and the day it was confirmed or published."""

    thing: Any
    candidate: Candidate
    day: int
    stale: bool


@dataclass(frozen=True)
class Found:
    hits: tuple[Hit, ...]
    total: int
    page: int
    pages: int
    counts: Mapping[str, Counter[str]]  # group → code → how many it would leave, the other groups being as they are
    regions: Counter[str]  # of everything found, not of the page alone


def search(act: Act, chosen: Chosen, seeker: Seeker, page: int | None = 1) -> Found:
    """Find one page, or everything where `page` is None (for exports)."""
    rows = _rows(act, chosen)
    fits = {group: _fitting(rows, number, chosen.of(group)) for number, group in _columns() if chosen.of(group)}
    found = [row for row in rows if all(row[_AT[group]] in good for group, good in fits.items())]
    counts = {group: _count(rows, found, fits, group) for group in GROUPS}
    ordered = _ordered(act, chosen, seeker, found)
    pages = max(1, -(-len(found) // PAGE))
    number = min(max(1, page or 1), pages)
    shown = ordered if page is None else ordered[(number - 1) * PAGE : number * PAGE]
    hits = tuple(_hits(act, chosen, shown))
    return Found(hits, len(found), number, pages, counts, _counted(found, _AT["regions"]))


Line = tuple[Any, ...]
_AT = {group: number for number, group in enumerate(GROUPS, start=3)}  # after id, name and day


def _columns() -> Iterable[tuple[int, str]]:
    return ((number, group) for group, number in _AT.items())


def _rows(act: Act, chosen: Chosen) -> Sequence[Line]:
    """Read what somebody may see and the words fit, one light row each."""
    e = SearchEntry
    model: Any = Organisation if chosen.noun == PROFILE else Expression
    columns = [getattr(e, group) for group in GROUPS[:-1]]
    query = (
        select(e.thing_id, e.name, e.day, *columns, model.state, e.name_words)
        .join(model, model.id == e.thing_id)
        .where(e.noun == chosen.noun, model.id.in_(_seen(act, chosen.noun).with_only_columns(model.id)))
    )
    if chosen.call:
        query = query.where(e.call == chosen.call)
    if chosen.since:
        query = query.where(e.day >= chosen.since)
    if words := asked_words(chosen.words):
        query = query.where(has_words(act.session.get_bind().dialect.name, words))
    elif chosen.words.strip():
        return ()  # nothing but signs was typed: no text has them
    return act.session.execute(query).all()


def _seen(act: Act, noun: str) -> Select[Any]:
    if noun == PROFILE:
        query = visible(act, Organisation, "profile.view")
        return query.where(Organisation.state.in_(LISTED), Organisation.merged_into_id.is_(None))
    return visible(act, Expression, "expression.view").where(Expression.state.in_(PUBLIC))


@lru_cache(maxsize=100_000)
def _codes(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _fitting(rows: Sequence[Line], at: int, wanted: frozenset[str]) -> set[str]:
    """The different values of a column that have one of the codes: far fewer than there are rows."""
    return {value for value in {row[at] for row in rows} if not wanted.isdisjoint(_codes(value))}


def _count(rows: Sequence[Line], found: Sequence[Line], fits: Mapping[str, set[str]], group: str) -> Counter[str]:
    if group not in fits:
        return _counted(found, _AT[group])
    others = [(_AT[other], good) for other, good in fits.items() if other != group]
    return _counted([row for row in rows if all(row[at] in good for at, good in others)], _AT[group])


def _counted(rows: Sequence[Line], at: int) -> Counter[str]:
    counts: Counter[str] = Counter()
    for value, number in Counter(row[at] for row in rows).items():
        for code in _codes(value):
            counts[code] += number
    return counts


def _ordered(act: Act, chosen: Chosen, seeker: Seeker, found: Sequence[Line]) -> list[Line]:
    if chosen.sort == "name":
        return sorted(found, key=lambda row: (row[1], row[0]))
    if chosen.sort == "newest":
        return sorted(found, key=lambda row: (-row[2], row[1], row[0]))
    today = (act.now.date() - FIRST_DAY).days
    known, words = experienced(act), asked_words(chosen.words)
    placed = [_placed(row, chosen, seeker, today, known, words) for row in found]
    by_id = {row[0]: row for row in found}
    return [by_id[one.id] for one in in_default_order(placed, today // 7)]


def _placed(
    row: Line, chosen: Chosen, seeker: Seeker, today: int, known: frozenset[str], words: Sequence[str]
) -> Placed:
    candidate = _candidate(row)
    named = IN_NAME * sum(any(n.startswith(word) for n in row[-1].split()) for word in words)
    floor = chosen.noun == PROFILE and row[0] not in known
    return Placed(
        row[0], _is_stale(row, chosen.noun, today), points(seeker, candidate) + named,
        floor or _LESS_DEVELOPED in _codes(row[_AT["categories"]]),
    )  # fmt: skip


def _is_stale(row: Line, noun: str, today: int) -> bool:
    if noun == EXPRESSION:
        return bool(row[_AT["state"]] != State.PUBLISHED)
    return bool(today - row[2] > STALE_AFTER.days)


def _candidate(row: Line) -> Candidate:
    names = ("themes", "technologies", "regions", "kinds")
    return Candidate(**{name: _codes(row[_AT[name]]) for name in names})


def experienced(act: Act) -> frozenset[str]:
    """Organisations that hold or held a label of the register: the others are first-timers."""
    query = (
        select(Membership.organisation_id)
        .join(Label, Label.application_id == Membership.application_id)
        .where(Label.state.in_(REGISTERED), Membership.state.in_(LIVE), Membership.organisation_id.is_not(None))
    )
    return frozenset(str(one) for one in act.session.scalars(query.distinct()))


def _hits(act: Act, chosen: Chosen, shown: Sequence[Line]) -> Iterable[Hit]:
    model: Any = Organisation if chosen.noun == PROFILE else Expression
    today = (act.now.date() - FIRST_DAY).days
    things: dict[str, Any] = {}
    ids = [row[0] for row in shown]
    for first in range(0, len(ids), 500):
        query = _seen(act, chosen.noun).where(model.id.in_(ids[first : first + 500]))
        if chosen.noun == EXPRESSION:
            query = query.options(joinedload(Expression.organisation), joinedload(Expression.call))
        things |= {thing.id: thing for thing in act.session.scalars(query)}
    for row in shown:
        yield Hit(things[row[0]], _candidate(row), row[2], _is_stale(row, chosen.noun, today))


def new_since(act: Act, chosen: Chosen, day: int) -> Found:
    """Everything that fits and was confirmed, published or changed since a day."""
    return search(act, replace(chosen, since=day, sort="newest"), Seeker(), page=None)
