"""Whether a decision stands over a call: evaluation may not change then."""

from __future__ import annotations

from sqlalchemy import select

from app.act import Act
from app.models import Decision
from workflows.decision import FIXED


def decision_is_proposed(act: Act, call_id: str) -> bool:
    query = select(Decision.id).where(Decision.call_id == call_id, Decision.state.in_(FIXED))
    return act.session.scalar(query) is not None
