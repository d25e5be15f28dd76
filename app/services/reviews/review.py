"""A review, of the evaluation or of a refusal at the checks: asked for within the call's time limit; new scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import select

from app.access import visible
from app.act import Act
from app.models import Application, Call, Decision, Label, Review, ReviewMark
from app.services.calls.call import definition_of
from app.services.deciding.letter_fit import refuse_unfit
from app.services.permitted import one_at_a_time, relation_for
from app.services.reviews.review_checks import refused_at
from app.services.transitions import Refused, create, note
from workflows import application as applications
from workflows import decision as decisions
from workflows.definition import CallDefinition, Redress
from workflows.review import Ground, Kind, State
from workflows.scoring import check_score
from workflows.verdict import ALLOWED, Verdict, refuse
from workflows.words import _
from workflows.working_days import end_of_days, end_of_working_days

KINDS = {Kind.EVALUATION: "evaluation_review", Kind.CHECKS: "administrative_review"}
COMMITTEES = {Kind.EVALUATION: 3, Kind.CHECKS: 1}  # where the call says no number; another person confirms in both
NOT_OFFERED = {
    Kind.EVALUATION: _("This call offers no review of the evaluation in the service."),
    Kind.CHECKS: _("This call offers no review of a refusal at the checks in the service."),
}
INSTANT = timedelta(microseconds=1)
MOST_LETTERS = 10_000


@dataclass(frozen=True)
class Way:
    """Whether a review can be asked for now, and until when."""

    kind: Kind
    until: datetime | None  # the first instant at which it can't; None where the call names no such way
    against: Verdict
    asked: Review | None


def kind_for(application: Application) -> Kind:
    """Say what of an application a review would look at now."""
    return Kind.CHECKS if application.state in applications.REFUSED else Kind.EVALUATION


def way_in(definition: CallDefinition, kind: Kind) -> Redress | None:
    """Find the call's own terms of a kind of review; without a time limit there is none in the service."""
    return next((way for way in definition.redress if way.kind == KINDS[kind] and way.days is not None), None)


def until_of(act: Act, application: Application, kind: Kind = Kind.EVALUATION) -> datetime | None:
    """Give the end of the time limit, counted from the moment at which the applicant was told."""
    told = refused_at(act, application) if kind is Kind.CHECKS else _told_at(act, application)
    return None if told is None else until_from(told, application.call, kind)


def _told_at(act: Act, application: Application) -> datetime | None:
    """Give the moment of the release: of the decision on the call, or of its own where it was evaluated late."""
    late = select(Review.released_at).where(
        Review.application_id == application.id, Review.kind == Kind.CHECKS, Review.state == State.RELEASED
    )
    released = select(Decision.released_at).where(
        Decision.call_id == application.call_id, Decision.state == decisions.State.RELEASED
    )
    return act.session.scalar(late) or act.session.scalar(released)


def until_from(told: datetime, call: Call, kind: Kind = Kind.EVALUATION) -> datetime | None:
    """Give the end of the time limit, were it told at a moment. None where the call offers no such review."""
    way = way_in(definition_of(call), kind)
    if way is None or way.days is None:
        return None
    if way.working_days:
        return end_of_working_days(told, way.days)
    return end_of_days(told, way.days, call.zone)


def way_of(act: Act, application: Application) -> Way:
    """Say whether the application may be reviewed: the call offers it, in time, and once; of each refusal once."""
    kind = kind_for(application)
    until = until_of(act, application, kind)
    asked = _asked(act, application, kind)
    verdict = ALLOWED
    if until is None:
        verdict += refuse("no-review", NOT_OFFERED[kind])
    elif act.now >= until:
        verdict += refuse("too-late", _("The time to ask for a review has passed."))
    if asked is not None:
        verdict += refuse("asked-before", _("A review was asked for already: it is given once for each application."))
    return Way(kind, until, verdict, asked)


def _asked(act: Act, application: Application, kind: Kind) -> Review | None:
    query = select(Review).where(
        Review.application_id == application.id, Review.kind == kind, Review.state != State.WITHDRAWN
    )
    if kind is Kind.CHECKS and (refused := refused_at(act, application)) is not None:
        query = query.where(Review.created_at >= refused)
    return act.session.scalar(query.order_by(Review.created_at.desc()).limit(1))


def ask_review(act: Act, application: Application, ground: Ground, text: str) -> Review:
    """Ask for a review. Raises `Refused` after the time limit, without a reason, or a second time."""
    relation = relation_for(act, "application.ask_review", application)
    one_at_a_time(act, application)
    way = way_of(act, application)
    terms = way_in(definition_of(application.call), way.kind)
    if not way.against:
        raise Refused(way.against)
    if act.person_id is None or way.until is None or terms is None:
        raise LookupError("a review is asked for by a person, in time")
    if not text.strip() or len(text) > MOST_LETTERS:
        raise Refused(refuse("missing-reason", _("Fill in: {field}."), field=_("What went wrong")))
    review = Review(
        application=application, call_id=application.call_id, kind=way.kind, ground=ground, text=text.strip(),
        asked_by=act.person_id, until=way.until, members_due=terms.committee or COMMITTEES[way.kind],
    )  # fmt: skip
    data = {"application": application.id, "kind": way.kind.value, "ground": ground.value}
    create(act, review, relation=relation, data=data)
    return review


def mark_anew(act: Act, review: Review, criterion: str, points: Decimal, reasons: str) -> ReviewMark:
    """Record a score of the new evaluation with its reasons. The agreed one is not touched."""
    relation = relation_for(act, "review.mark", review)
    known = {one.code: one for one in definition_of(review.call).criteria}
    if criterion not in known or review.is_of_refusal:
        raise Refused(refuse("no-such-mark", _("There is no agreed score on this criterion.")))
    if not reasons.strip() or len(reasons) > MOST_LETTERS:
        raise Refused(refuse("missing-reason", _("Fill in: {field}."), field=_("Reasons")))
    if not (verdict := check_score(known[criterion], points)):
        raise Refused(verdict)
    refuse_unfit(act, review.application, reasons)
    mark = ReviewMark(
        id=act.new_id(), review_id=review.id, criterion=criterion, points=points, reasons=reasons.strip(),
        at=act.now, by=act.person_id,
    )  # fmt: skip
    act.session.add(mark)
    review.last_act_at = act.now
    note(act, review, "mark", relation=relation, data={"criterion": criterion, "points": str(points)})
    return mark


def label_is_taken(act: Act, review: Review) -> bool:
    """Say whether the application's label has its number: no review ends such a one."""
    query = select(Label.id).where(Label.application_id == review.application_id, Label.number.is_not(None))
    return act.session.scalar(query) is not None


def reviews_on(act: Act, application: Application) -> Sequence[Review]:
    """List the reviews of one application that the person may see, newest first."""
    query = visible(act, Review, "review.view").where(Review.application_id == application.id)
    return act.session.scalars(query.order_by(Review.created_at.desc(), Review.id)).all()


def reviews_of(act: Act, call: Call) -> Sequence[Review]:
    """List the reviews of a call that the person may see, those that wait first."""
    query = visible(act, Review, "review.view").where(Review.call_id == call.id)
    return act.session.scalars(query.order_by(Review.answered_at.is_not(None), Review.created_at, Review.id)).all()
