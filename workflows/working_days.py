"""Working days in Brussels: from Monday to Friday, public holidays of Belgium apart."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

BRUSSELS = ZoneInfo("Europe/Brussels")
SATURDAY = 5
ONE_DAY = timedelta(days=1)
# The law of 4 January 1974 and the royal decree of 18 April 1974: month and day of those that stay.
_FIXED = ((1, 1), (5, 1), (7, 21), (8, 15), (11, 1), (11, 11), (12, 25))
_AFTER_EASTER = (1, 39, 50)  # Easter Monday, Ascension Day, Whit Monday


def easter(year: int) -> date:
    """Give Easter Sunday of the Gregorian calendar, by the method of Meeus, Jones and Butcher."""
    golden, century, rest = year % 19, *divmod(year, 100)
    leap, century_rest = divmod(century, 4)
    moon = (19 * golden + century - leap - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    week = (32 + 2 * century_rest + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * week) // 451
    month, day = divmod(moon + week - 7 * late + 114, 31)
    return date(year, month, day + 1)


@cache
def holidays(year: int) -> frozenset[date]:
    """Give the public holidays of Belgium in a year."""
    fixed = {date(year, month, day) for month, day in _FIXED}
    return frozenset(fixed | {easter(year) + timedelta(days=days) for days in _AFTER_EASTER})


def is_working_day(day: date) -> bool:
    return day.weekday() < SATURDAY and day not in holidays(day.year)


def is_working_moment(moment: datetime) -> bool:
    """Say whether it is a working day in Brussels at the moment."""
    return is_working_day(moment.astimezone(BRUSSELS).date())


def end_of_working_days(moment: datetime, days: int) -> datetime:
    """Give the first instant, in UTC, after so many whole working days that follow the day of the moment."""
    day = moment.astimezone(BRUSSELS).date()
    left = days
    while left:
        day += ONE_DAY
        left -= is_working_day(day)
    return datetime.combine(day + ONE_DAY, time(), tzinfo=BRUSSELS).astimezone(UTC)


def working_days_before(moment: datetime, days: int) -> datetime:
    """Give the same hour in Brussels so many working days earlier."""
    local = moment.astimezone(BRUSSELS)
    left = days
    while left:
        local -= ONE_DAY
        left -= is_working_day(local.date())
    return local.astimezone(UTC)


def last_working_moment(moment: datetime) -> datetime:
    """Give the moment itself on a working day, else the same hour in Brussels of the last working day before it."""
    local = moment.astimezone(BRUSSELS)
    while not is_working_day(local.date()):
        local -= ONE_DAY
    return local.astimezone(UTC)


def end_of_days(told: datetime, days: int, zone: str) -> datetime:
    """Give the first instant, in UTC, after a period of days that was told of at a moment.

    The day of the telling is not counted. A period whose last day is a Saturday, a Sunday or a public holiday ends with
    the next working day: Regulation (EEC, Euratom) No 1182/71, article 3. Days are those of the zone, so that one on
    which the clocks change is a day like the others.
    """
    place = ZoneInfo(zone)
    last = told.astimezone(place).date() + timedelta(days=days)
    while not is_working_day(last):
        last += ONE_DAY
    return datetime.combine(last + ONE_DAY, time(), tzinfo=place).astimezone(UTC)
