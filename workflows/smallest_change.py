"""The smallest change that would alter the outcome: one score, one threshold, the awards, or the money.

The outcome is the list each application stands in. Smallest is counted in the change's own unit: points, awards, money.
Every change of that size which alters the outcome is given; an exhaustive search on small cases finds the same.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from workflows.definition import CallDefinition
from workflows.quick_lists import Key, LimitsInWhole, Quick
from workflows.ranking import Entry
from workflows.ranking_lists import Listed


class ChangeOf(StrEnum):
    SCORE = "score"
    THRESHOLD = "threshold"
    AWARDS = "awards"
    MONEY = "money"


@dataclass(frozen=True, slots=True)
class Change:
    """One change, and who would stand in another list by it: (key, was, becomes)."""

    of: ChangeOf
    size: Decimal
    becomes: Decimal
    key: str = ""  # of the application whose score changes
    code: str = ""  # of the criterion; empty for the overall threshold
    strand: str = ""
    crossing: tuple[tuple[str, Listed, Listed], ...] = ()


def smallest_changes(
    call: CallDefinition, entries: Sequence[Entry], panel: Sequence[str] = (), seed: str = ""
) -> tuple[Change, ...]:
    """All smallest changes of each kind that alter the outcome; none of a kind where no change of it does.

    Money is not asked where the call moves money between strands: a cent may go three ways then.
    """
    search = _Search(Quick(call, entries, panel, seed))
    kinds = (search.scores(), search.thresholds(), search.awards(), search.money())
    return tuple(change for found in kinds for change in found)


class _Search:
    def __init__(self, quick: Quick) -> None:
        self.quick = quick
        self.keys = quick.keys()
        self.outcome = quick.listed(self.keys)
        self.cut = self._cuts()

    def _cuts(self) -> dict[str, Key | None]:
        """The key of the first that is not awarded in each strand; None where all that pass are."""
        groups = self.quick.groups(self.keys)
        return {
            code: next((self.keys[g[0]] for g in ranked if self.outcome[g[0]] is not Listed.AWARDED), None)
            for code, ranked in groups.items()
        }

    def _crossing(self, outcome: Sequence[Listed]) -> tuple[tuple[str, Listed, Listed], ...]:
        pairs = zip(self.quick.entries, self.outcome, outcome, strict=True)
        return tuple((entry.key, was, becomes) for entry, was, becomes in pairs if was is not becomes)

    def scores(self) -> list[Change]:
        """By how many points one score of one application would have to differ, on the criterion's steps."""
        criteria = self.quick.call.criteria
        sizes = sorted({n * c.step for c in criteria for n in range(1, int(c.max_points / c.step) + 1)})
        for size in sizes:
            found = [change for at, c in enumerate(criteria) if not size % c.step for change in self._moved(at, size)]
            if found:
                return found
        return []

    def _moved(self, at: int, size: Decimal) -> Iterator[Change]:
        quick, criterion = self.quick, self.quick.call.criteria[at]
        step, most = quick.whole(size, quick.points), quick.whole(criterion.max_points, quick.points)
        for index, scores in enumerate(quick.scores):
            for new in (scores[at] + step, scores[at] - step):
                if not 0 <= new <= most:
                    continue
                key = quick.key(index, [*scores[:at], new, *scores[at + 1 :]])
                if self._stays(index, key):
                    continue
                outcome = quick.listed([*self.keys[:index], key, *self.keys[index + 1 :]])
                if crossing := self._crossing(outcome):
                    becomes = Decimal(new).scaleb(-quick.points)
                    yield Change(
                        ChangeOf.SCORE, size, becomes, quick.entries[index].key, criterion.code, crossing=crossing
                    )

    def _stays(self, index: int, key: Key) -> bool:
        """Whether it is plain that nothing changes: it stays among those awarded, behind the cut, or below."""
        if self.quick.call.transfers:
            return key == self.keys[index]
        cut, before = self.cut[self.quick.strand[index]], self.keys[index]
        if key[0] != before[0]:
            return False
        if key[0] or cut is None:
            return True
        return (before < cut and key < cut) or (before > cut and key > cut)

    def thresholds(self) -> list[Change]:
        """By how many points one threshold would have to differ."""
        criteria = self.quick.call.criteria
        steps = [c.step for c in criteria]
        asked = [(at, c.step, c.max_points) for at, c in enumerate(criteria) if c.threshold is not None]
        if self.quick.call.overall_threshold is not None:
            asked.append((len(criteria), min(steps), self.quick.call.max_points))
        sizes = sorted({n * step for _at, step, most in asked for n in range(1, int(most / step) + 1)})
        for size in sizes:
            found = [c for at, step, most in asked if not size % step for c in self._threshold(at, size, most)]
            if found:
                return found
        return []

    def _threshold(self, at: int, size: Decimal, most: Decimal) -> Iterator[Change]:
        quick = self.quick
        overall = at == len(quick.codes)
        known = quick.overall if overall else quick.thresholds[at]
        reached = sorted(sum(scores) if overall else scores[at] for scores in quick.scores)
        by = quick.whole(size, quick.points)
        for new in (known + by, known - by) if known is not None else ():
            touched = bisect_left(reached, min(known or 0, new)) != bisect_left(reached, max(known or 0, new))
            if not 0 <= new <= quick.whole(most, quick.points) or not touched:
                continue
            self._set(at, new)
            crossing = self._crossing(quick.listed(quick.keys()))
            self._set(at, known)
            if crossing:
                code = "" if overall else quick.codes[at]
                becomes = Decimal(new).scaleb(-quick.points)
                yield Change(ChangeOf.THRESHOLD, size, becomes, code=code, crossing=crossing)

    def _set(self, at: int, least: int | None) -> None:
        if at == len(self.quick.codes):
            self.quick.overall = least
        else:
            self.quick.thresholds[at] = least

    def awards(self) -> list[Change]:
        """By how many awards more or fewer."""
        limited = [
            (code, places)
            for code, (places, _money) in self.quick.limits.items()
            if places is not None and code in self._named()
        ]
        for size in range(1, len(self.quick.entries) + max((places for _c, places in limited), default=0) + 1):
            found = []
            for code, places in limited:
                for new in (places + size, places - size):
                    limits = (new, self.quick.limits[code][1])
                    if new >= 0 and (crossing := self._with(code, limits)):
                        found.append(
                            Change(ChangeOf.AWARDS, Decimal(size), Decimal(new), strand=code, crossing=crossing)
                        )
            if found:
                return found
        return []

    def _named(self) -> set[str]:
        return {strand.code for strand in self.quick.call.strands} or {""}

    def _with(self, code: str, limits: LimitsInWhole) -> tuple[tuple[str, Listed, Listed], ...]:
        return self._crossing(self.quick.listed(self.keys, {**self.quick.limits, code: limits}))

    def money(self) -> list[Change]:
        """By how much money more or less: only sums that some groups ask for together can make a difference."""
        if self.quick.call.transfers:
            return []
        tries = sorted(
            (abs(new - money), new, code)
            for code, (_places, money) in self.quick.limits.items()
            if money is not None and code in self._named()
            for new in self._sums(code, money)
        )
        found: list[Change] = []
        for size, new, code in tries:
            if found and size > self.quick.whole(found[0].size, self.quick.cents):
                break
            if crossing := self._with(code, (self.quick.limits[code][0], new)):
                amount = Decimal(size).scaleb(-self.quick.cents), Decimal(new).scaleb(-self.quick.cents)
                found.append(Change(ChangeOf.MONEY, *amount, strand=code, crossing=crossing))
        return found

    def _sums(self, code: str, money: int) -> set[int]:
        """Where the outcome can change: at a sum when there is more money, one unit below it when there is less."""
        sums, found = 0, set()
        unit = self.quick.whole(Decimal("0.01"), self.quick.cents)
        for group in self.quick.groups(self.keys)[code]:
            grants = [self.quick.grants[index] for index in group]
            found |= {sums + grant for grant in grants} | {sums + sum(grants)}
            sums += sum(grants)
        raised, lowered = {at for at in found if at > money}, {at - unit for at in found if at <= money}
        return raised | {at for at in lowered if at >= 0}
