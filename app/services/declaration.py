"""What an expert sees before any content is opened: acronym, title and organisations, and what they declare on it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.access import visible
from app.act import Act
from app.facts.membership import name_of_partner
from app.models import Application, Assignment, Membership
from app.services.transitions import perform
from workflows.application import AFTER_SUBMISSION
from workflows.assignment import State
from workflows.membership import LIVE


@dataclass(frozen=True)
class Partner:
    """One organisation to declare on."""

    name: str
    country: str | None
    coordinates: bool = False


def partners_shown(act: Act, application: Application) -> list[Partner]:
    """Give the organisations of the application; in an anonymous call all of the call, in an order that tells nothing."""
    query = select(Membership).where(Membership.state.in_(LIVE)).options(selectinload(Membership.organisation))
    if not application.call.anonymous:
        own = act.session.scalars(
            query.where(Membership.application_id == application.id).order_by(Membership.position)
        )
        return [Partner(name_of_partner(m), m.country, m.role.value == "coordinator") for m in own]
    of_call = select(Application.id).where(
        Application.call_id == application.call_id, Application.state.in_(AFTER_SUBMISSION)
    )
    everybody = act.session.scalars(query.where(Membership.application_id.in_(of_call)))
    found = {(name_of_partner(m), m.country) for m in everybody}
    shuffled = sorted(found, key=lambda one: hashlib.sha256(f"{application.call_id}{one[0]}".encode()).hexdigest())
    return [Partner(name, country) for name, country in shuffled]


def to_declare(act: Act) -> list[Assignment]:
    """Give the tasks on which the acting expert has to declare, due first."""
    query = (
        visible(act, Assignment, "assignment.view")
        .where(Assignment.person_id == act.person_id, Assignment.state == State.ASKED)
        .options(selectinload(Assignment.application))
        .order_by(Assignment.due_at, Assignment.id)
    )
    return list(act.session.scalars(query))


def declare_in_a_row(act: Act, answers: Mapping[str, str], kinds: Mapping[str, str]) -> int:
    """Declare on several tasks at once: `free` or `conflict` by the task's id; others are left for later.

    `kinds` has the kind of interest where one is declared. Raises `Refused` as the rows do; nothing is stored then.
    """
    count = 0
    for task in to_declare(act):
        answer = answers.get(task.id)
        if answer == "free":
            perform(act, task, "declare_free", {"no_conflict": True})
        elif answer == "conflict":
            perform(act, task, "declare_conflict", {"kind": kinds.get(task.id, "other")})
        count += answer in ("free", "conflict")
    return count
