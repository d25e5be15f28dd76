"""The moment of the past that somebody asks a report for."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from workflows.as_of import moment_asked
from workflows.verdict import Reason

BRUSSELS = ZoneInfo("Europe/Brussels")
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("2026-03-01T12:00", datetime(2026, 3, 1, 11, tzinfo=UTC)),
        (" 2026-03-01 12:00:30 ", datetime(2026, 3, 1, 11, 0, 30, tzinfo=UTC)),
        ("2026-03-01", datetime(2026, 2, 28, 23, tzinfo=UTC)),
        ("2026-10-25T02:30+01:00", datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
        ("2026-03-01T12:00Z", datetime(2026, 3, 1, 12, tzinfo=UTC)),
    ],
)
def test_a_moment_is_local_unless_it_says_otherwise(typed: str, moment: datetime) -> None:
    assert moment_asked(typed, BRUSSELS, NOW) == moment


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("yesterday", "as-of-unreadable"),
        ("0001-01-01T00:00+14:00", "as-of-unreadable"),
        ("2026-11-01T13:01", "as-of-future"),
        ("2026-03-29T02:30", "as-of-not-there"),
        ("2026-10-25T02:30", "as-of-twice"),
    ],
)
def test_what_cannot_be_a_moment_is_refused_by_name_with_a_remedy(typed: str, code: str) -> None:
    found = moment_asked(typed, BRUSSELS, NOW)

    assert isinstance(found, Reason)
    assert found.code == code
    assert "As of" in found.text
