"""What questions and late exceptions of a call wait for somebody of the office."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.access import visible
from app.act import Act
from app.models import Application, Call, LateException, Review
from app.services.calls.enquiry import waiting_questions
from app.services.work.cockpit_needs import NAMES_SHOWN, Line
from workflows import review as review_states
from workflows.exception import OPEN
from workflows.verdict import Reason
from workflows.words import plural

REVIEWS = plural("{n} review is under way", "{n} reviews are under way")
QUESTIONS = plural("{n} question waits for its answer", "{n} questions wait for their answers")
EXCEPTIONS = plural(
    "{n} later deadline for one applicant is asked for", "{n} later deadlines for one applicant are asked for"
)


def in_order(act: Act, lines: Iterable[Line]) -> tuple[Line, ...]:
    """Overdue lines first, then the oldest."""
    return tuple(sorted(lines, key=lambda line: (not line.overdue, line.since or act.now)))


def time_needs(act: Act, call: Call) -> Iterator[Line]:
    """Questions to answer or publish, and later deadlines to decide on."""
    if waiting := waiting_questions(act, call):
        what = Reason("questions", QUESTIONS, {"n": len(waiting)})
        yield Line(what, "", "enquiry.index", {"call_id": call.id}, waiting[0].created_at)
    waiting_reviews = visible(act, Review, "review.view").where(
        Review.call_id == call.id, Review.state.in_(review_states.LIVE)
    )
    if found := act.session.scalars(waiting_reviews.order_by(Review.created_at, Review.id)).all():
        what = Reason("reviews", REVIEWS, {"n": len(found)})
        names = ", ".join(one.application.number or "" for one in found[:NAMES_SHOWN])
        yield Line(what, names, "review.of_call", {"call_id": call.id}, found[0].created_at)
    query = (
        visible(act, LateException, "exception.refuse")
        .join(Application, Application.id == LateException.application_id)
        .where(Application.call_id == call.id, LateException.state.in_(OPEN))
        .order_by(LateException.created_at, LateException.id)
    )
    if asked := act.session.scalars(query).all():
        names = ", ".join(one.application.number for one in asked[:NAMES_SHOWN])
        what = Reason("exceptions", EXCEPTIONS, {"n": len(asked)})
        yield Line(what, names, "exception.show", {"exception_id": asked[0].id}, asked[0].created_at, overdue=True)
