"""The committee of a review: only persons without an interest and without a part in what it looks at."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import and_, or_, select

from app.access import relations_of
from app.act import Act
from app.models import (
    Application,
    Assessment,
    Assignment,
    Check,
    Consensus,
    Decision,
    Event,
    Expert,
    OfficeHolding,
    PanelMark,
    PanelMinute,
    Person,
    Review,
    ReviewMember,
)
from app.outbox import enqueue_mail
from app.services.conflicts.conflict_finding import ties_of
from app.services.permitted import relation_for
from app.services.reviews.review_checks import REFUSING
from app.services.transitions import Refused, note
from workflows.assignment import State as AssignmentState
from workflows.relations import Relation as R
from workflows.review import Kind
from workflows.verdict import refuse
from workflows.words import _

SEATED_BY = (R.CALL_MANAGER, R.PROGRAMME_MANAGER)  # offices whose holders may sit in a committee
TOOK_PART = {
    Kind.EVALUATION: _("took part in the first evaluation"),
    Kind.CHECKS: _("took part in the checks of the application"),
}
HAS_INTEREST = _("has an interest in the application")


@dataclass(frozen=True)
class Candidate:
    """Somebody who might sit in the committee, and what stands against it."""

    person: Person
    against: tuple[str, ...]


def members_of(act: Act, review: Review) -> list[Person]:
    """Give the members who sit in the committee now, by name."""
    query = (
        select(Person)
        .join(ReviewMember, ReviewMember.person_id == Person.id)
        .where(ReviewMember.review_id == review.id, ReviewMember.dropped_at.is_(None))
        .order_by(Person.name, Person.id)
    )
    return list(act.session.scalars(query))


def who_took_part(act: Act, review: Review) -> frozenset[str]:
    """Give the ids of all who had a hand in what is under review."""
    if review.is_of_refusal:
        return who_refused(act, review.application)
    return who_evaluated(act, review.application)


def who_refused(act: Act, application: Application) -> frozenset[str]:
    """Give the ids of all who recorded a check of the application, or its refusal."""
    checks = select(Check.id).where(Check.application_id == application.id)
    touched = or_(
        and_(Event.noun == "check", Event.thing_id.in_(checks)),
        and_(Event.noun == "application", Event.thing_id == application.id, Event.name.in_(REFUSING)),
    )
    query = select(Event.actor_id).where(touched, Event.actor_id.is_not(None), Event.relation != R.CASCADE)
    return frozenset(one for one in act.session.scalars(query.distinct()) if one)


def who_evaluated(act: Act, application: Application) -> frozenset[str]:
    """Give the ids of all who had a hand in the first evaluation: evaluators, the panel, checkers, deciders."""
    call_id = application.call_id
    decisions = select(Decision.id).where(Decision.call_id == call_id)
    touched = or_(
        *(
            and_(Event.noun == model.__noun__, Event.thing_id.in_(select(model.id).where(of_application)))
            for model, of_application in (
                (Assignment, Assignment.application_id == application.id),
                (Assessment, Assessment.application_id == application.id),
                (Consensus, Consensus.application_id == application.id),
                (Check, Check.application_id == application.id),
                (Decision, Decision.call_id == call_id),
            )
        )
    )
    found = set(act.session.scalars(select(Event.actor_id).where(touched, Event.actor_id.is_not(None)).distinct()))
    tasks = select(Assignment.person_id).where(
        Assignment.application_id == application.id, Assignment.state != AssignmentState.DRAFT
    )
    reports = select(Consensus.id).where(Consensus.application_id == application.id)
    found |= set(act.session.scalars(tasks))
    found |= set(act.session.scalars(select(PanelMark.by).where(PanelMark.consensus_id.in_(reports))))
    minutes = select(PanelMinute).where(
        PanelMinute.call_id == call_id,
        or_(PanelMinute.application_id == application.id, PanelMinute.application_id.is_(None)),
    )
    for minute in act.session.scalars(minutes):
        found |= {minute.written_by, *minute.present}
    for decision in act.session.scalars(select(Decision).where(Decision.id.in_(decisions))):
        found |= {decision.proposed_by, decision.signed_by}
    return frozenset(one for one in found if one)


def candidates_of(act: Act, review: Review) -> list[Candidate]:
    """List the office and the pool with what stands against each, those who may sit first.

    Of a refusal at the checks the office alone: who may evaluate the application later must not know it by then.
    """
    seated = {person.id for person in members_of(act, review)}
    offices = select(OfficeHolding.person_id).where(OfficeHolding.office.in_(SEATED_BY), OfficeHolding.until.is_(None))
    pool = select(Expert.person_id).where(Expert.conduct_accepted_at.is_not(None), Expert.declined_at.is_(None))
    seats = Person.id.in_(offices) if review.is_of_refusal else or_(Person.id.in_(offices), Person.id.in_(pool))
    query = select(Person).where(seats, Person.disabled_at.is_(None))
    found_people = act.session.scalars(query.order_by(Person.name, Person.id))
    people = [person for person in found_people if person.id not in seated]
    against = _against(act, review, people)
    found = [Candidate(person, against[person.id]) for person in people]
    return sorted(found, key=lambda one: bool(one.against))


def barred_members(act: Act, review: Review, members: Collection[Person]) -> list[Person]:
    """Give the members who may not sit: an interest may have been found after they were named."""
    against = _against(act, review, members)
    return [person for person in members if against[person.id]]


def _against(act: Act, review: Review, people: Iterable[Person]) -> dict[str, tuple[str, ...]]:
    people = list(people)
    application = review.application
    took_part = who_took_part(act, review)
    ties = ties_of(act, application, people) if people else {}
    return {
        person.id: tuple(
            reason
            for reason, stands in (
                (TOOK_PART[review.kind], person.id in took_part),
                (HAS_INTEREST, bool(ties.get(person.id)) or _is_tied(act, review, person)),
            )
            if stands
        )
        for person in people
    }


def _is_tied(act: Act, review: Review, person: Person) -> bool:
    """Declared, taking part in it, or a member of a partner: an office over the application would be lost."""
    application = review.application
    mine = relations_of(
        replace(act, person=person), application, (R.COORDINATOR, R.DEPUTY, R.PARTNER, R.HELPER, *SEATED_BY)
    )
    if mine - set(SEATED_BY):
        return True
    holds = {one.office for one in person.offices if one.until is None} & set(SEATED_BY)
    return bool(holds) and not mine


def name_member(act: Act, review: Review, person: Person) -> ReviewMember:
    """Name somebody for the committee. Raises `Refused` for who has an interest or took part, whoever names them."""
    relation = relation_for(act, "review.name_committee", review)
    if any(one.id == person.id for one in members_of(act, review)):
        raise Refused(refuse("named-already", _("{name} sits in the committee already."), name=person.name))
    candidate = next((one for one in candidates_of(act, review) if one.person.id == person.id), None)
    if candidate is None:
        raise Refused(
            refuse(
                "no-candidate",
                _("Only the office, and evaluators of the pool for an evaluation, can sit in a committee."),
            )
        )
    if candidate.against:
        text = _("{name} can't sit in the committee: {why}.")
        raise Refused(refuse("barred", text, name=person.name, why=", ".join(candidate.against)))
    member = ReviewMember(
        id=act.new_id(), review_id=review.id, person_id=person.id, named_at=act.now, named_by=act.person_id
    )
    act.session.add(member)
    review.last_act_at = act.now
    event = note(act, review, "name_member", relation=relation, data={"person": person.id})
    about = {"noun": "review", "thing": review.id, "event": event.id}
    enqueue_mail(act, "review_committee", person_id=person.id, address=person.email, about=about, key=event.id)
    return member


def drop_member(act: Act, review: Review, person_id: str) -> None:
    """Take somebody off the committee; that they sat in it stays on record."""
    relation = relation_for(act, "review.name_committee", review)
    query = select(ReviewMember).where(
        ReviewMember.review_id == review.id, ReviewMember.person_id == person_id, ReviewMember.dropped_at.is_(None)
    )
    found: Sequence[ReviewMember] = act.session.scalars(query).all()
    for member in found:
        member.dropped_at = act.now
        review.last_act_at = act.now
        note(act, review, "drop_member", relation=relation, data={"person": person_id})
