"""Interest, evaluation, decision: threats.md section 2, 12 to 23."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import relations_of
from app.act import Act
from app.chance import Secret
from app.doctor.finding import Found
from app.models import (
    Application,
    Assessment,
    Assignment,
    Call,
    Check,
    Conflict,
    Consensus,
    Decision,
    Event,
    OfficeHolding,
    Person,
    Reading,
    Review,
    Strength,
)
from app.services.calls.call import definition_of
from workflows import application as applications
from workflows import assignment as assignments
from workflows import call as calls
from workflows import decision as decisions
from workflows import review as reviews
from workflows.relations import Relation
from workflows.scoring import check_score

FINDING = ("find_right", "find_wrong")
CONFIRMING = ("confirm_refusal", "lift_refusal", "lift_late")


def nobody_with_an_interest_reads(session: Session, _now: datetime) -> Found:
    """No open task stands beside a declared or direct interest that was not dismissed (17)."""
    tied = (
        select(Assignment.id)
        .join(
            Conflict,
            (Conflict.application_id == Assignment.application_id) & (Conflict.person_id == Assignment.person_id),
        )
        .where(
            Assignment.state.in_(assignments.LIVE - {assignments.State.DRAFT}),
            Conflict.dismissed_at.is_(None),
            (Conflict.declared.is_(True)) | (Conflict.strength == Strength.DIRECT),
        )
    )
    for assignment_id in session.scalars(tied.distinct()):
        yield f"assignment {assignment_id}", "is open though its expert has an interest"


def content_came_after_the_declaration(session: Session, _now: datetime) -> Found:
    """An expert read an application only after the declaration on it was on file (18)."""
    early = (
        select(Reading.id, Assignment.id)
        .join(Assignment, (Assignment.application_id == Reading.thing_id) & (Assignment.person_id == Reading.person_id))
        .where(
            Reading.action == "application.view",
            Reading.relation == Relation.EXPERT.value,
            (Assignment.declared_at.is_(None)) | (Assignment.declared_at > Reading.at),
        )
    )
    for _reading, assignment_id in session.execute(early):
        yield f"assignment {assignment_id}", "content was opened before the declaration"


@dataclass(frozen=True)
class _Given:
    what: str
    points: Mapping[str, Decimal]


def _given(session: Session, call: Call) -> Iterable[_Given]:
    of_call = select(Application.id).where(Application.call_id == call.id)
    for report in session.scalars(select(Assessment).where(Assessment.application_id.in_(of_call))):
        yield _Given(f"assessment {report.id}", {s.criterion: s.points for s in report.scores if s.points is not None})
    for agreed in session.scalars(select(Consensus).where(Consensus.application_id.in_(of_call))):
        yield _Given(f"consensus {agreed.id}", {s.criterion: s.points for s in agreed.scores if s.points is not None})


def scores_fit_the_call(session: Session, _now: datetime) -> Found:
    """Every score is one the call's scale knows (20)."""
    for call in session.scalars(select(Call)):
        criteria = {criterion.code: criterion for criterion in definition_of(call).criteria}
        for given in _given(session, call):
            for code, points in given.points.items():
                if code not in criteria or not check_score(criteria[code], points):
                    yield given.what, f"{points} is not a score of {code}"


def frozen_reports_count_nowhere(session: Session, _now: datetime) -> Found:
    """A report set aside belongs to no open task."""
    query = (
        select(Assessment.id)
        .join(Assignment, Assignment.id == Assessment.assignment_id)
        .where(Assessment.state == "frozen", Assignment.state == assignments.State.ACCEPTED)
    )
    for assessment_id in session.scalars(query):
        yield f"assessment {assessment_id}", "is set aside though its task is open"


def the_decision_was_signed_by_another(session: Session, _now: datetime) -> Found:
    same = select(Decision.id).where(Decision.signed_by.is_not(None), Decision.signed_by == Decision.proposed_by)
    for decision_id in session.scalars(same):
        yield f"decision {decision_id}", "was proposed and signed by the same person"


def reviews_of_refusals_had_two_persons(session: Session, _now: datetime) -> Found:
    """What one person found of a refusal was confirmed by another, and neither had made its checks (23)."""
    for review in session.scalars(select(Review).where(Review.kind == reviews.Kind.CHECKS)):
        acts = select(Event.actor_id).where(Event.noun == "review", Event.thing_id == review.id)
        last = acts.order_by(Event.number.desc()).limit(1)
        confirmed = session.scalar(last.where(Event.name.in_(CONFIRMING)))
        found = session.scalar(last.where(Event.name.in_(FINDING)))
        checks = select(Check.id).where(Check.application_id == review.application_id)
        checkers = session.scalars(select(Event.actor_id).where(Event.noun == "check", Event.thing_id.in_(checks)))
        if confirmed is not None and (confirmed == found or {confirmed, found} & set(checkers)):
            yield f"review {review.id}", "was answered by one person, or by somebody of the checks under review"


def every_application_of_a_concluded_call_has_an_outcome(session: Session, _now: datetime) -> Found:
    """Every submitted, not withdrawn application ends in exactly one reasoned outcome, late ones in time (21)."""
    late = select(Review.application_id).where(
        Review.kind == reviews.Kind.CHECKS, Review.state.in_(reviews.FORKED - {reviews.State.RELEASED})
    )
    ended = applications.OUTCOMES | {applications.State.WITHDRAWN, applications.State.LAPSED}
    query = (
        select(Application.id)
        .join(Call, Call.id == Application.call_id)
        .where(Call.state == calls.State.CONCLUDED, Application.state.not_in(ended), Application.id.not_in(late))
    )
    for application_id in session.scalars(query):
        yield f"application {application_id}", "has no outcome though its call is concluded"


def somebody_may_decide(session: Session, now: datetime) -> Found:
    """For each decision that waits there is a programme manager without an interest in the call."""
    waiting = select(Decision).where(Decision.state.in_([decisions.State.PROPOSED, decisions.State.SIGNED]))
    office = select(OfficeHolding.person_id).where(OfficeHolding.office == Relation.PROGRAMME_MANAGER)
    for decision in session.scalars(waiting):
        managers = session.scalars(select(Person).where(Person.id.in_(office), Person.disabled_at.is_(None)))
        may = (_may_sign(session, manager, decision, now) for manager in managers)
        if not any(may):
            yield f"decision {decision.id}", "no programme manager without an interest is left to sign it"


def _may_sign(session: Session, manager: Person, decision: Decision, now: datetime) -> bool:
    act = Act(session, now, Secret(), "doctor", manager)
    held = relations_of(act, decision, {Relation.PROGRAMME_MANAGER})
    return bool(held) and manager.id != decision.proposed_by
