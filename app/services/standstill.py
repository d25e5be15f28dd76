"""Whether the evaluation a thing belongs to is frozen; asked by both doors, `perform` and `relation_for`."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Application, Assignment, Base, Call
from workflows.assignment import State
from workflows.standstill import evaluation_goes_on, stands_still
from workflows.verdict import ALLOWED, Verdict


def standstill(action: str, thing: Base | None) -> Verdict:
    """Say that a frozen evaluation stops the action, where it does."""
    if thing is None or not stands_still(action):
        return ALLOWED
    call = call_of(thing)
    return evaluation_goes_on(is_frozen=call is not None and call.frozen_at is not None)


def call_of(thing: Base) -> Call | None:
    """Give the call whose evaluation the thing belongs to."""
    if isinstance(thing, Call):
        return thing
    application = thing if isinstance(thing, Application) else getattr(thing, "application", None)
    found: Call | None = getattr(application if application is not None else thing, "call", None)
    return found


def frozen_for(session: Session, person_id: str | None) -> Sequence[Call]:
    """Give the calls in which a person has a task and nothing can be done now."""
    mine = select(Application.call_id).join(Assignment, Assignment.application_id == Application.id)
    told = mine.where(Assignment.person_id == person_id, Assignment.state != State.DRAFT)
    query = select(Call).where(Call.frozen_at.is_not(None), Call.id.in_(told)).order_by(Call.title, Call.id)
    return session.scalars(query).all()
