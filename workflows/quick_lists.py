"""The lists of a ranking in whole numbers and without reasons: for asking the same question a thousand times."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from workflows.definition import CallDefinition, Direction, Moved, TieBreakBy
from workflows.public_draw import ticket_of
from workflows.ranking import BESIDE_SCORES, Entry, asks
from workflows.ranking_lists import Listed, limits_of

Key = tuple[object, ...]
LimitsInWhole = tuple[int | None, int | None]  # awards, money


class Quick:
    """One ranking, scaled once. Scores, thresholds and money come in and go out as whole numbers of these scales."""

    def __init__(
        self, call: CallDefinition, entries: Sequence[Entry], panel: Sequence[str] = (), seed: str = ""
    ) -> None:
        self.call = call
        self.entries = entries
        self.codes = [criterion.code for criterion in call.criteria]
        self.points = _scale([s for e in entries for s in e.scores.values()], self._numbers_of_points())
        self.weight = _scale([c.weight for c in call.criteria])
        self.cents = _scale([e.requested_grant for e in entries], self._amounts(), [Decimal("0.01")])
        self.weights = [self.whole(c.weight, self.weight) for c in call.criteria]
        self.scores = [[self.whole(e.scores[code], self.points) for code in self.codes] for e in entries]
        self.grants = [self.whole(e.requested_grant, self.cents) for e in entries]
        self.thresholds = [None if c.threshold is None else self.whole(c.threshold, self.points) for c in call.criteria]
        self.overall = None if call.overall_threshold is None else self.whole(call.overall_threshold, self.points)
        self.limits: dict[str, LimitsInWhole] = {
            code: (one.places, None if one.money is None else self.whole(one.money, self.cents))
            for code, one in limits_of(call).items()
        }
        self.strand = [e.strand if call.strands and e.strand in self.limits else "" for e in entries]
        self.last = [self._last(entry, panel, seed) for entry in entries]
        self.ties = [
            (-1 if rule.direction is Direction.DESC else 1, self.codes.index(rule.code or ""))
            if rule.by is TieBreakBy.CRITERION
            else (-1 if rule.direction is Direction.DESC else 1, None)
            for rule in call.tie_breaks
            if rule.by not in BESIDE_SCORES
        ]

    def _numbers_of_points(self) -> list[Decimal]:
        criteria = self.call.criteria
        given = [c.threshold for c in criteria] + [c.step for c in criteria] + [self.call.overall_threshold]
        return [number for number in given if number is not None]

    def _amounts(self) -> list[Decimal]:
        found = [one.money for one in limits_of(self.call).values()] + [t.most for t in self.call.transfers]
        return [number for number in found if number is not None]

    def whole(self, number: Decimal, scale: int) -> int:
        return int(number.scaleb(scale))

    def _last(self, entry: Entry, panel: Sequence[str], seed: str) -> tuple[int, str]:
        place = len(panel)
        if asks(self.call, TieBreakBy.PANEL_DECISION) and entry.key in panel:
            place = panel.index(entry.key)
        return place, ticket_of(seed, entry.drawn_as) if seed and asks(self.call, TieBreakBy.DRAW) else ""

    def passes(self, scores: Sequence[int]) -> bool:
        for score, least in zip(scores, self.thresholds, strict=True):
            if least is not None and score < least:
                return False
        return self.overall is None or sum(scores) >= self.overall

    def key(self, index: int, scores: Sequence[int]) -> Key:
        """What an application is ordered by, were these its scores: the smallest stands first."""
        total = sum(scores)
        weighted = sum(score * weight for score, weight in zip(scores, self.weights, strict=True))
        ties = [sign * (total if at is None else scores[at]) for sign, at in self.ties]
        return (not self.passes(scores), -weighted, *ties, *self.last[index])

    def keys(self) -> list[Key]:
        return [self.key(index, scores) for index, scores in enumerate(self.scores)]

    def listed(self, keys: Sequence[Key], limits: Mapping[str, LimitsInWhole] | None = None) -> tuple[Listed, ...]:
        """The list of each entry, in the order they were given in."""
        groups = self.groups(keys)
        has = self.after_transfers(groups, limits)
        found = [Listed.REJECTED] * len(keys)
        for code, ranked in groups.items():
            self._write(found, ranked, has[code])
        return tuple(found)

    def after_transfers(
        self, groups: Mapping[str, list[list[int]]], limits: Mapping[str, LimitsInWhole] | None = None
    ) -> dict[str, LimitsInWhole]:
        """Awards and money of each strand once what is left over was moved."""
        has = dict(self.limits if limits is None else limits)
        for transfer in self.call.transfers:
            kind = 1 if transfer.of is Moved.MONEY else 0
            giver, taker = has[transfer.giver], has[transfer.taker]
            left = self._fall(groups[transfer.giver], giver)[1][kind]
            if left is None or taker[kind] is None:
                continue
            most = left if transfer.most is None else self.whole(transfer.most, self.cents if kind else 0)
            moved = min(left, most)
            has[transfer.giver] = _added(giver, kind, -moved)
            has[transfer.taker] = _added(taker, kind, moved)
        return has

    def groups(self, keys: Sequence[Key]) -> dict[str, list[list[int]]]:
        """Passing entries of each strand, best first, equals together."""
        found: dict[str, list[list[int]]] = {code: [] for code in self.limits}
        for index in sorted(range(len(keys)), key=keys.__getitem__):
            if keys[index][0]:
                continue
            ranked = found[self.strand[index]]
            if ranked and keys[ranked[-1][0]] == keys[index]:
                ranked[-1].append(index)
            else:
                ranked.append([index])
        return found

    def _fall(self, ranked: list[list[int]], limits: LimitsInWhole) -> tuple[int, LimitsInWhole]:
        """How many groups are awarded, and what is left then."""
        places, money = limits
        for count, group in enumerate(ranked):
            asked = sum(self.grants[index] for index in group)
            if (places is not None and len(group) > places) or (money is not None and asked > money):
                return count, (places, money)
            places = None if places is None else places - len(group)
            money = None if money is None else money - asked
        return len(ranked), (places, money)

    def _write(self, found: list[Listed], ranked: list[list[int]], limits: LimitsInWhole) -> None:
        awarded, (places, money) = self._fall(ranked, limits)
        beyond = Listed.REJECTED if self.call.award is not None and not self.call.award.reserve else Listed.RESERVE
        for count, group in enumerate(ranked):
            listed = Listed.AWARDED if count < awarded else beyond
            if count == awarded and len(group) > 1 and (places is None or places >= 1):
                fits = money is None or any(self.grants[index] <= money for index in group)
                listed = Listed.UNDECIDED if fits else beyond
            for index in group:
                found[index] = listed


def _added(limits: LimitsInWhole, kind: int, more: int) -> LimitsInWhole:
    places, money = limits
    return (places, (money or 0) + more) if kind else ((places or 0) + more, money)


def _scale(*groups: Sequence[Decimal]) -> int:
    """How many decimal places all of these numbers need."""
    return max((-int(n.normalize().as_tuple().exponent) for group in groups for n in group), default=0) if groups else 0
