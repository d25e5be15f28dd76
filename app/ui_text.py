"""Values in plain text, for mails."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

BRUSSELS = ZoneInfo("Europe/Brussels")


def moment(value: datetime) -> str:
    """Write "Thursday 10 December 2026, 17:00 Brussels time"."""
    return f"{format_datetime(value, 'EEEE d MMMM y, HH:mm', tzinfo=BRUSSELS, locale='en')} Brussels time"


def day(value: datetime) -> str:
    return format_datetime(value, "d MMMM y", tzinfo=BRUSSELS, locale="en")


MAIL_FILTERS = {"moment": moment, "day": day}
