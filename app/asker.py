"""Who asks, as the conditions of `app/relations.py` know it.

What changes from one question to the next (person, moment) is a column expression, what shapes the statement is a
`Standing`: a statement built once with parameters then answers for everybody of the same standing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Date, String, bindparam, literal

from app.act import Act
from app.models.base import Identity, Moment
from workflows.relations import MAY_STAND_IN, OFFICES
from workflows.relations import Relation as R

USUAL_YEARS = 3  # in which a former employer still ties somebody, where a call does not say
MOST_YEARS = 5


def interest_since(now: datetime, years: int) -> datetime:
    """Give the moment since when belonging to an applicant ties somebody."""
    return now - timedelta(days=365 * years)


@dataclass(frozen=True)
class Standing:
    """What decides which conditions there are, apart from the values they compare with."""

    signed_in: bool
    address_proved: bool
    offices: frozenset[R]
    stands_in: bool = False  # for a programme manager, at this moment


@dataclass(frozen=True, eq=False)
class Asker:
    """One who asks; the columns hold values or, in a statement to be kept, parameters.

    Two askers are equal only if they are one: columns compare as SQL.
    """

    standing: Standing
    person: ColumnElement[Any]
    address: ColumnElement[Any]
    now: ColumnElement[datetime]
    interest_since: Mapping[int, ColumnElement[datetime]]  # by the years of a call
    interest_since_day: Mapping[int, ColumnElement[date]]


def offices_of(act: Act) -> frozenset[R]:
    """Give the offices the acting person holds at this moment."""
    holdings = act.person.offices if act.person else ()
    running = {h.office for h in holdings if h.since <= act.now and (h.until is None or h.until > act.now)}
    return frozenset(office for office in OFFICES if office in running)


def stands_in(act: Act, offices: frozenset[R]) -> bool:
    """Say whether the acting person was named as stand-in for this moment; of those without office nothing is read."""
    if act.person is None or not offices & MAY_STAND_IN:
        return False
    return any(one.since <= act.now < one.until and one.ended_at is None for one in act.person.stand_ins)


def standing_of(act: Act) -> Standing:
    person, offices = act.person, offices_of(act)
    proved = person is not None and person.email_verified_at is not None
    return Standing(person is not None, proved, offices, stands_in(act, offices))


def values_of(act: Act) -> dict[str, Any]:
    """Give the values of the parameters of `unknown_asker`, by name."""
    return {
        "asker_person": act.person_id,
        "asker_address": act.person.email_folded if act.person else None,
        "asker_now": act.now,
    } | sinces(act.now)


def sinces(now: datetime) -> dict[str, Any]:
    """Give the values of the parameters that hold since when one is tied, for each number of years."""
    found: dict[str, Any] = {}
    for years in range(1, MOST_YEARS + 1):
        since = interest_since(now, years)
        found |= {f"asker_interest_since_{years}": since, f"asker_interest_since_day_{years}": since.date()}
    return found


TYPES: dict[str, Any] = {
    "asker_person": Identity,
    "asker_address": String(),
    "asker_now": Moment(),
}
for _years in range(1, MOST_YEARS + 1):
    TYPES |= {f"asker_interest_since_{_years}": Moment(), f"asker_interest_since_day_{_years}": Date()}


def asker_of(standing: Standing, columns: Mapping[str, ColumnElement[Any]]) -> Asker:
    """Put an asker together from columns named as in `TYPES`."""
    years = range(1, MOST_YEARS + 1)
    return Asker(
        standing,
        person=columns["asker_person"],
        address=columns["asker_address"],
        now=columns["asker_now"],
        interest_since={n: columns[f"asker_interest_since_{n}"] for n in years},
        interest_since_day={n: columns[f"asker_interest_since_day_{n}"] for n in years},
    )


def known_asker(act: Act) -> Asker:
    """Give the acting person with the values themselves: for a statement that others compose further."""
    return asker_of(standing_of(act), {name: literal(value, TYPES[name]) for name, value in values_of(act).items()})


@cache
def unknown_asker(standing: Standing) -> Asker:
    """Give somebody of this standing with parameters in place of values."""
    return asker_of(standing, {name: bindparam(name, type_=kind) for name, kind in TYPES.items()})
