"""The balance of the pool and of a call's evaluators, against the targets of the call."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from app.access import visible
from app.act import Act
from app.models import Application, Assessment, Assignment, Call, Expert
from app.services.calls.call import definition_of
from app.services.permitted import relation_for
from workflows.assessment import State as AssessmentState
from workflows.assignment import LIVE
from workflows.definition_evaluation import Balance
from workflows.pool import Member, Share, balance_of


@dataclass(frozen=True)
class Balances:
    pool: list[Share]
    evaluators: list[Share]  # who has a task now, on applications that the person may see
    has_targets: bool


def balances_of(act: Act, call: Call) -> Balances:
    """Count who may evaluate, and who does. Names are not needed: nothing here says who somebody is."""
    relation_for(act, "call.view_balance", call)
    evaluation = definition_of(call).evaluation
    targets = evaluation.balance if evaluation else Balance()
    query = select(Expert).where(Expert.conduct_accepted_at.is_not(None), Expert.declined_at.is_(None))
    experts = act.session.scalars(query.order_by(Expert.id)).all()
    seen = visible(act, Application, "application.view_evaluation").with_only_columns(Application.id)
    tasks = select(Assignment.person_id).where(
        Assignment.application_id.in_(seen.where(Application.call_id == call.id)), Assignment.state.in_(LIVE)
    )
    busy = set(act.session.scalars(tasks.distinct()))
    seasoned = _seasoned_elsewhere(act, call)
    pool = _members(experts, seasoned)
    evaluators = _members((one for one in experts if one.person_id in busy), seasoned)
    return Balances(balance_of(pool, targets), balance_of(evaluators, targets), targets != Balance())


def _seasoned_elsewhere(act: Act, call: Call) -> set[str]:
    """Give who finished a report in another call: to this one they are no newcomers."""
    query = (
        select(Assessment.person_id)
        .join(Application, Application.id == Assessment.application_id)
        .where(Application.call_id != call.id, Assessment.state == AssessmentState.FINAL)
    )
    return set(act.session.scalars(query.distinct()))


def _members(experts: Iterable[Expert], seasoned: set[str]) -> list[Member]:
    return [Member(one.country or "", one.gender, one.sector, one.person_id not in seasoned) for one in experts]
