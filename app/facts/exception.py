"""What guards of a late exception may know."""

from __future__ import annotations

from sqlalchemy import select

from app.act import Act
from app.facts.decision_of_call import decision_is_proposed
from app.models import Assignment, LateException
from workflows.application import State
from workflows.exception import Facts

# From these an application can be opened again.
REOPENABLE = frozenset({State.DRAFT, State.SUBMITTED, State.WITHDRAWN, State.LAPSED, State.RECEIVED})


def exception_facts(act: Act, exception: LateException) -> Facts:
    application = exception.application
    assigned = select(Assignment.id).where(Assignment.application_id == application.id)
    begun = application.state not in REOPENABLE or act.session.scalar(assigned.limit(1)) is not None
    return Facts(
        now=act.now,
        until=exception.until,
        closes_at=application.call.closes_at,
        proposed_by=exception.proposed_by,
        evaluation_has_begun=begun,
        decision_is_proposed=decision_is_proposed(act, application.call_id),
    )
