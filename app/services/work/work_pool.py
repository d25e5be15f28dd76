"""What awaits a person as a member of the pool, or the office about it: statements of work, training, conflicts."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from app.access import all_visible, can
from app.act import Act
from app.models import Application, Assignment, Call, Statement, TrainingCase, TrainingScore
from app.services.work.task import ROLES, Task, task_on
from workflows.application import State as ApplicationState
from workflows.assignment import LIVE
from workflows.assignment import State as AssignmentState
from workflows.relations import Relation as R
from workflows.words import _


def statements_to_confirm(act: Act) -> Iterator[Task]:
    for statement in all_visible(act, Statement, "statement.confirm"):
        yield task_on(_("Confirm your statement of work for {name}"), R.EXPERT, statement, name=statement.call.title)


def statements_to_approve(act: Act) -> Iterator[Task]:
    for statement in all_visible(act, Statement, "statement.approve"):
        if statement.person_id != act.person_id:
            title = _("Approve the statement of work {number} for {name}")
            yield task_on(title, R.CALL_MANAGER, statement, number=statement.number, name=statement.call.title)


def training_to_score(act: Act) -> Iterator[Task]:
    """In the calls in which the person has something to evaluate."""
    scored = select(TrainingScore.case_id).where(TrainingScore.person_id == act.person_id)
    waiting = (
        select(Application.call_id)
        .join(Assignment, Assignment.application_id == Application.id)
        .where(
            Assignment.person_id == act.person_id,
            Assignment.state.in_(LIVE - {AssignmentState.DRAFT}),
            Application.state == ApplicationState.ELIGIBLE,
        )
    )
    query = (
        select(Call)
        .join(TrainingCase, TrainingCase.call_id == Call.id)
        .where(Call.id.in_(waiting), TrainingCase.withdrawn_at.is_(None), TrainingCase.id.not_in(scored))
        .order_by(Call.id)
        .distinct()
    )
    for call_id in act.session.scalars(query.with_only_columns(Call.id)):
        call = act.session.get_one(Call, call_id)
        if can(act, "call.score_training", call):
            title = _("Score the training cases of {name} before the real ones")
            yield Task(title, ROLES[R.EXPERT], "call", call.id, {"name": call.title}, endpoint="training.briefing")
