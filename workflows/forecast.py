"""When all reports will be in, judged by how punctual the reports of the call have been so far.

How long a report takes is told as a part of its time: 1 is the moment it is due. What the finished ones took is what
the open ones may take, given how much of theirs is over; one more case, later than all seen, stands for what nobody
has seen yet. The moment all are in is the latest of them: chances are multiplied. No chance is drawn, so the same
reports give the same dates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

FEWEST = 5  # finished reports below which nothing is foretold
_LATER = Fraction(3, 2)  # how much later than everything seen the one more case is


@dataclass(frozen=True)
class Open:
    """A report that is not in: from when to when it was to be written."""

    key: str
    begun: datetime
    due: datetime


@dataclass(frozen=True)
class Forecast:
    """The days by which all reports are in with even chances and with 90 in 100; None where the data are too thin."""

    median: datetime | None
    late: datetime | None
    seen: int
    chances: dict[str, Fraction]  # of each open report: to be in when it is due; empty where the data are too thin


def part_taken(begun: datetime, due: datetime, finished: datetime) -> Fraction:
    """Say which part of its time a report took; above 1 it was late."""
    whole = max(int((due - begun).total_seconds()), 1)
    return Fraction(max(int((finished - begun).total_seconds()), 0), whole)


def forecast(seen: Sequence[Fraction], reports: Sequence[Open], now: datetime) -> Forecast:
    """Foretell when all open reports are in. Raises nothing; with nothing open the moment is now."""
    if not reports:
        return Forecast(now, now, len(seen), {})
    if len(seen) < FEWEST:
        return Forecast(None, None, len(seen), {})
    moments = {report.key: _moments(seen, report, now) for report in reports}
    candidates = sorted({moment for found in moments.values() for moment in found})
    chances = {report.key: _by(moments[report.key], report.due) for report in reports}
    return Forecast(
        _first(candidates, moments, Fraction(1, 2)), _first(candidates, moments, Fraction(9, 10)), len(seen), chances
    )


def _moments(seen: Sequence[Fraction], report: Open, now: datetime) -> list[datetime]:
    """Give the moments, all equally likely, at which a report may come in."""
    gone = part_taken(report.begun, report.due, now)
    left = [part for part in seen if part > gone]
    last = max([*seen, gone, Fraction(1)]) * _LATER
    whole = report.due - report.begun
    return [report.begun + whole * float(part) for part in sorted([*left, last])]


def _by(moments: Sequence[datetime], moment: datetime) -> Fraction:
    return Fraction(sum(one <= moment for one in moments), len(moments))


def _first(candidates: Sequence[datetime], moments: dict[str, list[datetime]], chance: Fraction) -> datetime:
    """Give the first moment by which all reports are in with at least this chance."""
    for moment in candidates:
        together = Fraction(1)
        for found in moments.values():
            together *= _by(found, moment)
        if together >= chance:
            return moment
    return candidates[-1]
