"""When all reports will be in, worked out by hand on small cases; and what hints say of a criterion."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from workflows.definition import Criterion
from workflows.forecast import Open, forecast, part_taken
from workflows.hints import hints_on

BEGUN = datetime(2027, 1, 1, tzinfo=UTC)
DUE = BEGUN + timedelta(days=10)
SEEN = [Fraction(1, 2), Fraction(6, 10), Fraction(7, 10), Fraction(8, 10), Fraction(9, 10)]


def at(days: float) -> datetime:
    return BEGUN + timedelta(days=days)


def test_nothing_is_foretold_from_fewer_than_five_reports() -> None:
    found = forecast(SEEN[:4], [Open("one", BEGUN, DUE)], at(1))

    assert (found.median, found.late, found.chances) == (None, None, {})


def test_one_open_report_takes_what_the_others_took() -> None:
    found = forecast(SEEN, [Open("one", BEGUN, DUE)], at(1))

    assert (found.median, found.late) == (at(7), at(15))  # six equally likely: the third, and the one nobody has seen
    assert found.chances == {"one": Fraction(5, 6)}


def test_all_are_in_when_the_latest_is_and_what_is_over_counts_no_more() -> None:
    several = forecast(SEEN, [Open(str(n), BEGUN, DUE) for n in range(3)], at(1))
    late = forecast(SEEN, [Open("one", BEGUN, DUE)], at(12))

    assert several.median == at(9)  # (5/6)^3 is above a half, (4/6)^3 is not
    assert (late.median, late.chances) == (at(18), {"one": Fraction(0)})
    assert part_taken(BEGUN, DUE, at(12)) == Fraction(12, 10)


@pytest.mark.parametrize(
    ("points", "reasons", "codes"),
    [
        (None, "", []),
        (Decimal(4), "Too short.", ["short"]),
        (Decimal("4.5"), "The plan is weak and unclear; it lacks partners, and nothing shows how it would be done in time.", ["high-but-blamed"]),
        (Decimal(1), "An excellent plan that is fully credible, with partners that know each other and money at hand.", ["low-but-praised"]),
        (Decimal(3), "The plan is sound, and the partners know each other well; this was worth 2/5 in our discussion.", ["other-number"]),
        (Decimal(3), "The plan is sound, and the partners know each other well; they should add a fifth region to it.", ["advice"]),
        (Decimal(4), "Good plan with weaknesses in timing; excellent partners who have done such work together before.", []),
    ],
)  # fmt: skip
def test_hints_name_what_a_reader_stumbles_over(points: Decimal | None, reasons: str, codes: list[str]) -> None:
    criterion = Criterion(code="C1", name="Relevance", max_points=Decimal(5), threshold=Decimal(3))

    assert [one.code for one in hints_on(criterion, points, reasons)] == codes
