"""Accounts: what is sealed with the server's key opens with it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.doctor.finding import Found
from app.services.accounts.second_factor import needs_sealing, unreadable
from app.services.erasing.erasing import left_over


def second_factors_open_with_the_key(session: Session, _now: datetime) -> Found:
    """Every one-time-code secret was sealed with the key that is there, or with the one before it."""
    for person_id in unreadable(session):
        yield (
            f"person {person_id}",
            "the key that sealed the second factor is missing: put it back (docs/operators/keys.md)",
        )
    if needs_sealing(session) and not unreadable(session):
        yield "second factors", "one is not sealed with the key of today: start the service once"


def erased_people_left_nothing(session: Session, _now: datetime) -> Found:
    """After erasing no personal field of that person is left (37)."""
    for left in left_over(session):
        yield f"person {left.person_id}", f"was erased, and something is left in {left.where}"
