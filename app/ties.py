"""Who has an interest in an application, as a condition in SQL: decisions.md, "Interest and office"."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import aliased

from app.asker import Asker
from app.models import (
    Application,
    Conflict,
    Disclosure,
    DisclosureLine,
    Employer,
    Expert,
    Membership,
    OrganisationMember,
    Participant,
    Strength,
)
from app.scope import Column
from workflows import application as application_states
from workflows import membership as membership_states

Clause = ColumnElement[bool]


def my_organisations(asker: Asker, *, administrator: bool = False, former: bool = False) -> Select[str]:
    query = select(OrganisationMember.organisation_id).where(
        OrganisationMember.person_id == asker.person, OrganisationMember.accepted.is_(True)
    )
    if administrator:
        query = query.where(OrganisationMember.administrator.is_(True))
    if former:
        return query.where(
            or_(OrganisationMember.ended_at.is_(None), OrganisationMember.ended_at > asker.interest_since)
        )
    return query.where(OrganisationMember.ended_at.is_(None))


def _my_employers(asker: Asker) -> Select[str | None]:
    return (
        select(Employer.organisation_id)
        .join(Expert, Expert.id == Employer.expert_id)
        .where(
            Expert.person_id == asker.person,
            Employer.organisation_id.is_not(None),
            or_(Employer.until_on.is_(None), Employer.until_on > asker.interest_since_day),
        )
    )


def tied(asker: Asker, application: Column) -> Clause:
    """Say whether the person has an interest in the application: decisions.md, "Interest and office"."""
    took_part = exists(
        select(Participant.id).where(Participant.application_id == application, Participant.person_id == asker.person)
    )
    declared = exists(
        select(Conflict.id).where(
            Conflict.application_id == application,
            Conflict.person_id == asker.person,
            Conflict.dismissed_at.is_(None),
            or_(Conflict.declared.is_(True), Conflict.strength == Strength.DIRECT),
        )
    )
    return or_(_belongs(asker, application), took_part, _disclosed(asker, application), declared)


def _belongs(asker: Asker, application: Column) -> Clause:
    """An organisation or employer of the person is a partner."""
    membership = aliased(Membership)
    mine = or_(
        membership.organisation_id.in_(my_organisations(asker, former=True)),
        membership.organisation_id.in_(_my_employers(asker)),
    )
    return exists(
        select(membership.id).where(
            membership.application_id == application, membership.state.in_(membership_states.LIVE), mine
        )
    )


def _disclosed(asker: Asker, application: Column) -> Clause:
    """In an anonymous call, the person ticked one of the partners on the call's list of organisations."""
    membership, other = aliased(Membership), aliased(Application)
    listed = or_(
        membership.organisation_id == DisclosureLine.organisation, membership.id == DisclosureLine.organisation
    )
    return exists(
        select(DisclosureLine.id)
        .join(Disclosure, Disclosure.id == DisclosureLine.disclosure_id)
        .join(membership, listed)
        .join(other, and_(other.id == membership.application_id, other.call_id == Disclosure.call_id))
        .where(
            Disclosure.person_id == asker.person,
            DisclosureLine.interest.is_(True),
            membership.application_id == application,
            membership.state.in_(membership_states.LIVE),
        )
    )


def tied_in_call(asker: Asker, call: Column) -> Clause:
    """Say whether the person has an interest in any application of the call that was not left behind."""
    other = aliased(Application)
    live = set(application_states.State) - {application_states.State.LAPSED, application_states.State.DRAFT}
    return exists(select(other.id).where(other.call_id == call, other.state.in_(live), tied(asker, other.id)))
