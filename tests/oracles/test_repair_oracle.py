"""Verdicts, smallest repairs and their minimality agree with a second opinion that tries everything.

The suite tries 2,000 cases; `ESCP_ORACLE_CASES=10000 pytest tests/oracles` tries as many as one likes.
"""

from __future__ import annotations

import os
from itertools import product

from tests.oracles.consortia import Maker
from tests.oracles.consortium_oracle import NO, OPEN, judge, opinion
from workflows.definition_rules import Severity
from workflows.repair import Gap, without
from workflows.repair_types import NEW, Limits
from workflows.rules import evaluate

EVERY = 4  # who would have to leave is tried in every fourth case: it takes an opinion for each partner
CASES = int(os.environ.get("ESCP_ORACLE_CASES", "2000"))


def concrete(gap, repair):
    """Every set of profiles a repair stands for."""
    search = gap.search
    choices = [list(_who(search, addition)) for addition in repair.additions]
    for chosen in product(*choices):
        spots, profiles = [spot for spot, _p in chosen], [profile for _s, profile in chosen]
        countries = [(spot.country, p.place.country) for spot, p in zip(spots, profiles, strict=True)]
        regions = [(spot.region, p.place.region) for spot, p in zip(spots, profiles, strict=True)]
        if _apart(countries) and _apart(regions):
            yield tuple(sorted(profiles))


def _who(search, addition):
    kinds = [bundle for n in addition.kinds for bundle in search.classes.kinds[n]]
    themes = [bundle for n in addition.themes for bundle in search.classes.themes[n]]
    for profile in search.universe.profiles():
        here = search.spot_of(profile.place)
        if profile.kinds in kinds and profile.themes in themes and profile.role in addition.roles:
            yield from ((spot, profile) for spot in addition.spots if spot.alone() == here)


def _apart(labelled):
    """New ones are different, unless tied together."""
    new = [(label, code) for label, code in labelled if label.startswith(NEW)]
    for n, (label, code) in enumerate(new):
        for other, its in new[:n]:
            if (code == its) != (label == other != NEW):
                return False
    return True


def compare(gap, facts, found, theirs):
    assert found.size == theirs.size
    if found.size is None:
        assert frozenset(found.stuck) == theirs.stuck
        return
    on_these_facts = gap if facts is gap.facts else None
    if on_these_facts is not None:
        assert {c for repair in found.repairs for c in concrete(gap, repair)} == set(theirs.sets)
    for repair in found.repairs:
        example = sorted(repair.example)
        assert tuple(example) in theirs.sets
        for n in range(len(example)):
            assert tuple(example[:n] + example[n + 1 :]) not in theirs.enough, "each addition is needed"


def check(seed):
    rules, facts, universe, most = Maker(seed).case()
    before = {rule: judge(rule, facts) for rule in rules}
    assert {r.rule: r.answer.value for r in evaluate(rules, facts)} == before

    gap = Gap(rules, facts, universe, Limits(additions=most))
    theirs = opinion(rules, before, facts, universe, most)
    blocking = [rule for rule in rules if rule.severity is Severity.BLOCKING]
    assert list(gap.found.broken) == [rule for rule in blocking if before[rule] == NO]
    assert list(gap.found.unsure) == [rule for rule in blocking if before[rule] == OPEN]
    assert not gap.found.cut
    assert not gap.found.given_up
    compare(gap, facts, gap.found, theirs)
    if theirs.size is None and seed % EVERY == 0:
        check_removals(gap, rules, before, most)
    return theirs


def check_removals(gap, rules, before, most):
    entities = {p.entity for p in gap.facts.partners if p.role != "associated"}
    after = {e: opinion(rules, before, without(gap.facts, e), gap.universe, most) for e in entities}
    best = min((o.size for o in after.values() if o.size is not None), default=None)
    assert {r.entity for r in gap.outcome.removals} == {e for e, o in after.items() if o.size == best is not None}
    for removal in gap.outcome.removals:
        compare(gap, None, removal.found, after[removal.entity])


def test_ten_thousand_consortia_are_judged_and_mended_as_the_oracle_does():
    sizes: dict[int | None, int] = {}
    for seed in range(CASES):
        try:
            size = check(seed).size
        except AssertionError as failed:
            raise AssertionError(f"case {seed}: {failed}") from failed
        sizes[size] = sizes.get(size, 0) + 1

    assert {0, 1, 2, 3, None} <= set(sizes), "the cases are worth the while"
