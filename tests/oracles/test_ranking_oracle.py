"""Totals, thresholds, equals and lists agree with a second opinion that reckons in whole thousandths, pair by pair.

The suite tries 2,000 panels; `ESCP_ORACLE_CASES=10000 pytest tests/oracles` tries as many as one likes.
"""

from __future__ import annotations

import os
from decimal import Decimal

from tests.oracles.ranking_oracle import Panel, panel, with_large_sums
from workflows.definition import (
    Award,
    Budget,
    CallDefinition,
    CallKind,
    Criterion,
    Direction,
    Moment,
    Moved,
    Strand,
    TieBreak,
    TieBreakBy,
    Timetable,
    Transfer,
)
from workflows.ranking import Entry, rank
from workflows.ranking_lists import lists

CASES = int(os.environ.get("ESCP_ORACLE_CASES", "2000"))


def number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def call_of(made: Panel) -> CallDefinition:
    return CallDefinition(
        code="call",
        kind=CallKind.GRANT_AND_LABEL,
        title="Call",
        timetable=Timetable(zone="Europe/Brussels", opens=Moment(at="2018-01-01"), closes=Moment(at="2018-03-08")),
        budget=Budget(total=number(made.money), expected_awards=made.places),
        criteria=tuple(
            Criterion(
                code=code,
                name=code,
                max_points=Decimal(points),
                step=Decimal(step),
                threshold=number(least),
                weight=Decimal(weight),
            )
            for code, points, step, least, weight in made.criteria
        ),
        overall_threshold=number(made.overall),
        tie_breaks=tuple(
            TieBreak(by=TieBreakBy(by), code=code, direction=Direction(way)) for by, code, way in made.ties
        ),
        award=Award(reserve=made.reserve),
        strands=tuple(
            Strand(code=code, title=code, total=number(money), expected_awards=places)
            for code, places, money in made.strands
        ),
        transfers=tuple(
            Transfer(giver=giver, taker=taker, of=Moved(what), most=number(most))
            for giver, taker, what, most in made.transfers
        ),
    )


def entries_of(made: Panel) -> list[Entry]:
    return [
        Entry(
            key=key,
            acronym=key,
            scores={code: Decimal(score) for code, score in given.items()},
            requested_grant=Decimal(made.grants[key]),
            strand=made.strand_of.get(key, ""),
        )
        for key, given in made.scores.items()
    ]


def check(made: Panel) -> set[str]:
    call = call_of(made)
    lines = lists(call, rank(call, entries_of(made), made.order, made.seed))
    positions = {line.position.key: line.position for line in lines}

    assert {key: p.rank for key, p in positions.items()} == made.ranks()
    assert {line.position.key: line.listed.value for line in lines} == made.lists()
    for key, position in positions.items():
        assert position.outcome.total * 1000 == made.totals[key]
        assert position.outcome.ranking_total * 1000 * 1000 == made.weighted[key]
        assert position.outcome.passes == (key in made.passing)
    reasons = {reason.code for line in lines for reason in (*line.reasons, *line.position.reasons)}
    tied = {"tied" for p in positions.values() if p.tied_with}
    return {line.listed.value for line in lines} | tied | (reasons & {"transferred", "behind-draw"})


def test_random_panels_are_ranked_as_the_oracle_ranks_them():
    seen: dict[str, int] = {}
    for seed in range(CASES):
        try:
            made = panel(seed)
            met = check(with_large_sums(made, seed) if seed % 10 == 0 else made)
        except AssertionError as failed:
            raise AssertionError(f"case {seed}: {failed}") from failed
        for word in met:
            seen[word] = seen.get(word, 0) + 1

    few = min(seen.get(word, 0) for word in ("awarded", "reserve", "rejected", "undecided", "tied"))
    assert few > CASES // 50, f"the cases are worth the while: {seen}"
    rare = min(seen.get(word, 0) for word in ("transferred", "behind-draw"))
    assert rare > CASES // 100, f"strands help each other, and draws part equals: {seen}"
