"""Ends of periods: no holiday, no weekend, and a day on which the clocks change is a day."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from workflows.working_days import end_of_days, end_of_working_days

ZONE = "Europe/Brussels"


@pytest.mark.parametrize(
    ("told", "days", "last"),
    [
        ("2026-03-02T10:00", 30, "2026-04-01"),  # over the change to summer time
        ("2026-03-03T23:59", 30, "2026-04-02"),
        ("2026-03-04T10:00", 30, "2026-04-03"),  # Good Friday is no public holiday of Belgium
        ("2026-03-05T10:00", 30, "2026-04-07"),  # a Saturday, then Easter Sunday and Monday
        ("2026-09-28T10:00", 30, "2026-10-28"),  # over the change to winter time
        ("2026-11-25T10:00", 30, "2026-12-28"),  # Christmas on a Friday
        ("2026-12-02T10:00", 30, "2027-01-04"),  # New Year's Day on a Friday
        ("2026-06-21T10:00", 30, "2026-07-22"),  # 21 July
    ],
)
def test_a_period_of_days_ends_with_a_working_day(told: str, days: int, last: str) -> None:
    end = end_of_days(datetime.fromisoformat(told).replace(tzinfo=ZoneInfo(ZONE)), days, ZONE)

    assert (end - datetime.resolution).astimezone(ZoneInfo(ZONE)).date().isoformat() == last
    assert end.astimezone(ZoneInfo(ZONE)).time().isoformat() == "00:00:00"


def test_the_day_of_the_telling_is_that_of_the_zone() -> None:
    late = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)  # half past midnight of 2 March in Brussels

    assert end_of_days(late, 30, ZONE) == datetime(2026, 4, 1, 22, tzinfo=UTC)
    assert end_of_working_days(late, 5) == datetime(2026, 3, 9, 23, tzinfo=UTC)
