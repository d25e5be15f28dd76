"""How sure is a rank: the reports of a call differ, so the same applications read again would stand otherwise.

Each report's distance from the mean of its application is put into one pool for the call, widened by n/(n-1) because a
mean lies too near to its own reports. Then every application gets as many of them as it had reports, at random, their
mean is added to its agreed scores, and all are ranked anew: a thousand times, always the same for the same chance.
Advice alone: no agreed score, rank or list is touched. A whole report's distances stay together, criterion by criterion.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Protocol

from workflows.quick_lists import LimitsInWhole, Quick
from workflows.what_if import Inputs

DRAWS = 1000
LEAST_DISTANCES, LEAST_APPLICATIONS = 12, 4  # fewer say nothing about how reports differ
TABLE = 2048  # mean distances made beforehand for one number of reports; a power of two, so that bits choose one
OUTSIDE = 0.05  # on either side of the interval
TOSS = (0.25, 0.75)
FAILED = 1e9  # behind everybody who passes


class Chance(Protocol):
    """Where trials come from: the same bytes give the same trials."""

    def bytes(self, count: int) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Sureness:
    """One application: its rank as agreed, where nine of ten trials put it, and how often it was awarded."""

    key: str
    rank: int
    lowest: int
    highest: int
    above: float

    @property
    def is_toss(self) -> bool:
        return TOSS[0] <= self.above <= TOSS[1]


@dataclass(frozen=True, slots=True)
class Certainty:
    """All applications in the order of the ranking; empty and `too_thin` where too few reports can be compared."""

    lines: tuple[Sureness, ...]
    too_thin: bool
    draws: int

    @property
    def tosses(self) -> tuple[Sureness, ...]:
        """What to discuss first: nearest to even odds first."""
        return tuple(sorted((one for one in self.lines if one.is_toss), key=lambda one: abs(one.above - 0.5)))


@dataclass(frozen=True, slots=True)
class _Table:
    """Mean distances of as many reports as an application has: with weights, and in order by criterion and in all."""

    weighted: list[float]
    each: list["_Ordered"]
    plain: "_Ordered"


@dataclass(frozen=True, slots=True)
class _Ordered:
    """Distances, the lowest first, and the places of the table they are of."""

    values: list[float]
    places: list[int]

    def below(self, least: float) -> list[int]:
        return self.places[: bisect_left(self.values, least)]


def _ordered(values: list[float]) -> _Ordered:
    places = sorted(range(len(values)), key=values.__getitem__)
    return _Ordered([values[place] for place in places], places)


def certainty(inputs: Inputs, chance: Chance, *, draws: int = DRAWS) -> Certainty:
    """Resample the reports beneath the agreed scores. The same inputs and the same chance give the same answer."""
    pool = _distances(inputs)
    compared = sum(count > 1 for count in _counts(inputs).values())
    if len(pool) < LEAST_DISTANCES or compared < LEAST_APPLICATIONS or not inputs.entries:
        return Certainty((), True, draws)
    return _Resampling(inputs, pool, chance, draws).answer()


def _counts(inputs: Inputs) -> dict[str, int]:
    found: dict[str, int] = {}
    for report in inputs.reports:
        found[report.application] = found.get(report.application, 0) + 1
    return found


def _distances(inputs: Inputs) -> list[list[float]]:
    codes = [criterion.code for criterion in inputs.call.criteria]
    of: dict[str, list[list[float]]] = {}
    for report in inputs.reports:
        if all(code in report.scores for code in codes):
            of.setdefault(report.application, []).append([float(report.scores[code]) for code in codes])
    pool = []
    for given in of.values():
        count = len(given)
        if count > 1:
            means = [sum(column) / count for column in zip(*given, strict=True)]
            wider = sqrt(count / (count - 1))
            pool += [[(s - m) * wider for s, m in zip(scores, means, strict=True)] for scores in given]
    return pool


class _Resampling:
    def __init__(self, inputs: Inputs, pool: list[list[float]], chance: Chance, draws: int) -> None:
        self.inputs, self.pool, self.chance, self.draws = inputs, pool, chance, draws
        self.quick = Quick(inputs.call, inputs.entries, inputs.panel, inputs.seed)
        self.weights = [float(criterion.weight) for criterion in inputs.call.criteria]
        self.tables: dict[int, _Table] = {}

    def answer(self) -> Certainty:
        quick, lines = self.quick, []
        tried = list(zip(*self._values(), strict=True))
        ranks: list[list[int]] = [[] for _entry in quick.entries]
        above = [0] * len(quick.entries)
        members = {code: [i for i, s in enumerate(quick.strand) if s == code] for code in quick.limits}
        for values in tried:
            orders = {code: sorted(found, key=values.__getitem__) for code, found in members.items()}
            for order in orders.values():
                for place, index in enumerate(order, start=1):
                    ranks[index].append(place)
            for index in self._awarded(orders, values):
                above[index] += 1
        now = self._ranks_now()
        cut = int(self.draws * OUTSIDE)
        for index, entry in enumerate(quick.entries):
            given = sorted(ranks[index])
            lines.append(Sureness(entry.key, now[index], given[cut], given[-1 - cut], above[index] / self.draws))
        lines.sort(key=lambda one: one.rank)
        return Certainty(tuple(lines), False, self.draws)

    def _ranks_now(self) -> list[int]:
        keys = self.quick.keys()
        found = [0] * len(keys)
        for code in self.quick.limits:
            inside = sorted((i for i, s in enumerate(self.quick.strand) if s == code), key=keys.__getitem__)
            for place, index in enumerate(inside, start=1):
                same = place > 1 and keys[inside[place - 2]] == keys[index]
                found[index] = found[inside[place - 2]] if same else place
        return found

    def _values(self) -> list[list[float]]:
        """For each application what it is ordered by in each trial: the smallest stands first."""
        counts = _counts(self.inputs)
        order = {
            index: place
            for place, index in enumerate(sorted(range(len(self.quick.scores)), key=self.quick.keys().__getitem__))
        }
        usual = self.inputs.call.evaluation.reports_per_application if self.inputs.call.evaluation else 3
        found = []
        for index, scores in enumerate(self.quick.scores):
            table = self._table(counts.get(self.quick.entries[index].key, usual))
            picks = self._picks()
            points = [score / 10**self.quick.points for score in scores]
            # Equals stay in the order they are agreed in: far too little to move anybody else.
            base = order[index] * 1e-9 - sum(p * w for p, w in zip(points, self.weights, strict=True))
            values = [base - table.weighted[pick] for pick in picks]
            fails = self._fails(points, table, picks)
            found.append([v + FAILED if f else v for v, f in zip(values, fails, strict=True)] if fails else values)
        return found

    def _picks(self) -> list[int]:
        """As many places of a table as there are trials: two random bytes for each, three times as fast as one by one."""
        drawn = self.chance.bytes(2 * self.draws)
        return [(high << 8 | low) & (TABLE - 1) for low, high in zip(drawn[::2], drawn[1::2], strict=True)]

    def _fails(self, points: list[float], table: _Table, picks: Sequence[int]) -> list[bool]:
        """Which trials miss a threshold; empty where none can."""
        scale = 10**self.quick.points
        asked = [
            (least / scale - have - 1e-9, each)
            for least, have, each in zip(self.quick.thresholds, points, table.each, strict=True)
            if least is not None
        ]
        if self.quick.overall is not None:
            asked.append((self.quick.overall / scale - sum(points) - 1e-9, table.plain))
        failing = {place for needs, each in asked for place in each.below(needs)}
        return [pick in failing for pick in picks] if failing else []

    def _table(self, count: int) -> _Table:
        if count not in self.tables:
            rows = [[sum(column) / count for column in zip(*self._some(count), strict=True)] for _n in range(TABLE)]
            weighted = [sum(d * w for d, w in zip(row, self.weights, strict=True)) for row in rows]
            each = [_ordered(list(column)) for column in zip(*rows, strict=True)]
            self.tables[count] = _Table(weighted, each, _ordered([sum(row) for row in rows]))
        return self.tables[count]

    def _some(self, count: int) -> list[list[float]]:
        drawn = self.chance.bytes(4 * count)
        return [self.pool[int.from_bytes(drawn[at : at + 4]) % len(self.pool)] for at in range(0, 4 * count, 4)]

    def _awarded(self, orders: Mapping[str, list[int]], values: Sequence[float]) -> list[int]:
        has = dict(self.quick.limits)
        if self.inputs.call.transfers:
            has = self.quick.after_transfers(
                {code: [[i] for i in order if values[i] < FAILED / 2] for code, order in orders.items()}
            )
        return [index for code, order in orders.items() for index in self._fall(order, values, has[code])]

    def _fall(self, order: list[int], values: Sequence[float], limits: LimitsInWhole) -> list[int]:
        places, money = limits
        found: list[int] = []
        for index in order:
            if values[index] > FAILED / 2 or (places is not None and len(found) >= places):
                break
            if money is not None:
                money -= self.quick.grants[index]
                if money < 0:
                    break
            found.append(index)
        return found
