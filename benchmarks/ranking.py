"""How long a ranking takes, what if, the smallest change, and the certainty bands of a large call.

    python benchmarks/ranking.py [--number 500] [--rounds 7]

Makes up a call of 4 criteria with 3 reports for each application, the same for the same number; nothing is stored. What
if is a whole answer: two rankings with their reasons, who crosses the line. Wall time of the median round counts; the
processor's own time stands beside it. Aims with 500 applications: bands under 1 s, what if under 300 ms.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from app.chance import Seeded  # noqa: E402 the project is found first
from app.services.deciding.what_if_room import what_if  # noqa: E402
from workflows.certainty import certainty  # noqa: E402
from workflows.definition import (  # noqa: E402
    Budget,
    CallDefinition,
    CallKind,
    Criterion,
    Moment,
    TieBreak,
    TieBreakBy,
    Timetable,
)
from workflows.ranking import Entry  # noqa: E402
from workflows.severity import Given, severities  # noqa: E402
from workflows.smallest_change import smallest_changes  # noqa: E402
from workflows.what_if import Inputs, Report, Trial  # noqa: E402

POINTS = {"C1": 30, "C2": 30, "C3": 30, "C4": 10}


def call_of(number: int) -> CallDefinition:
    return CallDefinition(
        code="call",
        kind=CallKind.GRANT_AND_LABEL,
        title="Call",
        timetable=Timetable(zone="Europe/Brussels", opens=Moment(at="2018-01-01"), closes=Moment(at="2018-03-08")),
        budget=Budget(total=Decimal(number * 60_000), expected_awards=number // 5),
        criteria=tuple(
            Criterion(code=code, name=code, max_points=Decimal(most), threshold=Decimal(most) / 2)
            for code, most in POINTS.items()
        ),
        overall_threshold=Decimal(70),
        tie_breaks=(TieBreak(by=TieBreakBy.CRITERION, code="C1"), TieBreak(by=TieBreakBy.PANEL_DECISION)),
    )


def inputs_of(number: int) -> Inputs:
    chance = random.Random(number)
    entries, reports = [], []
    for n in range(number):
        real = {code: chance.gauss(most * 0.75, most * 0.12) for code, most in POINTS.items()}
        given = [{c: half(chance.gauss(real[c], m * 0.07), m) for c, m in POINTS.items()} for _n in range(3)]
        reports += [Report(key=f"{n}-{r}", application=f"a{n}", scores=scores) for r, scores in enumerate(given)]
        agreed = {c: half(float(sum(s[c] for s in given)) / 3, m) for c, m in POINTS.items()}
        entries.append(Entry(key=f"a{n}", acronym=f"A{n}", scores=agreed, requested_grant=Decimal(300_000)))
    return Inputs(call=call_of(number), entries=tuple(entries), reports=tuple(reports))


def half(points: float, most: int) -> Decimal:
    return Decimal(min(max(round(points * 2), 0), most * 2)) / 2


def measure(name: str, rounds: int, work: Callable[[], object]) -> None:
    walls, own = [], []
    for _round in range(rounds):
        wall, processor = time.perf_counter(), time.process_time()
        work()
        walls.append(time.perf_counter() - wall)
        own.append(time.process_time() - processor)
    print(f"{name:24} {statistics.median(walls) * 1000:8.0f} ms   (processor {statistics.median(own) * 1000:6.0f} ms)")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--number", type=int, default=500)
    asked.add_argument("--rounds", type=int, default=7)
    given = asked.parse_args()
    inputs = inputs_of(given.number)
    totals = [
        Given(f"e{n % (given.number // 5)}", report.application, float(sum(report.scores.values())))
        for n, report in enumerate(inputs.reports)
    ]
    print(f"{given.number} applications, {len(inputs.reports)} reports")
    measure("ranking and lists", given.rounds, inputs.lines)
    measure("what if", given.rounds, lambda: what_if(inputs, Trial(overall=Decimal(75), without="0-0")))
    measure("smallest change", given.rounds, lambda: smallest_changes(inputs.call, inputs.entries))
    measure("certainty bands", given.rounds, lambda: certainty(inputs, Seeded(1)))
    measure("severity of evaluators", given.rounds, lambda: severities(totals))


if __name__ == "__main__":
    main()
