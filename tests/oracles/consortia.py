"""Made-up consortia, rules and universes: small, so that everything can be tried, and odd, so that it is worth it."""

from __future__ import annotations

import random
from decimal import Decimal

from workflows.definition_rules import RuleKind as K
from workflows.definition_rules import RuleSpec, Severity, Where
from workflows.definition_rules import Subject as S
from workflows.repair_types import Place, Universe
from workflows.rules_facts import ConsortiumFacts, PartnerFacts

GROUPS = {"NORTH": frozenset({"SE", "FI"}), "SOUTH": frozenset({"IT", "ES"})}
ATLAS = [
    Place("SE", "SE1", "more_developed"), Place("SE", "SE2", "transition"), Place("FI", "FI1", "more_developed"),
    Place("FI", "FI2", "more_developed"), Place("IT", "IT1", "less_developed"), Place("IT", "IT2", "more_developed"),
    Place("IT", "IT3", "more_developed"), Place("ES", "ES1", "transition"), Place("RS", "RS0", "outside_eu"),
    Place("PL", "PL1", "less_developed"), Place("PL", "PL2", "less_developed"),
]  # fmt: skip
KINDS = ("cluster", "network", "centre")
THEMES = ("textiles", "photonics", "food")
COUNTABLE = (S.PARTNERS, S.PARTNERS, S.REGIONS, S.COUNTRIES)
VALUES = (S.COUNTRY, S.COUNTRY, S.REGION, S.KIND, S.THEMATIC_AREA)
MONEY = (S.REQUESTED_GRANT, S.TOTAL_ELIGIBLE_COST)
# What additions can mend, or break; the other rules are mostly stuck or met whatever one adds.
MENDED = (
    K.MIN_COUNT, K.MIN_COUNT, K.MIN_COUNT, K.MIN_DISTINCT, K.MIN_DISTINCT, K.EACH_GROUP_HAS, K.EACH_GROUP_HAS,
    K.MIN_SHARE, K.MAX_SHARE, K.MAX_COUNT, K.EXACTLY_ONE,
)  # fmt: skip
SHARES = tuple(Decimal(n) / 4 for n in range(5))


class Maker:
    """Makes one case after the other from a seed."""

    def __init__(self, seed):
        self.r = random.Random(seed)  # the same cases every time
        self.mended = self.r.choice((0.3, 1, 1))
        self.atlas = self.r.sample(ATLAS, self.r.randint(2, 6))

    def maybe(self, chance):
        return self.r.random() < chance

    def some(self, things, most=None):
        return tuple(self.r.sample(things, self.r.randint(1, most or len(things))))

    def where(self, *, empty=True):
        given = {}
        if self.maybe(0.08):
            given["role"] = self.r.choice(("coordinator", "partner"))
        if self.maybe(0.4):
            given["kind_in"] = self.some(KINDS, 2)
        if self.maybe(0.2):
            given["country_in"] = self.some(("NORTH", "SOUTH", "PL", "SE"), 2)
        if self.maybe(0.3):
            given["fund_category_in"] = self.some(("less_developed", "transition", "more_developed"), 2)
        if not given and not empty:
            given["kind_in"] = self.some(KINDS, 2)
        return Where(**given) if given else None

    def rule(self, number):
        kind = self.r.choice(MENDED if self.maybe(self.mended) else tuple(K))
        severity = Severity.BLOCKING if self.maybe(0.85) else Severity.WARNING
        return RuleSpec(id=f"r{number}", rule=kind, severity=severity, **getattr(self, f"_{kind.value}")())

    def _min_count(self):
        return {"of": self.r.choice(COUNTABLE), "where": self.where(), "value": Decimal(self.r.randint(1, 3))}

    def _max_count(self):
        return {"of": self.r.choice(COUNTABLE), "where": self.where(), "value": Decimal(self.r.randint(3, 6))}

    def _min_distinct(self):
        among = self.some(("NORTH", "SOUTH", "PL"), 2) if self.maybe(0.4) else ()
        of = S.COUNTRY if among else self.r.choice(VALUES)
        where = self.where() if self.maybe(0.4) else None
        return {"of": of, "among": among, "where": where, "value": Decimal(self.r.randint(1, 3))}

    def _each_group_has(self):
        least = Decimal(self.r.choice((1, 1, 2))) if self.maybe(0.7) else None
        return {"group_by": self.r.choice((S.REGION, S.COUNTRY)), "kind_in": self.some(KINDS, 2), "min": least}

    def _min_share(self):
        of = S.PARTNERS if self.maybe(0.7) else S.REQUESTED_GRANT
        return {"of": of, "where": self.where(empty=False), "value": self.r.choice(SHARES)}

    _max_share = _min_share

    def _exactly_one(self):
        return {"of": S.PARTNERS, "where": self.where(empty=False)}

    def _all_share(self):
        return {"of": self.r.choice(VALUES)}

    def _all_match(self):
        return {"of": S.PARTNERS, "where": self.where(empty=False)}

    def _all_accepted(self):
        return {"of": S.PARTNERS}

    def _lead_must_be(self):
        return {"where": self.where(empty=False)}

    def _max_value(self):
        return {"of": self.r.choice((*MONEY, S.MONTHS)), "value": Decimal(self.r.choice((50, 250)))}

    def _max_ratio(self):
        return {"of": S.REQUESTED_GRANT, "over": S.TOTAL_ELIGIBLE_COST, "value": self.r.choice(SHARES)}

    def _within(self):
        limits = {"min": Decimal(10), "max": Decimal(self.r.choice((50, 250)))}
        return {"of": self.r.choice((*MONEY, S.MONTHS))} | limits

    def partner(self, number, *, unknown):
        place = self.r.choice(self.atlas)
        here, there = not self.maybe(unknown), not self.maybe(unknown)
        return PartnerFacts(
            entity=f"e{number if not self.maybe(0.03) else 0}", name=f"P{number}",
            kinds=() if self.maybe(unknown) else self.some(KINDS, 2),
            country=place.country if here else None, region=place.region if here and there else None,
            fund_category=place.fund_category if here and there else "unknown",
            role="coordinator" if number == 0 and not self.maybe(0.1) else self.r.choice(("partner",) * 9 + ("associated",)),
            thematic_areas=() if self.maybe(unknown) else self.some(THEMES, 2), accepted=not self.maybe(0.04),
            share=None if self.maybe(0.1) else Decimal(self.r.randint(0, 4)),
        )  # fmt: skip

    def facts(self):
        unknown = self.r.choice((0, 0, 0.15))
        money = [Decimal(self.r.choice((0, 40, 200, 300))) if self.maybe(0.9) else None for _ in MONEY]
        return ConsortiumFacts(
            partners=tuple(self.partner(n, unknown=unknown) for n in range(self.r.randint(0, 6))),
            requested_grant=money[0], total_eligible_cost=money[1],
            months=self.r.choice((None, 24, 24, 60)), country_groups=GROUPS,
        )  # fmt: skip

    def universe(self):
        kinds = self.r.sample(
            [("cluster",), ("network",), ("centre",), ("cluster", "centre")], self.r.choice((1, 2, 2, 3))
        )
        themes = self.r.choice((((),), ((),), (("textiles",),), (("textiles",), ("food", "photonics"))))
        roles = ("partner", "coordinator") if self.maybe(0.1) else ("partner",)
        most = max(2, 12 // (len(kinds) * len(themes) * len(roles)))
        places = self.r.sample(self.atlas, min(len(self.atlas), self.r.randint(1, most)))
        return Universe(tuple(places), tuple(kinds), themes, roles)

    def case(self):
        rules = tuple(self.rule(n) for n in range(self.r.randint(1, 5)))
        universe = self.universe()
        profiles = len(list(universe.profiles()))
        return rules, self.facts(), universe, 3 if profiles <= 6 else 2
