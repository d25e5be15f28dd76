"""Why something fits whoever searches, and in which order results stand. Pure: the same facts give the same order.

The default order: what is confirmed and open before what is stale; what fits best first; equals by a shuffle that
changes every week, so that no name is always first. Then a floor of exposure: in every four places in a row stands at
least one organisation that has never held a label or sits in a less developed region, as long as any is left.
"""

import zlib
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from workflows.words import Text, _, plural

EVERY = 4  # one place in so many is for the floor
IN_NAME, SHARED_THEME, SHARED_TECHNOLOGY, NEW_REGION = 4, 2, 1, 1  # weights of what speaks for a result


@dataclass(frozen=True)
class Seeker:
    """Whoever searches: the codes of their organisations, application or expression of interest."""

    themes: frozenset[str] = frozenset()
    technologies: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()  # of the consortium so far
    has_consortium: bool = False  # a region can be new to it
    eligible_kinds: frozenset[str] = frozenset()  # of the call; empty: any


@dataclass(frozen=True)
class Candidate:
    """What is known of one result, in codes."""

    themes: frozenset[str] = frozenset()
    technologies: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Why:
    """One reason that can be made again from stored facts."""

    text: Text
    params: dict[str, Any] = field(default_factory=dict)


def points(seeker: Seeker, candidate: Candidate) -> int:
    """How well something fits; 0 where nothing is in common."""
    return (
        SHARED_THEME * len(seeker.themes & candidate.themes)
        + SHARED_TECHNOLOGY * len(seeker.technologies & candidate.technologies)
        + NEW_REGION * _region_is_new(seeker, candidate)
    )


def _region_is_new(seeker: Seeker, candidate: Candidate) -> bool:
    return seeker.has_consortium and bool(candidate.regions) and not candidate.regions & seeker.regions


def reasons(seeker: Seeker, candidate: Candidate) -> tuple[Why, ...]:
    """Say why something fits, the strongest first."""
    found = []
    if themes := len(seeker.themes & candidate.themes):
        found.append(Why(plural("{n} priority in common", "{n} priorities in common"), {"n": themes}))
    if technologies := len(seeker.technologies & candidate.technologies):
        found.append(Why(plural("{n} technology in common", "{n} technologies in common"), {"n": technologies}))
    if _region_is_new(seeker, candidate):
        found.append(Why(_("region not yet in your consortium")))
    if seeker.eligible_kinds and candidate.kinds and not candidate.kinds & seeker.eligible_kinds:
        found.append(Why(_("can take part as associated partner, not as partner")))
    return tuple(found)


class Placed(NamedTuple):
    """What the order needs to know of one result; the fields stand in the order they are compared."""

    stale: bool
    behind: int  # points, negative: the best come first
    shuffle: int
    id: str
    floor: bool  # never held a label, or of a less developed region


def shuffle_of(thing_id: str, week: int) -> int:
    """The place among equals for a week: the same for everybody, another one next week."""
    return zlib.crc32(thing_id.encode(), week & 0xFFFFFFFF)


def in_default_order(results: Iterable[Placed]) -> Iterator[Placed]:
    """Give results in the default order, one by one: whoever shows a page need not ask for all."""
    return _with_floor(sorted(results))


def _with_floor(ordered: Sequence[Placed]) -> Iterator[Placed]:
    """Move the next result of the floor up wherever three without one stand before it; stale ones stay where they are."""
    rest, waiting = deque(ordered), deque(r for r in ordered if r.floor and not r.stale)
    given: set[str] = set()
    without = 0
    while rest:
        if rest[0].id in given:
            rest.popleft()
            continue
        while waiting and waiting[0].id in given:
            waiting.popleft()
        place = waiting[0] if without == EVERY - 1 and waiting and not rest[0].stale else rest.popleft()
        given.add(place.id)
        without = 0 if place.floor else without + 1
        yield place
