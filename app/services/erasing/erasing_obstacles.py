"""What has to be settled before a person can be erased, each with its remedy."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import ColumnElement, or_, select

from app.act import Act
from app.models import (
    Application,
    Assignment,
    Label,
    Membership,
    OfficeHolding,
    Organisation,
    OrganisationMember,
    Part,
    Participant,
    Person,
)
from app.services.organisations.organisation_people import administrators_of
from workflows import application as applications
from workflows import assignment as assignments
from workflows import label as labels
from workflows import membership as memberships
from workflows import profile as profiles
from workflows.relations import Relation as R
from workflows.verdict import Reason, Verdict
from workflows.words import _

OPEN = frozenset({applications.State.DRAFT}) | applications.BEFORE_PROPOSAL
NEEDS_SOMEBODY = frozenset({profiles.State.SUBMITTED, profiles.State.PUBLISHED})
NEEDED = (R.PROGRAMME_MANAGER, R.CALL_MANAGER, R.ADMINISTRATOR)  # without one of each the house stands still


def obstacles(act: Act, person: Person) -> Verdict:
    """Give everything that stands against erasing the person now.

    An administrator has no part in applications and their evaluation: they are told that something is open, not what.
    """
    found = [*_offices(act, person), *_organisations(act, person)]
    work = [*_applications(act, person), *_tasks(act, person)]
    if work and act.person_id not in (None, person.id):
        text = _(
            "An application or an evaluation is still open. It has to be handed over or ended first, by whoever has it."
        )
        work = [Reason("open-work", text, {})]
    return Verdict((*found, *work))


def _offices(act: Act, person: Person) -> Iterator[Reason]:
    now = or_(OfficeHolding.until.is_(None), OfficeHolding.until > act.now)
    held = select(OfficeHolding).where(OfficeHolding.person_id == person.id, OfficeHolding.since <= act.now, now)
    for holding in act.session.scalars(held):
        others = (
            select(OfficeHolding.id)
            .join(Person, Person.id == OfficeHolding.person_id)
            .where(OfficeHolding.office == holding.office, OfficeHolding.person_id != person.id)
            .where(OfficeHolding.since <= act.now, now, Person.disabled_at.is_(None))
        )
        office = {"office": holding.office.value.replace("_", " ")}
        if holding.office in NEEDED and act.session.scalar(others.limit(1)) is None:
            text = _("There is no other {office}. An administrator has to appoint one, and to end this office then.")
            yield Reason("last-in-office", text, office)
        else:
            text = _("The office of {office} has not ended. An administrator has to end it first.")
            yield Reason("in-office", text, office)


def _organisations(act: Act, person: Person) -> Iterator[Reason]:
    mine = (
        select(OrganisationMember.organisation_id)
        .where(OrganisationMember.person_id == person.id, OrganisationMember.administrator.is_(True))
        .where(OrganisationMember.accepted.is_(True), OrganisationMember.ended_at.is_(None))
    )
    query = select(Organisation).where(Organisation.id.in_(mine), Organisation.merged_into_id.is_(None))
    for organisation in act.session.scalars(query.order_by(Organisation.name, Organisation.id)).all():
        if {one.id for one in administrators_of(act, organisation)} <= {person.id} and _is_needed(act, organisation):
            text = _(
                "{organisation} has no other administrator. Make somebody else its administrator on its page; "
                "where nobody else is left, ask the office to suspend its profile."
            )
            yield Reason("only-administrator", text, {"organisation": organisation.name})


def _is_needed(act: Act, organisation: Organisation) -> bool:
    if organisation.state in NEEDS_SOMEBODY:
        return True
    living = (
        select(Membership.id)
        .join(Application, Application.id == Membership.application_id)
        .where(Membership.organisation_id == organisation.id, Membership.state.in_(memberships.LIVE))
        .where(Application.state.in_(OPEN))
    )
    return act.session.scalar(living.limit(1)) is not None


def _applications(act: Act, person: Person) -> Iterator[Reason]:
    offered = select(Label.application_id).where(Label.state == labels.State.OFFERED)
    open_still: ColumnElement[bool] = or_(Application.state.in_(OPEN), Application.id.in_(offered))
    query = (
        select(Application)
        .join(Participant, Participant.application_id == Application.id)
        .where(Participant.person_id == person.id, Participant.part == Part.COORDINATOR, Participant.until.is_(None))
        .where(open_still)
    )
    for application in act.session.scalars(query.order_by(Application.number)):
        text = _("The application {application} is still open. Hand its coordination over on its page, or withdraw it.")
        yield Reason("coordinates", text, {"application": application.acronym or application.number})


def _tasks(act: Act, person: Person) -> Iterator[Reason]:
    """Speak of tasks the person was told of, and of none by name: before the declaration there may be none to tell."""
    told = assignments.LIVE - {assignments.State.DRAFT}
    query = (
        select(Assignment.id)
        .join(Application, Application.id == Assignment.application_id)
        .where(Assignment.person_id == person.id, Assignment.state.in_(told))
        .where(Application.state.in_(applications.IN_EVALUATION))
    )
    if act.session.scalar(query.limit(1)) is not None:
        yield Reason("open-task", _("An evaluation is not over. Ask the call manager to take its tasks back."), {})
