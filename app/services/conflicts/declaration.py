"""What an expert sees before any content is opened: acronym, title and organisations, and what they declare on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from app.access import visible
from app.act import Act
from app.facts.membership import name_of_partner
from app.models import Application, Assignment, Membership, Role
from app.services.transitions import perform
from workflows.assignment import State
from workflows.membership import LIVE


@dataclass(frozen=True)
class Partner:
    """One organisation to declare on."""

    name: str
    country: str | None
    coordinates: bool = False


def partners_shown(act: Act, applications: Sequence[Application]) -> dict[str, list[Partner]]:
    """Give the organisations of each application by its id, in a fixed number of queries.

    In an anonymous call there are none to declare on: that was done once on the call's whole list.
    """
    open_ones = [a.id for a in applications if not a.call.anonymous]
    found: dict[str, list[Partner]] = {application.id: [] for application in applications}
    for member in act.session.scalars(_members().where(Membership.application_id.in_(open_ones))):
        found[member.application_id].append(_partner(member, coordinates=member.role is Role.COORDINATOR))
    return found


def _members() -> Select[Membership]:
    query = select(Membership).where(Membership.state.in_(LIVE)).options(selectinload(Membership.organisation))
    return query.order_by(Membership.application_id, Membership.position)


def _partner(member: Membership, *, coordinates: bool = False) -> Partner:
    return Partner(name_of_partner(member), member.country, coordinates)


def to_declare(act: Act) -> list[Assignment]:
    """Give the tasks on which the acting expert has to declare, due first."""
    query = (
        visible(act, Assignment, "assignment.view")
        .where(Assignment.person_id == act.person_id, Assignment.state == State.ASKED)
        .options(selectinload(Assignment.application).selectinload(Application.call))
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
