"""Plans equal brute force, proofs hold, forged ones don't, and a bottleneck is one: without it a plan is possible."""

from __future__ import annotations

import copy
import itertools
import random
from dataclasses import replace

from app.planning.solve import solve
from tests.oracles.plan_oracle import best, best_total, question, with_newcomers
from workflows.plan_checker import faults, impossible

CASES, FORGED, IMPOSSIBLE = 2000, 200, 500


def test_plans_equal_brute_force_and_the_checker_confirms_them():
    for seed in range(CASES):
        instance = question(seed)
        expected, answer = best(instance), solve(instance)
        if expected is None:
            assert answer["chosen"] is None, seed
            assert impossible(instance, answer["proof"]), seed
            continue
        assert (answer["floor"], answer["total"]) == (expected if instance.needed else (None, 0)), seed
        assert faults(instance, answer["chosen"], answer["floor"], answer["proof"]) == [], seed
        plain = solve(instance, floored=False)
        assert plain["total"] == best_total(instance), seed
        assert faults(instance, plain["chosen"], None, plain["proof"]) == [], seed


def test_the_same_question_has_the_same_answer():
    for seed in range(40):
        assert solve(question(seed)) == solve(question(seed))


def test_the_checker_refuses_forged_plans():
    refused = 0
    for seed in itertools.count():
        instance, rng = question(seed), random.Random(seed)
        answer = solve(instance)
        if not answer["chosen"]:
            continue
        forged = _forged(instance, copy.deepcopy(answer), rng)
        assert faults(instance, forged["chosen"], forged["floor"], forged["proof"]), (seed, forged)
        refused += 1
        if refused == FORGED:
            break


def _forged(instance, answer, rng):
    """Change one thing that makes the claim false: a pair twice, one left out, a better plan hidden, prices cut."""
    kind = rng.randrange(5)
    if kind == 0:
        answer["chosen"][0] = answer["chosen"][-1] if len(answer["chosen"]) > 1 else len(instance.pairs)
    elif kind == 1:
        answer["chosen"].pop()
    elif kind == 2:
        answer["floor"] += 1
    elif kind == 3:
        _lower(answer["proof"]["total"])
    else:
        answer["proof"]["total"] = answer["proof"]["floor"] = {
            "scale": 1, "reports": [0] * len(instance.needs), "places": [-1] * len(instance.readers),
            "countries": [], "others": [],
        }  # fmt: skip
    return answer


def _lower(tree):
    while "split" in tree:
        tree = tree["yes"]
    tree["reports"] = [price - 10**6 * (1 + index) for index, price in enumerate(tree["reports"])]
    tree["scale"] = 0


def test_every_bottleneck_is_one_because_a_plan_is_possible_without_it():
    found = 0
    for seed in itertools.count(10_000):
        instance = question(seed)
        answer = solve(instance)
        if answer["chosen"] is not None:
            continue
        assert impossible(instance, answer["proof"]), seed
        ways = answer["ways"]
        newcomers = {application: count for application, count, _theme in ways["newcomers"]}
        assert best(with_newcomers(instance, newcomers)) is not None, seed
        for application, count in newcomers.items():  # and with one report fewer by them it still is not
            assert best(with_newcomers(instance, newcomers | {application: count - 1})) is None, seed
        _other_ways_work(instance, ways, seed)
        found += 1
        if found == IMPOSSIBLE:
            break


def _other_ways_work(instance, ways, seed):
    if "fewer" in ways:
        less = dict(ways["fewer"])
        needs = tuple(replace(need, reports=need.reports - less.get(i, 0)) for i, need in enumerate(instance.needs))
        assert best(replace(instance, needs=needs)) is not None, seed
    if "places" in ways:
        experts, more = ways["places"]
        readers = tuple(
            replace(reader, places=reader.places + more) if j in experts else reader
            for j, reader in enumerate(instance.readers)
        )
        assert best(replace(instance, readers=readers)) is not None, seed
