"""Draws repairs together that differ in one thing only, so that few sentences say what many sets have in common."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from workflows.repair_types import Addition, Profile, Repair

PARTS = ("spots", "kinds", "themes", "roles")


def drawn_together(
    repairs: Iterable[tuple[tuple[Addition, ...], tuple[Profile, ...]]],
) -> tuple[Repair, ...]:
    """Join repairs until no two differ in just one part of one addition. What is listed stays exactly the same."""
    found = [Repair(_sorted(additions), example) for additions, example in repairs]
    before = 0
    while before != len(found):
        before = len(found)
        for part in PARTS:
            found = _joined(found, part)
    return tuple(sorted(found, key=lambda repair: [addition.order for addition in repair.additions]))


def _sorted(additions: Iterable[Addition]) -> tuple[Addition, ...]:
    return tuple(sorted(additions, key=lambda addition: addition.order))


def _joined(repairs: Iterable[Repair], part: str) -> list[Repair]:
    """Join what is equal but for this part of one addition, whichever place the addition has in the order."""
    index: dict[object, Repair] = {}
    alive: dict[Repair, None] = {}
    for repair in repairs:
        one, key = repair, _met_before(repair, index, part)
        if key is not None:
            twin = index[key]
            one = _widened(twin, repair, key, part)
            del alive[twin]
            for gone in _keys(twin, part):
                index.pop(gone, None)
        alive[one] = None
        index.update(dict.fromkeys(_keys(one, part), one))
    return list(alive)


def _met_before(repair: Repair, index: dict[object, Repair], part: str) -> object:
    return next((key for key in _keys(repair, part) if key in index), None)


def _keys(repair: Repair, part: str) -> list[object]:
    """All that must be equal for a join, by the place of the addition that may differ."""
    return [_key(repair, place, part) for place in range(len(repair.additions))]


def _key(repair: Repair, place: int, part: str) -> object:
    additions = list(repair.additions)
    one = additions.pop(place)
    ties = frozenset(spot.shared for spot in one.spots)
    return (ties, replace(one, **{part: frozenset()}), tuple(additions))


def _widened(one: Repair, other: Repair, key: object, part: str) -> Repair:
    here, there = (_keys(repair, part).index(key) for repair in (one, other))
    mine, its = one.additions[here], other.additions[there]
    wider = replace(mine, **{part: getattr(mine, part) | getattr(its, part)})
    rest = [addition for number, addition in enumerate(one.additions) if number != here]
    return Repair(_sorted([*rest, wider]), one.example)
