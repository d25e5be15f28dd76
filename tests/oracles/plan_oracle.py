"""Small assignment questions and their answers by trying everything; shares no code with the solver or the checker."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator

from workflows.plan_instance import Instance, Need, Reader, instance_of


def question(seed: int) -> Instance:
    """Make one of the small questions: up to four applications and five experts, rules on the panel or none."""
    rng = random.Random(seed)
    needs = [
        Need(f"a{i}", rng.choice([0, 1, 1, 2, 2, 3]), rng.random() < 0.6, rng.random() < 0.6)
        for i in range(rng.randint(1, 4))
    ]
    readers = [Reader(f"e{j}", rng.randint(0, 3), rng.choice(["", "A", "B", "C"])) for j in range(rng.randint(1, 5))]
    density, top = rng.choice([0.6, 0.85, 1]), rng.choice([2, 5, 20])
    scored = [
        (need.id, reader.id, rng.randint(0, top), rng.random() < 0.4)
        for need in needs
        for reader in readers
        if rng.random() < density
    ]
    return instance_of(needs, readers, scored)


def _panels(instance: Instance, application: int) -> Iterator[tuple[int, ...]]:
    need, pairs = instance.needs[application], instance.pairs
    mine = [p for p in range(len(pairs)) if pairs.application[p] == application]
    for panel in itertools.combinations(mine, need.reports):
        countries = [c for p in panel if (c := instance.readers[pairs.expert[p]].country)]
        if need.one_per_country and len(set(countries)) < len(countries):
            continue
        if need.specialist and need.reports and not any(pairs.specialist[p] for p in panel):
            continue
        yield panel


def best(instance: Instance) -> tuple[int | None, int] | None:
    """Give the highest floor with the highest total above it; None where no plan is possible."""
    reached: dict[tuple[int, ...], set[tuple[int | None, int]]] = {
        tuple(r.places for r in instance.readers): {(None, 0)}
    }
    score, expert = instance.pairs.score, instance.pairs.expert
    for application in range(len(instance.needs)):
        panels = list(_panels(instance, application))
        new: dict[tuple[int, ...], set[tuple[int | None, int]]] = {}
        for places, values in reached.items():
            for panel in panels:
                left = list(places)
                for p in panel:
                    left[expert[p]] -= 1
                if min(left) < 0:
                    continue
                lowest = [score[p] for p in panel]
                for floor, total in values:
                    low = min([*lowest, *([] if floor is None else [floor])], default=None)
                    new.setdefault(tuple(left), set()).add((low, total + sum(lowest)))
        reached = new
    found = [value for values in reached.values() for value in values]
    return max(found, key=lambda value: (value[0] or 0, value[1]), default=None)


def best_total(instance: Instance) -> int | None:
    """Give the highest total where no floor is asked for."""
    level = instance
    reached = {tuple(r.places for r in level.readers): 0}
    for application in range(len(level.needs)):
        new: dict[tuple[int, ...], int] = {}
        for places, total in reached.items():
            for panel in _panels(level, application):
                left = list(places)
                for p in panel:
                    left[level.pairs.expert[p]] -= 1
                if min(left) >= 0:
                    worth = total + sum(level.pairs.score[p] for p in panel)
                    new[tuple(left)] = max(worth, new.get(tuple(left), worth))
        reached = new
    return max(reached.values(), default=None)


def with_newcomers(instance: Instance, reports: dict[int, int]) -> Instance:
    """Add experts with the theme, each from a country of their own, who write just these reports."""
    pairs = instance.pairs
    scored = [
        (instance.needs[a].id, instance.readers[e].id, s, bool(k))
        for a, e, s, k in zip(pairs.application, pairs.expert, pairs.score, pairs.specialist, strict=True)
    ]
    new = [Reader(f"n{application}-{number}", 1) for application, count in reports.items() for number in range(count)]
    scored += [(instance.needs[int(reader.id[1:].partition("-")[0])].id, reader.id, 0, True) for reader in new]
    return instance_of(instance.needs, (*instance.readers, *new), scored)
