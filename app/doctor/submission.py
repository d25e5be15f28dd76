"""Submission and time: threats.md section 2, 1 to 8."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.doctor.finding import Found
from app.models import Application, Assignment, Event, Membership, SubmittedVersion
from workflows import application as applications
from workflows import assignment as assignments
from workflows import membership as memberships

NEEDS_VERSION = frozenset(set(applications.State) - {applications.State.DRAFT, applications.State.LAPSED})


def versions_hash_to_what_they_say(session: Session, _now: datetime) -> Found:
    for version in session.scalars(select(SubmittedVersion).execution_options(yield_per=100)):
        if hashlib.sha256(version.canonical.encode()).hexdigest() != version.sha256:
            yield (
                f"version {version.number} of application {version.application_id}",
                "its text is not what was received",
            )


def versions_came_in_time(session: Session, _now: datetime) -> Found:
    late = select(SubmittedVersion).where(SubmittedVersion.received_at >= SubmittedVersion.deadline)
    for version in session.scalars(late):
        yield (
            f"version {version.number} of application {version.application_id}",
            "was received at or after the deadline",
        )


def a_submitted_application_has_a_version(session: Session, _now: datetime) -> Found:
    frozen = select(SubmittedVersion.application_id)
    bare = select(Application.id).where(Application.state.in_(NEEDS_VERSION), Application.id.not_in(frozen))
    for application_id in session.scalars(bare):
        yield f"application {application_id}", "is submitted without a frozen version"


def partners_confirmed_themselves(session: Session, _now: datetime) -> Found:
    """An accepted partner has its own act of acceptance on record."""
    accepted = select(Event.thing_id).where(
        Event.noun == "membership", Event.name == "accept", Event.actor_id.is_not(None)
    )
    bare = select(Membership.id).where(Membership.state == memberships.State.ACCEPTED, Membership.id.not_in(accepted))
    for membership_id in session.scalars(bare):
        yield f"membership {membership_id}", "is accepted without anybody's acceptance"


def a_withdrawn_application_has_no_open_task(session: Session, _now: datetime) -> Found:
    open_tasks = (
        select(Assignment.id)
        .join(Application, Application.id == Assignment.application_id)
        .where(Application.state == applications.State.WITHDRAWN, Assignment.state.in_(assignments.LIVE))
    )
    for assignment_id in session.scalars(open_tasks):
        yield f"assignment {assignment_id}", "is open though its application is withdrawn"
