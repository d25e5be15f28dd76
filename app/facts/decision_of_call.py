"""Whether a decision stands over a call: evaluation may not change then."""

from __future__ import annotations

from sqlalchemy import select

from app.act import Act
from app.models import Application, Decision, Review
from workflows import review as reviews
from workflows.decision import FIXED, State


def decision_is_proposed(act: Act, call_id: str) -> bool:
    query = select(Decision.id).where(Decision.call_id == call_id, Decision.state.in_(FIXED))
    return act.session.scalar(query) is not None


def decision_stands_over(act: Act, application: Application) -> bool:
    """Say whether one application may not change for a decision: that on its call, or its own where it came late.

    Who was taken up after the release has a decision of its own, which the review that lifted its refusal brings.
    """
    decided = act.session.scalar(select(Decision.state).where(Decision.call_id == application.call_id))
    if decided is not State.RELEASED:
        return decided in FIXED
    late = select(Review.state).where(
        Review.application_id == application.id,
        Review.kind == reviews.Kind.CHECKS,
        Review.state.in_(reviews.FORKED),
    )
    return act.session.scalar(late.order_by(Review.created_at.desc()).limit(1)) is not reviews.State.REEVALUATION
