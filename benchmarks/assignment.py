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

from app.planning import network
from app.planning.solve import solve
from workflows.plan_checker import faults
from workflows.plan_instance import Instance, Need, Pairs, Reader

SIZES = {
    "1,000 x 300": (1000, 300, None, False),
    "1,000 x 300, panel rules": (1000, 300, None, True),
    "17,000 x 5,000 sparse": (17000, 5000, 100, False),
}
REPORTS = 3
BARRED = 0.03
COUNTRIES = [f"C{number:02}" for number in range(27)]


def question(applications: int, experts: int, likely: int | None, rules: bool) -> Instance:
    """Make a question from a fixed seed; `likely` experts for each application, or all but 3 %."""
    rng, numbers = random.Random(1), np.random.default_rng(1)
    places = round(1.3 * REPORTS * applications / experts)
    needs = tuple(Need(f"a{i:05}", REPORTS, rules, rules) for i in range(applications))
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


class Passes:
    """Adds up what the bare solver takes: its arcs handed over and solved, and nothing else."""

    def __init__(self) -> None:
        self.seconds, self.count = 0.0, 0
        for module, name in ((network.max_flow, "SimpleMaxFlow"), (network.min_cost_flow, "SimpleMinCostFlow")):
            original = getattr(module, name)
            setattr(module, name, self._timed(original))

    def _timed(self, original: type) -> type:
        passes = self

        class Timed(original):  # type: ignore[misc]
            pass

        for name in [n for n in dir(original) if n.startswith(("add_", "set_", "solve", "flows", "get_"))]:
            setattr(Timed, name, passes._clocked(getattr(original, name), counted=name == "solve"))
        return Timed

    def _clocked(self, function, *, counted: bool):  # noqa: ANN001, ANN202
        def clocked(*arguments):  # noqa: ANN002, ANN202
            start = time.process_time()
            try:
                return function(*arguments)
            finally:
                self.seconds += time.process_time() - start
                self.count += counted

        return clocked


def run(name: str, *, check: bool) -> None:
    instance = question(*SIZES[name])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    passes = Passes()
    start, cpu = time.perf_counter(), time.process_time()
    answer = solve(instance)
    wall, cpu = time.perf_counter() - start, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{name}: {len(instance.pairs)} pairs, wall {wall:.2f} s, processor {cpu:.2f} s, bare passes "
        f"{passes.seconds:.2f} s ({passes.count}), ratio {cpu / passes.seconds:.2f}, peak {peak:.0f} MB "
        f"(the question alone {before:.0f}), floor {answer.get('floor')}, total {answer.get('total')}, proven {answer['proven']}",
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
