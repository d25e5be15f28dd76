"""A second opinion on rankings: from plain texts, in whole thousandths, pair by pair, and no line of the product's own."""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cache, cached_property

STEPS = ("0.5", "1", "0.25", "0.1", "0.01")
WEIGHTS = ("1", "1", "2", "0.5", "1.1", "0.333")


@dataclass(frozen=True)
class Panel:
    """One made-up panel, numbers as texts: what a call file and the agreed reports say."""

    criteria: tuple[tuple[str, str, str, str | None, str], ...]  # code, points, step, threshold, weight
    overall: str | None
    ties: tuple[tuple[str, str | None, str], ...]  # by, code, direction
    places: int | None
    money: str | None
    reserve: bool
    scores: dict[str, dict[str, str]]
    grants: dict[str, str]
    order: tuple[str, ...]  # as the panel gave it
    seed: str = ""  # of the public draw
    strands: tuple[tuple[str, int | None, str | None], ...] = ()  # code, places, money
    transfers: tuple[tuple[str, str, str, str | None], ...] = ()  # from, to, what, at most
    strand_of: dict[str, str] = field(default_factory=dict)

    @cached_property
    def numbers(self) -> dict[str, dict[str, int]]:
        return {key: {code: whole(score) for code, score in given.items()} for key, given in self.scores.items()}

    @cached_property
    def totals(self) -> dict[str, int]:
        """In thousandths, without weights."""
        return {key: sum(given.values()) for key, given in self.numbers.items()}

    @cached_property
    def weighted(self) -> dict[str, int]:
        """In millionths: thousandths of points times thousandths of weights."""
        weights = {code: whole(weight) for code, _p, _s, _t, weight in self.criteria}
        return {key: sum(given[code] * weights[code] for code in weights) for key, given in self.numbers.items()}

    @cached_property
    def passing(self) -> set[str]:
        return {key for key in self.scores if self._passes(key)}

    def _passes(self, key: str) -> bool:
        for code, _points, _step, least, _weight in self.criteria:
            if least is not None and self.numbers[key][code] < whole(least):
                return False
        return self.overall is None or self.totals[key] >= whole(self.overall)

    def better(self, one: str, other: str) -> bool:
        """Whether one application stands before another by a rule; equals stand before neither."""
        if (one in self.passing) != (other in self.passing):
            return one in self.passing
        if self.weighted[one] != self.weighted[other]:
            return self.weighted[one] > self.weighted[other]
        for by, code, direction in self.ties:
            if by in ("panel_decision", "draw"):
                continue
            mine, theirs = (self.totals[k] if by == "total" else self.numbers[k][code or ""] for k in (one, other))
            if mine != theirs:
                return (mine > theirs) == (direction == "desc")
        asked = [by for by, _code, _direction in self.ties]
        place = {key: n for n, key in enumerate(self.order)} if "panel_decision" in asked else {}
        mine, theirs = place.get(one, len(place)), place.get(other, len(place))
        if mine != theirs:
            return mine < theirs
        return bool("draw" in asked and self.seed and self.ticket(one) < self.ticket(other))

    def ticket(self, key: str) -> int:
        return int.from_bytes(hashlib.sha256(f"{self.seed}:{key}".encode("ascii")).digest(), "big")

    def ranks(self) -> dict[str, int]:
        """One more than the number of those before it in its strand."""
        strand = {key: self.strand_of.get(key, "") for key in self.scores}
        return {
            key: 1 + sum(self.better(other, key) for other in self.scores if strand[other] == strand[key])
            for key in self.scores
        }

    def lists(self) -> dict[str, str]:
        """Each strand alone; after a transfer both fall again from the top with what they have then."""
        if not self.strands:
            return self._fall(list(self.scores), self.places, None if self.money is None else whole(self.money))[0]
        has = {code: [places, None if money is None else whole(money)] for code, places, money in self.strands}
        of = {code: [key for key in self.scores if self.strand_of.get(key) == code] for code in has}
        for giver, taker, what, most in self.transfers:
            kind = 0 if what == "awards" else 1
            left = self._fall(of[giver], has[giver][0], has[giver][1])[1][kind]
            if left is None or has[taker][kind] is None:
                continue
            moved = left if most is None else min(left, int(most) if kind == 0 else whole(most))
            has[giver][kind] = (has[giver][kind] or 0) - moved
            has[taker][kind] = (has[taker][kind] or 0) + moved
        found: dict[str, str] = {}
        for code, keys in of.items():
            found |= self._fall(keys, has[code][0], has[code][1])[0]
        return found

    def _fall(
        self, keys: list[str], places: int | None, money: int | None
    ) -> tuple[dict[str, str], tuple[int | None, int | None]]:
        """Group by group down the ranks: what all of them together ask must fit into what is left."""
        all_ranks, found = self.ranks(), {}
        ranks = {key: all_ranks[key] for key in keys}
        ended = False
        beyond = "reserve" if self.reserve else "rejected"
        for rank in sorted(set(ranks.values())):
            group = [key for key in ranks if ranks[key] == rank]
            if group[0] not in self.passing:
                found |= dict.fromkeys(group, "rejected")
                continue
            asked = sum(whole(self.grants[key]) for key in group)
            if not ended and (places is None or len(group) <= places) and (money is None or asked <= money):
                found |= dict.fromkeys(group, "awarded")
                places = None if places is None else places - len(group)
                money = None if money is None else money - asked
                continue
            one_fits = (places is None or places >= 1) and (
                money is None or any(whole(self.grants[key]) <= money for key in group)
            )
            found |= dict.fromkeys(group, "undecided" if not ended and len(group) > 1 and one_fits else beyond)
            ended = True
        return found, (places, money)


def panel(seed: int) -> Panel:
    """Make a small panel where equals and scores just at, above and below a threshold are common."""
    chance = random.Random(seed)
    criteria = tuple(_criterion(chance, f"C{n}") for n in range(1, chance.randint(1, 4) + 1))
    keys = [f"a{n}" for n in range(chance.randint(1, 7))]
    most = sum(Fraction(points) for _c, points, _s, _t, _w in criteria)
    scores = {key: {c[0]: _score(chance, c) for c in criteria} for key in keys}
    if len(keys) > 1 and chance.random() < 0.5:
        scores[keys[0]] = dict(scores[keys[1]])
    sums = [sum(Fraction(s) for s in given.values()) for given in scores.values()]
    overall = chance.choice(
        [None, _text(most / 2), _text(chance.choice(sums)), _text(chance.choice(sums) + Fraction(1, 100))]
    )
    order = chance.sample(keys, chance.randint(0, len(keys)))
    ties = tuple(_tie(chance, criteria) for _n in range(chance.randint(0, 3)))
    apart = chance.random() < 0.4
    strands = tuple(_strand(chance, code) for code in "ABC"[: chance.randint(1, 3)]) if apart else ()
    codes = [code for code, _places, _money in strands]
    return Panel(
        criteria=criteria,
        overall=overall,
        ties=(*ties, ("draw", None, "desc")) if chance.random() < 0.3 else ties,
        places=chance.choice([None, *range(len(keys) + 1)]),
        money=chance.choice([None, "0", "250.00", "299.99", "300", "1000"]),
        reserve=chance.random() < 0.7,
        scores=scores,
        grants={key: chance.choice(["100", "100", "99.99", "100.01", "0", "150"]) for key in keys},
        order=tuple(order),
        seed=chance.choice(["", f"{seed:064x}"]),
        strands=strands,
        transfers=tuple(_transfer(chance, codes) for _n in range(chance.randint(0, 3))) if len(codes) > 1 else (),
        strand_of={key: chance.choice(codes) for key in keys} if codes else {},
    )


LARGEST = "999999999999"  # euros that a call may hold


def with_large_sums(made: Panel, seed: int) -> Panel:
    """The same panel with grants as large as numbers may be, so that cents decide at twelve places before the point."""
    chance = random.Random(seed)

    def raised(money: str | None, times: int) -> str | None:
        return None if money is None else _text(Fraction(money) + times * Fraction(LARGEST))

    grants = {key: raised(grant, 1) or "" for key, grant in made.grants.items()}
    strands = tuple((code, places, raised(money, chance.randint(0, 2))) for code, places, money in made.strands)
    return replace(made, grants=grants, money=raised(made.money, chance.randint(0, len(grants))), strands=strands)


def _strand(chance: random.Random, code: str) -> tuple[str, int | None, str | None]:
    return code, chance.choice([None, 0, 1, 2, 3]), chance.choice([None, "0", "99.99", "100", "200.01", "250.00"])


def _transfer(chance: random.Random, codes: list[str]) -> tuple[str, str, str, str | None]:
    giver, taker = chance.sample(codes, 2)
    what = chance.choice(["money", "awards"])
    return giver, taker, what, chance.choice([None, "1", "2"] if what == "awards" else [None, "0.01", "100", "99.99"])


def _criterion(chance: random.Random, code: str) -> tuple[str, str, str, str | None, str]:
    points, step = chance.choice(("5", "10", "30")), chance.choice(STEPS)
    least = chance.choice([None, _text(Fraction(points) / 2), _text(Fraction(step) * 2)])
    return code, points, step, least, chance.choice(WEIGHTS)


def _score(chance: random.Random, criterion: tuple[str, str, str, str | None, str]) -> str:
    _code, points, step, least, _weight = criterion
    around = Fraction(least if least is not None else points) + chance.choice((-1, 0, 0, 1)) * Fraction(step)
    return _text(min(max(around, Fraction(0)), Fraction(points)))


def _tie(
    chance: random.Random, criteria: tuple[tuple[str, str, str, str | None, str], ...]
) -> tuple[str, str | None, str]:
    by = chance.choice(("criterion", "total", "panel_decision"))
    return by, chance.choice(criteria)[0] if by == "criterion" else None, chance.choice(("desc", "asc"))


@cache
def whole(text: str) -> int:
    """Read a number of at most three places in thousandths."""
    before, _point, after = text.partition(".")
    return int(before + after.ljust(3, "0"))


def _text(number: Fraction) -> str:
    """Write out a number of at most three places."""
    before, after = divmod(number.numerator * 1000 // number.denominator, 1000)
    return f"{before}.{after:03}"
