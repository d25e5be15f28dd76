"""Bands of certainty and severities recover a truth that is known because it was made up."""

import os
import random
from decimal import Decimal

from app.chance import Seeded
from workflows.certainty import Certainty, certainty
from workflows.definition import Budget, CallDefinition, CallKind, Criterion, Moment, Timetable
from workflows.ranking import Entry
from workflows.severity import Given, severities
from workflows.what_if import Inputs, Report

CODES = ("C1", "C2")
CALLS = max(12, int(os.environ.get("ESCP_ORACLE_CASES", "0")) // 100)  # made up, 40 applications each


def call(awards: int) -> CallDefinition:
    return CallDefinition(
        code="call",
        kind=CallKind.GRANT_AND_LABEL,
        title="Call",
        timetable=Timetable(zone="Europe/Brussels", opens=Moment(at="2018-01-01"), closes=Moment(at="2018-03-08")),
        budget=Budget(expected_awards=awards),
        criteria=tuple(Criterion(code=code, name=code, max_points=Decimal(100)) for code in CODES),
    )


def played(seed: int, applications: int = 40, reports: int = 3, noise: float = 6) -> tuple[Inputs, dict[str, float]]:
    """A call whose true qualities are known; each report is off by chance, the agreed score is the reports' mean."""
    chance = random.Random(seed)
    truth, entries, given = {}, [], []
    for n in range(applications):
        key = f"a{n}"
        real = [chance.gauss(60, 12) for _code in CODES]
        truth[key] = sum(real)
        marks = [[round(r + chance.gauss(0, noise), 1) for r in real] for _n in range(reports)]
        for number, scores in enumerate(marks):
            points = {code: Decimal(str(s)) for code, s in zip(CODES, scores, strict=True)}
            given.append(Report(key=f"{key}-{number}", application=key, scores=points))
        mean = {code: Decimal(str(round(sum(s[at] for s in marks) / reports, 2))) for at, code in enumerate(CODES)}
        entries.append(Entry(key=key, acronym=key, scores=mean))
    return Inputs(call=call(applications // 4), entries=tuple(entries), reports=tuple(given)), truth


def test_nine_of_ten_intervals_hold_the_true_rank_and_odds_are_as_often_right_as_they_say():
    held, sums, count = 0, [0.0, 0.0], 0
    odds: dict[int, list[bool]] = {}
    for seed in range(CALLS):
        inputs, truth = played(seed)
        order = sorted(truth, key=lambda key: -truth[key])
        for line in certainty(inputs, Seeded(seed), draws=400).lines:
            count += 1
            held += line.lowest <= order.index(line.key) + 1 <= line.highest
            is_above = order.index(line.key) < len(order) // 4
            sums = [sums[0] + line.above, sums[1] + is_above]
            odds.setdefault(min(int(line.above * 4), 3), []).append(is_above)

    assert 0.86 <= held / count <= 0.96  # stated: nine of ten, within five in a hundred
    assert abs(sums[0] - sums[1]) < CALLS / 12  # as many are said to be above the line as are
    for quarter, seen in odds.items():
        if len(seen) >= 15:
            assert abs(sum(seen) / len(seen) - (quarter + 0.5) / 4) < 0.2


def test_the_same_seed_gives_the_same_bands_and_another_seed_nearly_the_same():
    inputs, _truth = played(1)

    assert certainty(inputs, Seeded(1)) == certainty(inputs, Seeded(1))
    first, second = certainty(inputs, Seeded(1)), certainty(inputs, Seeded(2))
    assert max(abs(a.above - b.above) for a, b in zip(first.lines, second.lines, strict=True)) < 0.08


def test_equal_reports_leave_no_doubt_and_too_few_say_nothing():
    inputs, _truth = played(3, noise=0)
    sure = certainty(inputs, Seeded(1), draws=100)
    few = Inputs(call=inputs.call, entries=inputs.entries[:3], reports=inputs.reports[:6])

    assert [(line.lowest, line.highest) for line in sure.lines] == [(n, n) for n in range(1, 41)]
    assert certainty(few, Seeded(1)) == Certainty((), True, 1000)


def test_the_nearest_to_even_odds_are_discussed_first():
    inputs, _truth = played(4)
    found = certainty(inputs, Seeded(1))

    assert found.tosses
    assert [abs(one.above - 0.5) for one in found.tosses] == sorted(abs(one.above - 0.5) for one in found.tosses)


def test_a_known_severity_lies_in_its_interval_nine_times_of_ten():
    held, count, error = 0, 0, 0.0
    for seed in range(max(20, CALLS)):
        chance = random.Random(seed)
        strict = {f"e{n}": chance.gauss(0, 5) for n in range(15)}
        given = []
        for n in range(40):
            level = chance.gauss(60, 10)
            given += [
                Given(name, f"a{n}", level + strict[name] + chance.gauss(0, 4))
                for name in chance.sample(sorted(strict), 3)
            ]
        middle = sum(strict.values()) / len(strict)
        found = severities(given)
        for line in found.lines:
            count += 1
            held += line.lowest <= strict[line.evaluator] - middle <= line.highest
            error += abs(line.points - (strict[line.evaluator] - middle))

    assert 0.85 <= held / count <= 0.96
    assert error / count < 2


def test_nobody_is_called_strict_where_all_are_alike_or_data_are_thin():
    chance = random.Random(7)
    alike = [Given(f"e{chance.randint(0, 11)}", f"a{n // 3}", 60 + n % 7 + chance.gauss(0, 4)) for n in range(90)]
    apart = [Given(f"e{n % 2 + 2 * (n // 12)}", f"a{n // 2}", 60.0 + n) for n in range(24)]

    assert sum(line.differs for line in severities(alike).lines) <= 2  # one in ten by chance
    assert severities(alike[:9]).too_thin
    assert severities(apart).apart == 2
