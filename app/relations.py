"""What each relation means, written once as a condition in SQL; `app/access.py` asks it of one thing or of many."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select, true
from sqlalchemy.orm import aliased

from app.act import Act
from app.models import (
    Application,
    Assessment,
    Assignment,
    Call,
    Conflict,
    Decision,
    Employer,
    Expert,
    Expression,
    Follow,
    Membership,
    OfficeHolding,
    OrganisationMember,
    Part,
    Participant,
    Reply,
    Strength,
)
from app.scope import Column, Scope
from workflows import application as application_states
from workflows import assignment as assignment_states
from workflows import decision as decision_states
from workflows import expression as expression_states
from workflows import membership as membership_states
from workflows.relations import OFFICES
from workflows.relations import Relation as R

Clause = ColumnElement[bool]
INTEREST_LASTS = timedelta(days=3 * 365)  # years of a call in which a former employer still ties somebody


def _my_organisations(act: Act, *, administrator: bool = False, former: bool = False) -> Select[str]:
    query = select(OrganisationMember.organisation_id).where(
        OrganisationMember.person_id == act.person_id, OrganisationMember.accepted.is_(True)
    )
    if administrator:
        query = query.where(OrganisationMember.administrator.is_(True))
    if former:
        return query.where(
            or_(OrganisationMember.ended_at.is_(None), OrganisationMember.ended_at > act.now - INTEREST_LASTS)
        )
    return query.where(OrganisationMember.ended_at.is_(None))


def _my_employers(act: Act) -> Select[str | None]:
    ended = (act.now - INTEREST_LASTS).date()
    return (
        select(Employer.organisation_id)
        .join(Expert, Expert.id == Employer.expert_id)
        .where(
            Expert.person_id == act.person_id,
            Employer.organisation_id.is_not(None),
            or_(Employer.until_on.is_(None), Employer.until_on > ended),
        )
    )


def _takes_part(act: Act, application: Column, *parts: Part) -> Clause:
    query = select(Participant.id).where(
        Participant.application_id == application, Participant.person_id == act.person_id, Participant.until.is_(None)
    )
    return exists(query.where(Participant.part.in_(parts)) if parts else query)


def tied(act: Act, application: Column) -> Clause:
    """Say whether the person has an interest in the application: decisions.md, "Interest and office"."""
    membership = aliased(Membership)
    mine = or_(
        membership.organisation_id.in_(_my_organisations(act, former=True)),
        membership.organisation_id.in_(_my_employers(act)),
    )
    belongs = exists(
        select(membership.id).where(
            membership.application_id == application, membership.state.in_(membership_states.LIVE), mine
        )
    )
    took_part = exists(
        select(Participant.id).where(Participant.application_id == application, Participant.person_id == act.person_id)
    )
    declared = exists(
        select(Conflict.id).where(
            Conflict.application_id == application,
            Conflict.person_id == act.person_id,
            Conflict.dismissed_at.is_(None),
            or_(Conflict.declared.is_(True), Conflict.strength == Strength.DIRECT),
        )
    )
    return or_(belongs, took_part, declared)


def tied_in_call(act: Act, call: Column) -> Clause:
    """Say whether the person has an interest in any application of the call that was not left behind."""
    other = aliased(Application)
    live = set(application_states.State) - {application_states.State.LAPSED, application_states.State.DRAFT}
    return exists(select(other.id).where(other.call_id == call, other.state.in_(live), tied(act, other.id)))


def holds_office(act: Act, office: R) -> bool:
    holdings: Iterable[OfficeHolding] = act.person.offices if act.person else ()
    return any(h.office == office and h.since <= act.now and (h.until is None or h.until > act.now) for h in holdings)


def _office(office: R) -> Callable[[Act, Scope], Clause]:
    def clause(act: Act, scope: Scope) -> Clause:
        if not holds_office(act, office):
            return false()
        if scope.whole_call and scope.call is not None:
            return ~tied_in_call(act, scope.call)
        if scope.application is None:
            return true()
        if scope.call is None:
            return ~tied(act, scope.application)
        # What belongs to no application, such as the act of a decision, speaks of all of its call.
        return and_(~tied(act, scope.application), or_(scope.application.is_not(None), ~tied_in_call(act, scope.call)))

    return clause


def _part(*parts: Part) -> Callable[[Act, Scope], Clause]:
    def clause(act: Act, scope: Scope) -> Clause:
        return false() if scope.application is None else _takes_part(act, scope.application, *parts)

    return clause


def _organisation_member(act: Act, scope: Scope, *, administrator: bool = False) -> Clause:
    if scope.organisation is None:
        return false()
    return scope.organisation.in_(_my_organisations(act, administrator=administrator))


def _author(act: Act, scope: Scope) -> Clause:
    if scope.expression is None:
        return false()
    return scope.expression.in_(select(Expression.id).where(Expression.organisation_id.in_(_my_organisations(act))))


def _respondent(act: Act, scope: Scope) -> Clause:
    if scope.reply is None:
        return false()
    return scope.reply.in_(select(Reply.id).where(Reply.organisation_id.in_(_my_organisations(act))))


def _follower(act: Act, scope: Scope) -> Clause:
    followed = scope.expression if scope.expression is not None else scope.call
    if followed is None:
        return false()
    return followed.in_(select(Follow.thing_id).where(Follow.person_id == act.person_id))


def _public_reader(_act: Act, scope: Scope) -> Clause:
    if scope.expression is None:
        return false()
    return scope.expression.in_(select(Expression.id).where(Expression.state.in_(expression_states.PUBLIC)))


def _own_partner(act: Act, scope: Scope) -> Clause:
    if scope.membership is None:
        return false()
    mine = select(Participant.membership_id).where(
        Participant.person_id == act.person_id,
        Participant.until.is_(None),
        Participant.part.in_([Part.COORDINATOR, Part.DEPUTY, Part.CONTACT]),
    )
    return scope.membership.in_(mine.where(Participant.membership_id.is_not(None)))


def _invited(act: Act, scope: Scope) -> Clause:
    """The invited address is proved as this person's, or the person administers the invited organisation."""
    if scope.application is None or act.person is None:
        return false()
    by_organisation = Membership.organisation_id.in_(_my_organisations(act, administrator=True))
    proved = act.person.email_verified_at is not None
    by_address = (Membership.invited_email_folded == act.person.email_folded) if proved else false()
    query = select(Membership.id).where(
        Membership.state == membership_states.State.INVITED, or_(by_organisation, by_address)
    )
    if scope.membership is not None:
        return scope.membership.in_(query)
    other = aliased(Membership)
    return exists(select(other.id).where(other.application_id == scope.application, other.id.in_(query)))


# An expert is one until the release: afterwards nothing of the call is left to them (threats.md, section 3).
BEING_EVALUATED = frozenset({application_states.State.ELIGIBLE, application_states.State.EVALUATED})


def _assigned_in(states: frozenset[Any], *, lead: bool = False) -> Callable[[Act, Scope], Clause]:
    def clause(act: Act, scope: Scope) -> Clause:
        if scope.application is None:
            return false()
        task = aliased(Assignment)
        query = select(task.id).where(
            task.person_id == act.person_id,
            task.state.in_(states),
            task.application_id.in_(select(Application.id).where(Application.state.in_(BEING_EVALUATED))),
        )
        if lead:
            query = query.where(task.rapporteur.is_(True))
        if scope.assignment is not None:
            return and_(scope.assignment.in_(query), ~tied(act, scope.application))
        return and_(exists(query.where(task.application_id == scope.application)), ~tied(act, scope.application))

    return clause


_expert = _assigned_in(assignment_states.READING)


def _sighted_expert(act: Act, scope: Scope) -> Clause:
    if scope.call is None:
        return false()
    return and_(_expert(act, scope), scope.call.in_(select(Call.id).where(Call.anonymous.is_(False))))


def _assessor(act: Act, scope: Scope) -> Clause:
    if scope.assignment is not None:
        return _expert(act, scope)
    if scope.assessment is None:
        return false()
    mine = select(Assessment.id).where(Assessment.person_id == act.person_id)
    return and_(scope.assessment.in_(mine), _expert(act, scope))


def _declarant(act: Act, scope: Scope) -> Clause:
    if scope.assignment is None:
        return false()
    return scope.assignment.in_(select(Assignment.id).where(Assignment.person_id == act.person_id))


def _checker(act: Act, scope: Scope) -> Clause:
    if scope.application is None or not holds_office(act, R.CALL_MANAGER):
        return false()
    S = application_states.State  # noqa: N806
    early = {S.DRAFT, S.SUBMITTED, S.LAPSED}
    received = select(Application.id).where(Application.state.not_in(early))
    withdrawn_early = and_(
        Application.state == S.WITHDRAWN,
        Application.call_id.in_(select(Call.id).where(Call.closes_at > act.now)),
    )
    return and_(scope.application.in_(received.where(~withdrawn_early)), ~tied(act, scope.application))


def _decider(act: Act, scope: Scope) -> Clause:
    if scope.call is None or not holds_office(act, R.PROGRAMME_MANAGER):
        return false()
    fixed = select(Decision.call_id).where(Decision.state.in_(decision_states.FIXED))
    return and_(scope.call.in_(fixed), ~tied_in_call(act, scope.call))


def _self(act: Act, scope: Scope) -> Clause:
    return false() if scope.person is None else scope.person == act.person_id


RELATIONS: dict[R, Callable[[Act, Scope], Clause]] = {
    R.ANYONE: lambda _act, _scope: true(),
    R.SIGNED_IN: lambda act, _scope: true() if act.person else false(),
    R.SELF: _self,
    R.ORGANISATION_MEMBER: _organisation_member,
    R.ORGANISATION_ADMINISTRATOR: lambda act, scope: _organisation_member(act, scope, administrator=True),
    R.AUTHOR: _author,
    R.RESPONDENT: _respondent,
    R.FOLLOWER: _follower,
    R.PUBLIC_READER: _public_reader,
    R.COORDINATOR: _part(Part.COORDINATOR),
    R.DEPUTY: _part(Part.DEPUTY),
    R.PARTNER: _part(Part.COORDINATOR, Part.DEPUTY, Part.CONTACT),
    R.OWN_PARTNER: _own_partner,
    R.INVITED: _invited,
    R.HELPER: _part(Part.HELPER),
    R.SIGNATORY: _part(Part.SIGNATORY),
    R.ASSIGNED: _assigned_in(assignment_states.WAITING),
    R.EXPERT: _expert,
    R.SIGHTED_EXPERT: _sighted_expert,
    R.ASSESSOR: _assessor,
    R.RAPPORTEUR: _assigned_in(assignment_states.READING, lead=True),
    R.DECLARANT: _declarant,
    R.CHECKER: _checker,
    R.DECIDER: _decider,
    **{office: _office(office) for office in sorted(OFFICES)},
}
