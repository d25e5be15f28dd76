"""Values in plain text, for mails: dates as a language writes them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from babel.support import NullTranslations

BRUSSELS = ZoneInfo("Europe/Brussels")


def mail_filters(language: str, texts: NullTranslations) -> dict[str, Callable[[Any], str]]:
    """Give the filters of mails in a language; `texts` is its catalogue."""

    def moment(value: datetime | str) -> str:
        """Write "Thursday 10 December 2026, 17:00 Brussels time"; a moment of an event's data is ISO text."""
        value = datetime.fromisoformat(value) if isinstance(value, str) else value
        written = format_datetime(value, "EEEE d MMMM y, HH:mm", tzinfo=BRUSSELS, locale=language)
        return texts.gettext("%(when)s Brussels time") % {"when": written}

    def day(value: datetime) -> str:
        return format_datetime(value, "d MMMM y", tzinfo=BRUSSELS, locale=language)

    return {"moment": moment, "day": day}
