"""Who has an interest in an application, as a condition in SQL: decisions.md, "Interest and office"."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, false, or_, select, true
from sqlalchemy.orm import aliased

from app.asker import USUAL_YEARS, Asker
from app.models import (
    Application,
    Call,
    Conflict,
    Disclosure,
    DisclosureLine,
    Employer,
    Expert,
    Expression,
    Introduction,
    Membership,
    OrganisationMember,
    Participant,
    Reply,
    Strength,
)
from app.scope import Column, Scope
from workflows import application as application_states
from workflows import introduction as introduction_states
from workflows import membership as membership_states
from workflows import reply as reply_states

Clause = ColumnElement[bool]

KEPT = 512  # conditions kept: some ten standings, each with the columns of some thirty kinds of things


def my_organisations(asker: Asker, *, administrator: bool = False) -> Select[str]:
    query = select(OrganisationMember.organisation_id).where(
        OrganisationMember.person_id == asker.person,
        OrganisationMember.accepted.is_(True),
        OrganisationMember.ended_at.is_(None),
    )
    return query.where(OrganisationMember.administrator.is_(True)) if administrator else query


def introduced(asker: Asker, scope: Scope) -> Clause:
    """Say whether an organisation of the person and the thing's have both agreed to be in touch."""
    if scope.organisation is not None:
        return _in_touch(asker, scope.organisation)
    if scope.expression is None:
        return false()
    return scope.expression.in_(select(Expression.id).where(_in_touch(asker, Expression.organisation_id)))


def _in_touch(asker: Asker, organisation: Column) -> Clause:
    """Both organisations have said yes: to an introduction, to a wish to join, or to one consortium."""
    mine = my_organisations(asker)
    agreed, accepted = introduction_states.State.AGREED, membership_states.State.ACCEPTED
    asked = select(Introduction.asked_id).where(Introduction.state == agreed, Introduction.asking_id.in_(mine))
    asking = select(Introduction.asking_id).where(Introduction.state == agreed, Introduction.asked_id.in_(mine))
    author = aliased(Expression)
    replies = (
        select(author.organisation_id)
        .join(Reply, Reply.expression_id == author.id)
        .where(Reply.state == reply_states.State.ACCEPTED)
    )
    respondents = replies.with_only_columns(Reply.organisation_id).where(author.organisation_id.in_(mine))
    own, other = aliased(Membership), aliased(Membership)
    shared = select(own.application_id).where(own.state == accepted, own.organisation_id.in_(mine))
    partners = select(other.organisation_id).where(
        other.state == accepted, other.organisation_id.is_not(None), other.application_id.in_(shared)
    )
    found = (asked, asking, replies.where(Reply.organisation_id.in_(mine)), respondents, partners)
    return or_(*(organisation.in_(one) for one in found))


def _since(call: type[Call], columns: Mapping[int, ColumnElement[Any]]) -> ColumnElement[Any]:
    """Give the moment since when the call ties former members and employees."""
    return case(
        *((call.interest_years == years, since) for years, since in columns.items()), else_=columns[USUAL_YEARS]
    )


@lru_cache(maxsize=KEPT)
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
    """An organisation or employer of the person, now or within the years of the call, is a partner."""
    membership, other, call = aliased(Membership), aliased(Application), aliased(Call)
    member, employer, expert = aliased(OrganisationMember), aliased(Employer), aliased(Expert)
    belongs = exists(
        select(member.id).where(
            member.person_id == asker.person,
            member.organisation_id == membership.organisation_id,
            member.accepted.is_(True),
            or_(member.ended_at.is_(None), member.ended_at > _since(call, asker.interest_since)),
        )
    )
    works = exists(
        select(employer.id)
        .join(expert, expert.id == employer.expert_id)
        .where(
            expert.person_id == asker.person,
            employer.organisation_id == membership.organisation_id,
            or_(employer.until_on.is_(None), employer.until_on > _since(call, asker.interest_since_day)),
        )
    )
    return exists(
        select(membership.id)
        .join(other, other.id == membership.application_id)
        .join(call, call.id == other.call_id)
        .where(
            membership.application_id == application,
            membership.state.in_(membership_states.LIVE),
            or_(belongs, works),
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


def free_of_interest(asker: Asker, scope: Scope) -> Clause:
    """Say whether nothing ties the person to what the thing speaks of: that removes an office, never grants one."""
    if scope.whole_call and scope.call is not None:
        return ~tied_in_call(asker, scope.call)
    if scope.application is None:
        return true()
    if scope.call is None:
        return ~tied(asker, scope.application)
    # What belongs to no application, such as the act of a decision, speaks of all of its call. Asked as a case: of
    # "or" SQLite works out both sides, and would look through a call of thousands for each of its applications.
    of_one = scope.application.is_not(None)
    return and_(~tied(asker, scope.application), case((of_one, true()), else_=~tied_in_call(asker, scope.call)))
