"""What guards of a decision may know."""

from __future__ import annotations

from sqlalchemy import func, select

from app.act import Act
from app.models import Application, Decision
from workflows.application import State as ApplicationState
from workflows.call import State as CallState
from workflows.decision import Facts

UNDECIDED = (ApplicationState.SUBMITTED, ApplicationState.RECEIVED, ApplicationState.ELIGIBLE)


def decision_facts(act: Act, decision: Decision) -> Facts:
    undecided = select(func.count()).select_from(Application).where(
        Application.call_id == decision.call_id, Application.state.in_(UNDECIDED)
    )
    return Facts(
        call_is_closed=decision.call.state == CallState.CLOSED,
        applications_undecided=act.session.scalar(undecided) or 0,
        ties_open=0,
        proposed_by=decision.proposed_by,
    )
