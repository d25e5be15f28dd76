"""The moment of the past that somebody asks a report for."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from workflows.definition_time import LocalTimeProblem, local_problem
from workflows.verdict import Reason
from workflows.words import _

EXAMPLE = "2026-03-01T12:00"
UNREADABLE = _("“As of” holds no moment we can read: write it like {example}.")
FUTURE = _("“As of” lies in the future: give a moment up to now, {now}.")
NOT_THERE = _("“As of” names a time that does not exist, for clocks went forward that night: give an hour later.")
TWICE = _(
    "“As of” names a time that existed twice, for clocks went back that night: add its offset, such as {example}."
)


def moment_asked(text: str, zone: ZoneInfo, now: datetime) -> datetime | Reason:
    """Read a moment, local in the zone unless it carries an offset; a reason with its remedy where it can't be taken."""
    try:
        given = datetime.fromisoformat(text.strip())
        found = _local(given, zone) if given.tzinfo is None else given.astimezone(UTC)
    except (ValueError, OverflowError):
        return Reason("as-of-unreadable", UNREADABLE, {"example": EXAMPLE})
    if isinstance(found, datetime) and found > now:
        shown = now.astimezone(zone).isoformat(timespec="minutes")[:16]
        return Reason("as-of-future", FUTURE, {"now": shown})
    return found


def _local(given: datetime, zone: ZoneInfo) -> datetime | Reason:
    problem = local_problem(given, zone)
    if problem is LocalTimeProblem.DOES_NOT_EXIST:
        return Reason("as-of-not-there", NOT_THERE)
    if problem is LocalTimeProblem.EXISTS_TWICE:
        later = given.replace(tzinfo=zone, fold=1).isoformat(timespec="minutes")
        return Reason("as-of-twice", TWICE, {"example": later})
    return given.replace(tzinfo=zone).astimezone(UTC)
