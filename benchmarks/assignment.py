"""How long the best assignment plan takes, with its proof, beside the bare solver's own passes on the same question.

    .venv/bin/python benchmarks/assignment.py            # 1,000 x 300 and 17,000 x 5,000; panel rules one by one, both
    .venv/bin/python benchmarks/assignment.py --check    # the independent checker goes over each plan as well

Scores 0 to 100, 3 % of pairs barred, places 1.3 times what is needed on average, three reports each. Each size runs in
a process of its own, so that its peak of memory is its own; importing the solver is not counted, building arrays is.
"""

from __future__ import annotations

import argparse
import random
import resource
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
from ortools.graph.python import min_cost_flow

from app.planning.solve import solve
from workflows.plan_checker import faults
from workflows.plan_instance import Instance, Need, Pairs, Reader

SIZES = {
    "1,000 x 300": (1000, 300, None, ""),
    "1,000 x 300, one per country": (1000, 300, None, "country"),
    "1,000 x 300, one with the theme": (1000, 300, None, "theme"),
    "1,000 x 300, both rules": (1000, 300, None, "country theme"),
    "17,000 x 5,000 sparse": (17000, 5000, 100, ""),
}
REPORTS = 3
BARRED = 0.03
COUNTRIES = [f"C{number:02}" for number in range(27)]


def question(applications: int, experts: int, likely: int | None, rules: str) -> Instance:
    """Make a question from a fixed seed; `likely` experts for each application, or all but 3 %."""
    rng, numbers = random.Random(1), np.random.default_rng(1)
    places = round(1.3 * REPORTS * applications / experts)
    needs = tuple(Need(f"a{i:05}", REPORTS, "country" in rules, "theme" in rules) for i in range(applications))
    readers = tuple(Reader(f"e{j:05}", places, rng.choice(COUNTRIES)) for j in range(experts))
    theme_of = numbers.integers(0, 10, applications)
    themes = numbers.integers(0, 10, (experts, 3))
    pairs = Pairs()
    for i in range(applications):
        if likely is None:
            chosen = np.flatnonzero(numbers.random(experts) >= BARRED)
        else:
            chosen = np.sort(numbers.choice(experts, likely, replace=False))
        pairs.application.extend([i] * len(chosen))
        pairs.expert.extend(chosen.tolist())
        pairs.score.extend(numbers.integers(0, 101, len(chosen)).tolist())
        pairs.specialist.extend((themes[chosen] == theme_of[i]).any(axis=1).astype(int).tolist())
    return Instance(needs, readers, pairs)


def bare(instance: Instance) -> tuple[float, int, int]:
    """Let the bare solver do the same: halve the floor with flows of least cost, then keep the best. Processor seconds.

    The rules on panels are left out, as it knows none; so with them its time is too low and the ratio too high.
    """
    application, expert, score = (np.asarray(x, dtype=np.int64) for x in (
        instance.pairs.application, instance.pairs.expert, instance.pairs.score))  # fmt: skip
    experts, needs = len(instance.readers), len(instance.needs)
    places = np.array([reader.places for reader in instance.readers])
    supplies = np.concatenate([np.full(needs, -REPORTS), [REPORTS * needs]])
    start, passes = time.process_time(), 0
    low, high, best = 0, 101, 0
    while high - low > 1:
        middle = (low + high) // 2
        kept = score >= middle
        solver = min_cost_flow.SimpleMinCostFlow()
        arcs = solver.add_arcs_with_capacity_and_unit_cost(
            np.concatenate([expert[kept], np.full(experts, experts + needs)]),
            np.concatenate([application[kept] + experts, np.arange(experts)]),
            np.concatenate([np.ones(int(kept.sum()), dtype=np.int64), places]),
            np.concatenate([-score[kept], np.zeros(experts, dtype=np.int64)]),
        )
        solver.set_nodes_supplies(np.concatenate([np.arange(needs) + experts, [experts + needs]]), supplies)
        passes += 1
        if solver.solve() == solver.OPTIMAL:
            low, best = middle, -solver.optimal_cost()
            np.asarray(solver.flows(arcs))
        else:
            high = middle
    return time.process_time() - start, passes, best


def run(name: str, *, check: bool) -> None:
    instance = question(*SIZES[name])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    start, cpu = time.perf_counter(), time.process_time()
    answer = solve(instance)
    wall, cpu = time.perf_counter() - start, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    seconds, passes, best = bare(instance)
    gap = answer.get("gap", 0)
    print(
        f"{name}: {len(instance.pairs)} pairs, wall {wall:.2f} s, processor {cpu:.2f} s, peak {peak:.0f} MB "
        f"(the question alone {before:.0f}); floor {answer.get('floor')}, total {answer.get('total')}, "
        f"{'proven' if answer['proven'] else f'not proven, at most {gap} better'}; "
        f"bare solver {seconds:.2f} s ({passes} passes, total {best}), ratio {cpu / seconds:.2f}",
        flush=True,
    )
    if check:
        start = time.perf_counter()
        found = faults(instance, answer["chosen"], answer["floor"], answer["proof"])
        print(f"  checker: {found or 'confirms it'}, {time.perf_counter() - start:.1f} s", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--only", choices=sorted(SIZES))
    options = parser.parse_args()
    if options.only:
        run(options.only, check=options.check)
        return
    for name in SIZES:
        command = [sys.executable, __file__, "--only", name, *(["--check"] if options.check else [])]
        subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
