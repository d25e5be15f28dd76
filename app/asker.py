"""Who asks, as the conditions of `app/relations.py` know it.

What changes from one question to the next (person, moment) is a column expression, what shapes the statement is a
`Standing`: a statement built once with parameters then answers for everybody of the same standing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Date, String, bindparam, literal

from app.act import Act
from app.models.base import Identity, Moment
from workflows.relations import OFFICES
from workflows.relations import Relation as R

INTEREST_LASTS = timedelta(days=3 * 365)  # years of a call in which a former employer still ties somebody


@dataclass(frozen=True)
class Standing:
    """What decides which conditions there are, apart from the values they compare with."""

    signed_in: bool
    address_proved: bool
    offices: frozenset[R]


@dataclass(frozen=True)
class Asker:
    """One who asks; the columns hold values or, in a statement to be kept, parameters."""

    standing: Standing
    person: ColumnElement[Any]
    address: ColumnElement[Any]
    now: ColumnElement[datetime]
    interest_since: ColumnElement[datetime]
    interest_since_day: ColumnElement[date]


def offices_of(act: Act) -> frozenset[R]:
    """Give the offices the acting person holds at this moment."""
    holdings = act.person.offices if act.person else ()
    running = {h.office for h in holdings if h.since <= act.now and (h.until is None or h.until > act.now)}
    return frozenset(office for office in OFFICES if office in running)


def standing_of(act: Act) -> Standing:
    person = act.person
    return Standing(person is not None, person is not None and person.email_verified_at is not None, offices_of(act))


def values_of(act: Act) -> dict[str, Any]:
    """Give the values of the parameters of `unknown_asker`, by name."""
    since = act.now - INTEREST_LASTS
    return {
        "asker_person": act.person_id,
        "asker_address": act.person.email_folded if act.person else None,
        "asker_now": act.now,
        "asker_interest_since": since,
        "asker_interest_since_day": since.date(),
    }


TYPES: dict[str, Any] = {
    "asker_person": Identity,
    "asker_address": String(),
    "asker_now": Moment(),
    "asker_interest_since": Moment(),
    "asker_interest_since_day": Date(),
}


def known_asker(act: Act) -> Asker:
    """Give the acting person with the values themselves: for a statement that others compose further."""
    return Asker(standing_of(act), *(literal(value, TYPES[name]) for name, value in values_of(act).items()))


def unknown_asker(standing: Standing) -> Asker:
    """Give somebody of this standing with parameters in place of values."""
    return Asker(standing, *(bindparam(name, type_=kind) for name, kind in TYPES.items()))
