"""The search for partners: entries that fit, counts for each filter, a page of them, in an order that is fair.

Everything starts from `visible()`. Filters, counts and order are taken from the same light rows, so a count can't
disagree with the list it promises.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from itertools import islice
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from app.access import visible
from app.act import Act
from app.models import Expression, Label, Membership, Organisation
from app.search_table import with_words
from app.services.searching.search_index import FIRST_DAY
from app.services.searching.search_rows import CODES, FIRST, Line, all_rows
from app.services.searching.search_words import asked_words
from workflows.expression import PUBLIC, State
from workflows.label import REGISTERED
from workflows.membership import LIVE
from workflows.profile import LISTED, STALE_AFTER
from workflows.search_order import IN_NAME, Candidate, Placed, Seeker, in_default_order, points, shuffle_of

PAGE = 50
PROFILE, EXPRESSION = "profile", "expression"
NOUNS = (PROFILE, EXPRESSION)
SORTS = ("best", "name", "newest")
# The filters and the columns they look at; any of the codes chosen in one must fit, and every filter must.
GROUPS = (*CODES, "state")
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
    fits = {group: _fitting(rows, _AT[group], chosen.of(group)) for group in GROUPS if chosen.of(group)}
    found = _where(rows, fits)
    counts = {group: _count(rows, found, fits, group) for group in GROUPS}
    pages = max(1, -(-len(found) // PAGE))
    number = min(max(1, page or 1), pages)
    first, last = (0, None) if page is None else ((number - 1) * PAGE, number * PAGE)
    shown = list(islice(_ordered(act, chosen, seeker, found), first, last))
    hits = tuple(_hits(act, chosen, shown))
    return Found(hits, len(found), number, pages, counts, _counted(found, _AT["regions"]))


_AT = {group: number for number, group in enumerate(GROUPS, start=len(FIRST))}
_ID, _DAY, _NO, _CALL, _NAME, _NAME_WORDS = range(len(FIRST))


def _rows(act: Act, chosen: Chosen) -> Sequence[Line]:
    """Give what somebody may see and the words fit, one light row each, its state at the end."""
    model: Any = Organisation if chosen.noun == PROFILE else Expression
    seen = _seen(act, chosen.noun)
    rows = all_rows(act.session, chosen.noun)
    if chosen.noun == PROFILE:
        ids = frozenset(act.session.scalars(seen.with_only_columns(model.id)))
        rows = [row for row in rows if row[_ID] in ids]
    else:
        states = {one[0]: one[1].value for one in act.session.execute(seen.with_only_columns(model.id, model.state))}
        rows = [(*row[:-1], states[row[_ID]]) for row in rows if row[_ID] in states]
    if chosen.call:
        rows = [row for row in rows if row[_CALL] == chosen.call]
    if chosen.since:
        rows = [row for row in rows if row[_DAY] >= chosen.since]
    return _worded(act, chosen, rows) if chosen.words.strip() else rows


def _worded(act: Act, chosen: Chosen, rows: Sequence[Line]) -> Sequence[Line]:
    words = asked_words(chosen.words)
    if not words:
        return ()  # nothing but signs was typed: no text has them
    numbers = with_words(act.session.connection(), words)
    return [row for row in rows if row[_NO] in numbers]


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


def _where(rows: Sequence[Line], fits: Mapping[str, set[str]], *, but: str = "") -> Sequence[Line]:
    """Keep the rows that fit every filter but one; the one that lets fewest through is asked first."""
    for group in sorted(fits, key=lambda one: len(fits[one])):
        if group != but:
            at, good = _AT[group], fits[group]
            rows = [row for row in rows if row[at] in good]
    return rows


def _count(rows: Sequence[Line], found: Sequence[Line], fits: Mapping[str, set[str]], group: str) -> Counter[str]:
    return _counted(_where(rows, fits, but=group) if group in fits else found, _AT[group])


def _counted(rows: Sequence[Line], at: int) -> Counter[str]:
    counts: Counter[str] = Counter()
    for value, number in Counter([row[at] for row in rows]).items():
        for code in value.split():
            counts[code] += number
    return counts


def _ordered(act: Act, chosen: Chosen, seeker: Seeker, found: Sequence[Line]) -> Iterable[Line]:
    if chosen.sort == "name":
        return sorted(found, key=lambda row: (row[_NAME], row[_ID]))
    if chosen.sort == "newest":
        return sorted(found, key=lambda row: (-row[_DAY], row[_NAME], row[_ID]))
    today = (act.now.date() - FIRST_DAY).days
    placed = _placed(chosen, seeker, found, today, experienced(act))
    by_id = {row[_ID]: row for row in found}
    return (by_id[one.id] for one in in_default_order(placed))


def _placed(chosen: Chosen, seeker: Seeker, found: Sequence[Line], today: int, known: frozenset[str]) -> list[Placed]:
    """What the order must know of each; what rests on codes is worked out once for each different text of them."""
    themes, technologies, regions, categories = (_AT[n] for n in ("themes", "technologies", "regions", "categories"))
    by_theme = {text: points(seeker, Candidate(themes=_codes(text))) for text in {row[themes] for row in found}}
    by_technology = {
        text: points(seeker, Candidate(technologies=_codes(text))) for text in {row[technologies] for row in found}
    }
    by_region = {text: points(seeker, Candidate(regions=_codes(text))) for text in {row[regions] for row in found}}
    words, week, profile = asked_words(chosen.words), today // 7, chosen.noun == PROFILE
    return [
        Placed(
            _is_stale(row, profile, today),
            -(by_theme[row[themes]] + by_technology[row[technologies]] + by_region[row[regions]])
            - (_in_name(row, words) if words else 0),
            shuffle_of(row[_ID], week),
            row[_ID],
            (profile and row[_ID] not in known) or _LESS_DEVELOPED in row[categories],
        )
        for row in found
    ]


def _in_name(row: Line, words: Sequence[str]) -> int:
    return IN_NAME * sum(any(n.startswith(word) for n in row[_NAME_WORDS].split()) for word in words)


def _is_stale(row: Line, profile: bool, today: int) -> bool:
    return bool(today - row[_DAY] > STALE_AFTER.days if profile else row[_AT["state"]] != State.PUBLISHED)


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
    ids = [row[_ID] for row in shown]
    for first in range(0, len(ids), 500):
        query = _seen(act, chosen.noun).where(model.id.in_(ids[first : first + 500]))
        if chosen.noun == EXPRESSION:
            query = query.options(joinedload(Expression.organisation), joinedload(Expression.call))
        things |= {thing.id: thing for thing in act.session.scalars(query)}
    for row in shown:
        yield Hit(things[row[_ID]], _candidate(row), row[_DAY], _is_stale(row, chosen.noun == PROFILE, today))


def new_since(act: Act, chosen: Chosen, after: datetime) -> tuple[Hit, ...]:
    """Everything that fits and was confirmed or published after a moment, the newest first."""
    since = (after.astimezone(UTC).date() - FIRST_DAY).days
    hits = search(act, replace(chosen, since=since, sort="newest"), Seeker(), page=None).hits
    return tuple(hit for hit in hits if _moment(hit.thing) > after)


def _moment(thing: Organisation | Expression) -> datetime:
    given = thing.confirmed_at if isinstance(thing, Organisation) else thing.published_at
    return given or thing.created_at
