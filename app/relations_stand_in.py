"""Who signs in whose place: named for these days by a programme manager who could sign it themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, literal_column, or_, select
from sqlalchemy.orm import aliased

from app.asker import Asker
from app.models import OfficeHolding, Person, StandIn
from app.models.base import Identity
from app.scope import Scope
from app.ties import Clause, free_of_interest
from workflows.relations import Relation as R

NAMED = aliased(StandIn, name="named_stand_in")
# By name: as a column of the table it would bring the table along into each subquery, and correlate with nothing.
_PRINCIPAL: ColumnElement[Any] = literal_column("named_stand_in.principal_id", Identity)


def running(
    person: ColumnElement[Any] | str | None, now: ColumnElement[datetime] | datetime, named: Any = NAMED  # noqa: ANN401
) -> tuple[Clause, ...]:  # fmt: skip
    """Say that a stand-in is this person, for days that are now, and that the principal is still in office."""
    in_office = (
        select(OfficeHolding.id)
        .join(Person, Person.id == OfficeHolding.person_id)
        .where(
            OfficeHolding.person_id == named.principal_id,
            OfficeHolding.office == R.PROGRAMME_MANAGER,
            OfficeHolding.since <= now,
            or_(OfficeHolding.until.is_(None), OfficeHolding.until > now),
            Person.disabled_at.is_(None),
        )
        .correlate(named)
    )
    return (named.person_id == person, named.since <= now, named.until > now, named.ended_at.is_(None),
            exists(in_office))  # fmt: skip


def for_free_principals(asker: Asker, scope: Scope) -> tuple[Clause, ...]:
    """The same, of principals whom nothing ties to the thing: what they could not sign nobody signs in their place."""
    return (*running(asker.person, asker.now), free_of_interest(replace(asker, person=_PRINCIPAL), scope))


def stand_in(asker: Asker, scope: Scope) -> Clause:
    """Say whether somebody without interest, for whom nobody with an interest is taken, named the person for now."""
    if not asker.standing.stands_in:
        return false()
    named = select(NAMED.id).where(*for_free_principals(asker, scope))
    return and_(free_of_interest(asker, scope), exists(named))
