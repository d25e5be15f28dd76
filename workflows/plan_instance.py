"""Who may read what, how much, and how well it fits: the question an assignment plan answers, in plain numbers.

Applications, experts and pairs stand in the order of their ids, so that the same question is the same input. What is
fixed already is not in here: its reports, places, countries and themes have been taken off.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

KEPT = 1_000_000  # what a pair that stands is worth above all else in a repair: the fewest changes come first


@dataclass(frozen=True)
class Need:
    """An application: the reports it still needs, and how its panel has to be mixed."""

    id: str
    reports: int
    one_per_country: bool = False  # no two of the experts come from one country
    specialist: bool = False  # at least one of the reports is by an expert with the theme


@dataclass(frozen=True)
class Reader:
    """An expert: the tasks they can still take, and their country (empty: not known, shared with nobody)."""

    id: str
    places: int
    country: str = ""


@dataclass
class Pairs:
    """The pairs that no limit bars, in columns: by application, then by expert."""

    application: array[int] = field(default_factory=lambda: array("i"))
    expert: array[int] = field(default_factory=lambda: array("i"))
    score: array[int] = field(default_factory=lambda: array("q"))
    specialist: array[int] = field(default_factory=lambda: array("b"))

    def __len__(self) -> int:
        return len(self.application)

    def add(self, application: int, expert: int, score: int, *, specialist: bool = False) -> None:
        self.application.append(application)
        self.expert.append(expert)
        self.score.append(score)
        self.specialist.append(specialist)


@dataclass(frozen=True)
class Instance:
    needs: tuple[Need, ...]
    readers: tuple[Reader, ...]
    pairs: Pairs

    @property
    def needed(self) -> int:
        return sum(need.reports for need in self.needs)

    def to_json(self) -> dict[str, Any]:
        pairs = self.pairs
        return {
            "needs": [[n.id, n.reports, n.one_per_country, n.specialist] for n in self.needs],
            "readers": [[r.id, r.places, r.country] for r in self.readers],
            "pairs": [list(pairs.application), list(pairs.expert), list(pairs.score), list(pairs.specialist)],
        }

    @staticmethod
    def from_json(data: dict[str, Any]) -> Instance:
        applications, experts, scores, specialists = data["pairs"]
        pairs = Pairs(array("i", applications), array("i", experts), array("q", scores), array("b", specialists))
        return Instance(tuple(Need(*n) for n in data["needs"]), tuple(Reader(*r) for r in data["readers"]), pairs)


def instance_of(
    needs: Iterable[Need], readers: Iterable[Reader], scored: Iterable[tuple[str, str, int, bool]]
) -> Instance:
    """Put everything in the order of its ids; `scored` are application, expert, score and whether a specialist."""
    ordered, pool = sorted(needs, key=lambda n: n.id), sorted(readers, key=lambda r: r.id)
    place = {need.id: index for index, need in enumerate(ordered)}
    seat = {reader.id: index for index, reader in enumerate(pool)}
    pairs = Pairs()
    for application, expert, score, specialist in sorted((place[a], seat[e], s, k) for a, e, s, k in scored):
        pairs.add(application, expert, score, specialist=specialist)
    return Instance(tuple(ordered), tuple(pool), pairs)
