"""The review of an evaluation: asked for within the call's time limit, judged, evaluated anew."""

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
from app.services.permitted import one_at_a_time, relation_for
from app.services.transitions import Refused, create, note
from workflows import decision as decisions
from workflows.definition import CallDefinition, Redress
from workflows.review import Ground, State
from workflows.scoring import check_score
from workflows.verdict import ALLOWED, Verdict, refuse
from workflows.words import _
from workflows.working_days import end_of_days, end_of_working_days

KIND = "evaluation_review"
INSTANT = timedelta(microseconds=1)
MOST_LETTERS = 10_000


@dataclass(frozen=True)
class Way:
    """Whether a review can be asked for now, and until when."""

    until: datetime | None  # the first instant at which it can't; None where the call names no such way
    against: Verdict
    asked: Review | None


def way_in(definition: CallDefinition) -> Redress | None:
    """Find the call's own terms of an evaluation review; without a time limit there is none in the service."""
    return next((way for way in definition.redress if way.kind == KIND and way.days is not None), None)


def until_of(act: Act, call: Call) -> datetime | None:
    """Give the end of the time limit, counted from the moment at which all were told."""
    told = act.session.scalar(
        select(Decision.released_at).where(Decision.call_id == call.id, Decision.state == decisions.State.RELEASED)
    )
    return None if told is None else until_from(told, call)


def until_from(told: datetime, call: Call) -> datetime | None:
    """Give the end of the time limit, were all told at a moment. None where the call offers no review."""
    way = way_in(definition_of(call))
    if way is None or way.days is None:
        return None
    if way.working_days:
        return end_of_working_days(told, way.days)
    return end_of_days(told, way.days, call.zone)


def way_of(act: Act, application: Application) -> Way:
    """Say whether the application may be reviewed: the call offers it, in time, and once."""
    until = until_of(act, application.call)
    asked = act.session.scalar(
        select(Review)
        .where(Review.application_id == application.id, Review.state != State.WITHDRAWN)
        .order_by(Review.created_at.desc())
        .limit(1)
    )
    verdict = ALLOWED
    if until is None:
        verdict += refuse("no-review", _("This call offers no review of the evaluation in the service."))
    elif act.now >= until:
        verdict += refuse("too-late", _("The time to ask for a review has passed."))
    if asked is not None:
        verdict += refuse("asked-before", _("A review was asked for already: it is given once for each application."))
    return Way(until, verdict, asked)


def ask_review(act: Act, application: Application, ground: Ground, text: str) -> Review:
    """Ask for a review. Raises `Refused` after the time limit, without a reason, or a second time."""
    relation = relation_for(act, "application.ask_review", application)
    one_at_a_time(act, application)
    way = way_of(act, application)
    definition = way_in(definition_of(application.call))
    if not way.against:
        raise Refused(way.against)
    if act.person_id is None or way.until is None or definition is None:
        raise LookupError("a review is asked for by a person, in time")
    if not text.strip() or len(text) > MOST_LETTERS:
        raise Refused(refuse("missing-reason", _("Fill in: {field}."), field=_("What went wrong")))
    review = Review(
        application=application, call_id=application.call_id, ground=ground, text=text.strip(),
        asked_by=act.person_id, until=way.until, members_due=definition.committee,
    )  # fmt: skip
    create(act, review, relation=relation, data={"application": application.id, "ground": ground.value})
    return review


def mark_anew(act: Act, review: Review, criterion: str, points: Decimal, reasons: str) -> ReviewMark:
    """Record a score of the new evaluation with its reasons. The agreed one is not touched."""
    relation = relation_for(act, "review.mark", review)
    known = {one.code: one for one in definition_of(review.call).criteria}
    if criterion not in known:
        raise Refused(refuse("no-such-mark", _("There is no agreed score on this criterion.")))
    if not reasons.strip() or len(reasons) > MOST_LETTERS:
        raise Refused(refuse("missing-reason", _("Fill in: {field}."), field=_("Reasons")))
    if not (verdict := check_score(known[criterion], points)):
        raise Refused(verdict)
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


def reviews_of(act: Act, call: Call) -> Sequence[Review]:
    """List the reviews of a call that the person may see, those that wait first."""
    query = visible(act, Review, "review.view").where(Review.call_id == call.id)
    return act.session.scalars(query.order_by(Review.answered_at.is_not(None), Review.created_at, Review.id)).all()
