"""Is it in time? Every verdict against a second calculation that knows no list of time zones, only the rule of the EU.

Clocks go forward on the last Sunday of March and back on the last Sunday of October, at 01:00 UTC everywhere (Directive
2000/84/EC). Local times around every change from 2024 to 2040 are asked in zones on both sides of midnight then.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.act import Act
from app.chance import Seeded
from app.facts.call import is_open
from app.models import Call
from workflows.call import Facts as CallFacts
from workflows.call import State, call_is_not_over, deadline_has_passed
from workflows.definition_time import LocalTimeProblem, Moment, Timetable, local_problem
from workflows.machine import Actor

ZONES = {"Atlantic/Azores": -1, "Europe/Lisbon": 0, "Europe/Brussels": 1, "Europe/Helsinki": 2}  # hours in winter
YEARS = range(2024, 2041)
EVERY = 1 if os.environ.get("ESCP_EVERY_MINUTE") else 15  # minutes
NOBODY = Actor(None, frozenset())
JUST = (timedelta(microseconds=-1), timedelta(0), timedelta(microseconds=1), timedelta(seconds=-1), timedelta(hours=1))


# -- the second calculation ------------------------------------------------------------------------------------------


def last_sunday(year: int, month: int) -> date:
    last = date(year, month, 31)
    return last - timedelta(days=(last.weekday() + 1) % 7)


def changes(year: int) -> tuple[datetime, datetime]:
    """The two instants at which clocks change, in UTC."""
    march, october = (datetime.combine(last_sunday(year, month), time(1), tzinfo=UTC) for month in (3, 10))
    return march, october


def readings(local: datetime, zone: str) -> list[datetime]:
    """Every instant at which a clock of the zone shows this time: none, one or two."""
    found = []
    for summer in (False, True):
        instant = (local - timedelta(hours=ZONES[zone] + summer)).replace(tzinfo=UTC)
        forward, back = changes(instant.year)
        if (forward <= instant < back) is summer:
            found.append(instant)
    return sorted(found)


# -- what is compared ------------------------------------------------------------------------------------------------


def timetable(closes: str, zone: str) -> Timetable:
    return Timetable(zone=zone, opens=Moment(at="2023-06-01"), closes=Moment(at=closes))


def verdicts(table: Timetable, now: datetime) -> tuple[bool, bool, bool]:
    """Open by the service's question, by the guard of writing, and by the clock's guard."""
    call = Call(opens_at=table.opens_at, closes_at=table.closes_at, state=State.OPEN)
    act = Act(None, now, Seeded(1), "")  # type: ignore[arg-type]  # asks the data it is given, and no database
    facts = CallFacts(
        now=now, opens_at=table.opens_at, closes_at=table.closes_at, new_closes_at=None, extension_proposed_by=None,
        evaluation_has_begun=False, has_awards=True, change_is_prepared=False, is_frozen=False, frozen_by=None,
        applies=False,
    )  # fmt: skip
    return is_open(act, call), bool(call_is_not_over(facts, NOBODY)), not deadline_has_passed(facts, NOBODY)


def wrong(local: datetime, zone: str) -> Iterator[str]:
    """Whatever is judged otherwise than by the second calculation, for a deadline at this local time."""
    instants, problem = readings(local, zone), local_problem(local, ZoneInfo(zone))
    expected = {0: LocalTimeProblem.DOES_NOT_EXIST, 1: None, 2: LocalTimeProblem.EXISTS_TWICE}[len(instants)]
    if problem is not expected:
        yield f"{zone} {local}: {problem}, not {expected}"
    for instant in instants:
        hours = (local.replace(tzinfo=UTC) - instant) // timedelta(hours=1)
        written = local.isoformat(timespec="seconds") + (f"{hours:+03d}:00" if len(instants) > 1 else "")
        table = timetable(written, zone)
        for by in JUST:
            if set(verdicts(table, instant + by)) != {by < timedelta(0)}:
                yield f"{zone} {written}: {by} from the deadline"


def around_changes() -> Iterator[tuple[datetime, str]]:
    for year in YEARS:
        for change in changes(year):
            for zone, hours in ZONES.items():
                start = change.replace(tzinfo=None) + timedelta(hours=hours - 3)
                yield from ((start + timedelta(minutes=m), zone) for m in range(0, 7 * 60, EVERY))


def test_every_deadline_around_every_change_of_clocks_is_judged_right() -> None:
    asked = list(around_changes())

    found = [fault for local, zone in asked for fault in wrong(local, zone)]

    assert len(asked) == len(YEARS) * 2 * len(ZONES) * (7 * 60 // EVERY)
    assert found == []


def test_a_closing_day_ends_with_the_first_instant_of_the_next_day_on_every_day_of_the_years() -> None:
    """On the Azores the clock goes from midnight to one in March, and has two midnights in October."""
    found = []
    for zone in ZONES:
        for place in range((date(YEARS[-1] + 1, 1, 1) - date(YEARS[0], 1, 1)).days):
            day = date(YEARS[0], 1, 1) + timedelta(days=place)
            midnights = readings(datetime.combine(day + timedelta(days=1), time()), zone)
            if timetable(day.isoformat(), zone).closes_at != (midnights or changes(day.year))[0]:
                found.append((zone, day))

    assert found == []


@given(
    local=st.datetimes(datetime(2024, 1, 1), datetime(2040, 12, 31)),  # noqa: DTZ001 wall-clock times
    zone=st.sampled_from(sorted(ZONES)),
)
@example(local=datetime(2026, 3, 29, 2, 30), zone="Europe/Brussels")  # noqa: DTZ001
@example(local=datetime(2026, 10, 25, 2, 30), zone="Europe/Brussels")  # noqa: DTZ001
@settings(max_examples=400, deadline=None)
def test_any_deadline_of_the_years_is_judged_right(local: datetime, zone: str) -> None:
    assert list(wrong(local.replace(microsecond=0), zone)) == []


def test_the_second_calculation_knows_both_changes() -> None:
    assert readings(datetime(2026, 3, 29, 2, 30), "Europe/Brussels") == []  # noqa: DTZ001
    assert readings(datetime(2026, 10, 25, 2, 30), "Europe/Brussels") == [  # noqa: DTZ001
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
    ]
