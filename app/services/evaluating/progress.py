"""How far the reports of a call have come, when they will be in, and whose are at risk: for call managers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.access import visible
from app.act import Act
from app.models import Application, Assessment, Assignment, Call
from app.services.evaluating.evaluation_queries import sees_whole_call
from workflows.application import State as ApplicationState
from workflows.assessment import IN
from workflows.assignment import READING, WAITING
from workflows.forecast import Forecast, Open, forecast, part_taken

AT_RISK = Fraction(1, 2)


@dataclass(frozen=True)
class Risk:
    """A report that is late, or likely to be."""

    task: Assignment
    begun: bool
    overdue: bool
    chance: Fraction | None  # to be in when it is due; None where the data are too thin


@dataclass(frozen=True)
class Progress:
    """Counts of reports, the forecast, and the tasks at risk, what is due first at the top."""

    finished: int
    writing: int
    waiting: int  # declarations still awaited
    undated: int  # open reports without a day they are due: no forecast can count them
    forecast: Forecast
    risks: tuple[Risk, ...]


def progress_of(act: Act, call: Call) -> Progress | None:
    """Give the progress; None for whoever has an interest in an application of the call."""
    if not sees_whole_call(act, call):
        return None
    of_call = select(Application.id).where(
        Application.call_id == call.id, Application.state.in_([ApplicationState.ELIGIBLE, ApplicationState.EVALUATED])
    )
    tasks = visible(act, Assignment, "assignment.view").where(Assignment.application_id.in_(of_call))
    query = tasks.where(Assignment.state.in_(READING | WAITING)).options(
        selectinload(Assignment.person), selectinload(Assignment.application)
    )
    found = act.session.scalars(query.order_by(Assignment.due_at, Assignment.id)).all()
    reports = {
        report.assignment_id: report
        for report in act.session.scalars(
            select(Assessment)
            .where(Assessment.assignment_id.in_([task.id for task in found]))
            .options(selectinload(Assessment.scores))
        )
    }
    return _progress(act.now, list(found), reports)


def _progress(now: datetime, tasks: list[Assignment], reports: dict[str, Assessment]) -> Progress:
    done = [(t, reports[t.id]) for t in tasks if t.id in reports and reports[t.id].state in IN]
    writing = [t for t in tasks if t.id in reports and reports[t.id].state not in IN]
    seen = [part_taken(_begun(t), t.due_at, r.finished_at) for t, r in done if t.due_at is not None and r.finished_at]
    dated = [Open(t.id, _begun(t), t.due_at) for t in writing if t.due_at is not None]
    found = forecast(seen, dated, now)
    risks = (_risk(now, t, reports[t.id], found.chances.get(t.id)) for t in writing if t.due_at is not None)
    return Progress(
        finished=len(done),
        writing=len(writing),
        waiting=sum(t.id not in reports for t in tasks),
        undated=len(writing) - len(dated),
        forecast=found,
        risks=tuple(risk for risk in risks if risk.overdue or (risk.chance is not None and risk.chance < AT_RISK)),
    )


def _begun(task: Assignment) -> datetime:
    return task.declared_at or task.created_at


def _risk(now: datetime, task: Assignment, report: Assessment, chance: Fraction | None) -> Risk:
    begun = any(line.points is not None or line.reasons for line in report.scores)
    return Risk(task, begun, overdue=task.due_at is not None and task.due_at <= now, chance=chance)
