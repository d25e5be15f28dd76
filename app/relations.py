"""What each relation means, written once as a condition in SQL; `app/access.py` asks it of one thing or of many."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Text, and_, cast, exists, false, literal, or_, select, true
from sqlalchemy.orm import aliased

from app.asker import Asker
from app.models import (
    Application,
    Assignment,
    Call,
    Decision,
    DraftLook,
    Expert,
    Expression,
    Follow,
    Introduction,
    Membership,
    Part,
    Participant,
    Reply,
    Review,
    ReviewMember,
)
from app.relations_auditor import opened_to
from app.relations_experts import assessor, assigned_in, expert, expert_or_peer, sighted
from app.relations_stand_in import stand_in
from app.scope import Column, Scope
from app.ties import Clause, free_of_interest, introduced, my_organisations, tied, tied_in_call
from workflows import application as application_states
from workflows import assignment as assignment_states
from workflows import decision as decision_states
from workflows import expression as expression_states
from workflows import membership as membership_states
from workflows import review as review_states
from workflows.relations import OFFICES
from workflows.relations import Relation as R


def _takes_part(asker: Asker, application: Column, *parts: Part) -> Clause:
    query = select(Participant.id).where(
        Participant.application_id == application, Participant.person_id == asker.person, Participant.until.is_(None)
    )
    return exists(query.where(Participant.part.in_(parts)) if parts else query)


def _office(office: R) -> Callable[[Asker, Scope], Clause]:
    def clause(asker: Asker, scope: Scope) -> Clause:
        if office not in asker.standing.offices:
            return false()
        return free_of_interest(asker, scope)

    return clause


def _auditor(asker: Asker, scope: Scope) -> Clause:
    if R.AUDITOR not in asker.standing.offices:
        return false()
    return and_(_office(R.AUDITOR)(asker, scope), opened_to(asker, scope))


def _part(*parts: Part) -> Callable[[Asker, Scope], Clause]:
    def clause(asker: Asker, scope: Scope) -> Clause:
        return false() if scope.application is None else _takes_part(asker, scope.application, *parts)

    return clause


def _organisation_member(asker: Asker, scope: Scope, *, administrator: bool = False) -> Clause:
    if scope.organisation is None:
        return false()
    return scope.organisation.in_(my_organisations(asker, administrator=administrator))


def _author(asker: Asker, scope: Scope) -> Clause:
    if scope.expression is None:
        return false()
    return scope.expression.in_(select(Expression.id).where(Expression.organisation_id.in_(my_organisations(asker))))


def _respondent(asker: Asker, scope: Scope) -> Clause:
    if scope.reply is None:
        return false()
    return scope.reply.in_(select(Reply.id).where(Reply.organisation_id.in_(my_organisations(asker))))


def _in_introduction(side: Column) -> Callable[[Asker, Scope], Clause]:
    def clause(asker: Asker, scope: Scope) -> Clause:
        if scope.introduction is None:
            return false()
        return scope.introduction.in_(select(Introduction.id).where(side.in_(my_organisations(asker))))

    return clause


def _follower(asker: Asker, scope: Scope) -> Clause:
    followed = scope.expression if scope.expression is not None else scope.call
    if followed is None:
        return false()
    return followed.in_(select(Follow.thing_id).where(Follow.person_id == asker.person))


def _public_reader(_asker: Asker, scope: Scope) -> Clause:
    if scope.expression is None:
        return false()
    public = select(Expression.id).where(Expression.state.in_(expression_states.PUBLIC))
    if scope.file is not None:  # what was published names its documents, and stays as it was until published again
        named = cast(Expression.published, Text).contains(literal('"').concat(scope.file).concat('"'))
        public = public.where(named).correlate_except(Expression)
    return scope.expression.in_(public)


def _own_partner(asker: Asker, scope: Scope) -> Clause:
    if scope.membership is None:
        return false()
    mine = select(Participant.membership_id).where(
        Participant.person_id == asker.person,
        Participant.until.is_(None),
        Participant.part.in_([Part.COORDINATOR, Part.DEPUTY, Part.CONTACT]),
    )
    return scope.membership.in_(mine.where(Participant.membership_id.is_not(None)))


def _invited(asker: Asker, scope: Scope) -> Clause:
    """The invited address is proved as this person's, or the person administers the invited organisation."""
    if scope.application is None or not asker.standing.signed_in:
        return false()
    by_organisation = Membership.organisation_id.in_(my_organisations(asker, administrator=True))
    by_address = (Membership.invited_email_folded == asker.address) if asker.standing.address_proved else false()
    query = select(Membership.id).where(
        Membership.state == membership_states.State.INVITED, or_(by_organisation, by_address)
    )
    if scope.membership is not None:
        return scope.membership.in_(query)
    other = aliased(Membership)
    return exists(select(other.id).where(other.application_id == scope.application, other.id.in_(query)))


def _declarant(asker: Asker, scope: Scope) -> Clause:
    if scope.assignment is None:
        return false()
    return scope.assignment.in_(select(Assignment.id).where(Assignment.person_id == asker.person))


def _checker(asker: Asker, scope: Scope) -> Clause:
    if scope.application is None or R.CALL_MANAGER not in asker.standing.offices:
        return false()
    S = application_states.State  # noqa: N806
    early = {S.DRAFT, S.SUBMITTED, S.LAPSED}
    received = select(Application.id).where(Application.state.not_in(early))
    withdrawn_early = and_(
        Application.state == S.WITHDRAWN,
        Application.call_id.in_(select(Call.id).where(Call.closes_at > asker.now)),
    )
    return and_(scope.application.in_(received.where(~withdrawn_early)), ~tied(asker, scope.application))


def _decider(asker: Asker, scope: Scope) -> Clause:
    if scope.call is None or R.PROGRAMME_MANAGER not in asker.standing.offices:
        return false()
    fixed = select(Decision.call_id).where(Decision.state.in_(decision_states.FIXED))
    return and_(scope.call.in_(fixed), ~tied_in_call(asker, scope.call))


def _draft_reader(asker: Asker, scope: Scope) -> Clause:
    """A call manager whom an applicant let into the draft, until the day is over."""
    if scope.application is None or R.CALL_MANAGER not in asker.standing.offices:
        return false()
    let_in = select(DraftLook.application_id).where(DraftLook.until > asker.now)
    return and_(scope.application.in_(let_in), ~tied(asker, scope.application))


def _pool(asker: Asker, _scope: Scope) -> Clause:
    return exists(
        select(Expert.id).where(
            Expert.person_id == asker.person, Expert.conduct_accepted_at.is_not(None), Expert.declined_at.is_(None)
        )
    )


def _reviewer(asker: Asker, scope: Scope) -> Clause:
    """Somebody of the committee of a review, as long as no interest in the application is known."""
    if scope.application is None or not asker.standing.signed_in:
        return false()
    mine = (
        select(Review.id)
        .join(ReviewMember, ReviewMember.review_id == Review.id)
        .where(ReviewMember.person_id == asker.person, ReviewMember.dropped_at.is_(None))
    )
    if scope.review is not None:
        return and_(scope.review.in_(mine), ~tied(asker, scope.application))
    of_live = mine.with_only_columns(Review.application_id).where(Review.state.in_(review_states.LIVE))
    return and_(scope.application.in_(of_live), ~tied(asker, scope.application))


def _self(asker: Asker, scope: Scope) -> Clause:
    return false() if scope.person is None else scope.person == asker.person


RELATIONS: dict[R, Callable[[Asker, Scope], Clause]] = {
    R.ANYONE: lambda _asker, _scope: true(),
    R.SIGNED_IN: lambda asker, _scope: true() if asker.standing.signed_in else false(),
    R.SELF: _self,
    R.ORGANISATION_MEMBER: _organisation_member,
    R.ORGANISATION_ADMINISTRATOR: lambda asker, scope: _organisation_member(asker, scope, administrator=True),
    R.AUTHOR: _author,
    R.RESPONDENT: _respondent,
    R.FOLLOWER: _follower,
    R.ASKING: _in_introduction(Introduction.asking_id),
    R.ASKED: _in_introduction(Introduction.asked_id),
    R.INTRODUCED: introduced,
    R.PUBLIC_READER: _public_reader,
    R.COORDINATOR: _part(Part.COORDINATOR),
    R.DEPUTY: _part(Part.DEPUTY),
    R.PARTNER: _part(Part.COORDINATOR, Part.DEPUTY, Part.CONTACT),
    R.OWN_PARTNER: _own_partner,
    R.INVITED: _invited,
    R.HELPER: _part(Part.HELPER),
    R.SIGNATORY: _part(Part.SIGNATORY),
    R.ASSIGNED: assigned_in(assignment_states.WAITING),
    R.EXPERT: expert_or_peer,
    R.SIGHTED_ASSIGNED: sighted(assigned_in(assignment_states.WAITING)),
    R.SIGHTED_EXPERT: sighted(expert),
    R.ASSESSOR: assessor,
    R.RAPPORTEUR: assigned_in(assignment_states.READING, lead=True),
    R.DECLARANT: _declarant,
    R.POOL: _pool,
    R.DRAFT_READER: _draft_reader,
    R.CHECKER: _checker,
    R.DECIDER: _decider,
    R.REVIEWER: _reviewer,
    R.STAND_IN: stand_in,
    **{office: _office(office) for office in sorted(OFFICES)},
    R.AUDITOR: _auditor,
}
