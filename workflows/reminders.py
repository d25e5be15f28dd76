"""When somebody who still owes something is reminded: on working days in Brussels, and never after it is done."""

from __future__ import annotations

from datetime import datetime, timedelta

from workflows.working_days import last_working_moment

BEFORE = (timedelta(days=7), timedelta(days=2), timedelta(hours=4))
BY_HAND_AT_MOST_EVERY = timedelta(hours=48)


def due_moment(due: datetime, now: datetime) -> datetime | None:
    """Give the newest moment of a reminder that has come; None before the first and once the time is over."""
    if now >= due:
        return None
    come = [moment for moment in (last_working_moment(due - ahead) for ahead in BEFORE) if moment <= now]
    return max(come, default=None)


def next_by_hand(last: datetime | None) -> datetime | None:
    """Give the moment from which somebody may be reminded by hand again; None where it may be done at once."""
    return None if last is None else last + BY_HAND_AT_MOST_EVERY
