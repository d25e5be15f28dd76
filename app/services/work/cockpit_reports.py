"""Tasks and reports of a call as the cockpit and the lists see them: who is late, and where totals lie far apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, Subquery, func, select

from app.access import visible
from app.act import Act
from app.models import Application, Assessment, Assignment, Call, Event, Person, Score, ScoreChange
from app.services.documents.paper_heads import end_of_day
from app.services.work.reached import replayed, states_of
from workflows import assessment as assessments
from workflows import assignment as assignments

MEASURED_BY = 2  # reports at least: one alone differs from nobody
OPENED = assignments.READING | {assignments.State.DECLARED, assignments.State.ENDED}


@dataclass(frozen=True)
class Task:
    """One evaluator's task on one application, with its report's state if there is one."""

    id: str
    application: str
    person: str
    name: str
    state: assignments.State
    since: datetime
    due_at: datetime | None
    report: assessments.State | None

    def is_late(self, now: datetime) -> bool:
        there = self.state in assignments.LIVE and self.report not in assessments.IN
        return there and self.due_at is not None and self.due_at < now


@dataclass(frozen=True)
class Lateness:
    """One evaluator: how much of the work is opened, done and overdue."""

    person: str
    name: str
    tasks: int
    opened: int
    done: int
    late: int
    since: datetime | None  # the first day that was missed


@dataclass(frozen=True)
class Spread:
    """One application with the lowest and the highest total of its reports."""

    application: str
    title: str
    reports: int
    lowest: Decimal
    highest: Decimal

    @property
    def points(self) -> Decimal:
        return self.highest - self.lowest


def tasks_of(act: Act, call: Call, moment: datetime | None = None, *, only: str | None = None) -> list[Task]:
    """Give the tasks of a call the person may see, by evaluator; in a past moment with their states of then.

    `only` names one application.
    """
    allowed = visible(act, Assignment, "assignment.view").with_only_columns(Assignment.id)
    query = (
        select(
            Assignment.id, Assignment.application_id, Assignment.person_id, Person.name, Assignment.state,
            Assignment.last_act_at, Assignment.due_at, Assessment.state,
        )
        .join(Person, Person.id == Assignment.person_id)
        .join(Application, Application.id == Assignment.application_id)
        .outerjoin(Assessment, Assessment.assignment_id == Assignment.id)
        .where(Application.call_id == call.id, Assignment.id.in_(allowed))
        .order_by(Person.name, Assignment.created_at, Assignment.id)
    )  # fmt: skip
    query = query.where(Application.id == only) if only else query
    tasks = [Task(*row) for row in act.session.execute(query)]
    return tasks if moment is None else _then(act, call, tasks, moment)


def _then(act: Act, call: Call, tasks: Sequence[Task], moment: datetime) -> list[Task]:
    """Give them as they were."""
    of_call = select(Application.id).where(Application.call_id == call.id)
    which = select(Assignment.id).where(Assignment.application_id.in_(of_call))
    states, due = states_of(act, Assignment, which, moment), _due_then(act, call, which, tasks, moment)
    written = select(Assessment.id).where(Assessment.application_id.in_(of_call))
    reports = states_of(act, Assessment, written, moment)
    found = act.session.execute(select(Assessment.id, Assessment.assignment_id).where(Assessment.id.in_(written)))
    pairs = {task: key for key, task in found}
    return [
        replace(task, state=states[task.id][0], since=states[task.id][1], due_at=due[task.id],
                report=reports.get(pairs.get(task.id, ""), (None,))[0])
        for task in tasks
        if task.id in states
    ]  # fmt: skip


def _due_then(
    act: Act, call: Call, which: Select[*tuple[Any, ...]], tasks: Sequence[Task], moment: datetime
) -> dict[str, datetime | None]:
    """Give the days as they were: the last one moved to by then; the first one is not known once it was moved."""
    query = select(Event.thing_id, Event.at, Event.data).where(
        Event.noun == Assignment.__noun__, Event.name == "move_due", Event.thing_id.in_(which)
    )
    due = {task.id: task.due_at for task in tasks}
    moved: dict[str, datetime | None] = {}
    for key, at, data in act.session.execute(query.order_by(Event.thing_id, Event.number)):
        before = moved.get(key)
        moved[key] = end_of_day(date.fromisoformat(data["due_on"]), call.zone) if at <= moment else before
    return due | moved


def who_is_late(now: datetime, tasks: Sequence[Task]) -> tuple[Lateness, ...]:
    """Name the evaluators with overdue reports, and those who opened none of what they were asked; the worst first."""
    own: dict[str, list[Task]] = {}
    for task in tasks:
        if task.state in assignments.LIVE and task.state is not assignments.State.DRAFT:
            own.setdefault(task.person, []).append(task)
    found = [_lateness(now, one) for one in own.values()]
    return tuple(
        sorted((f for f in found if f.late or not f.opened), key=lambda f: (-f.late, f.opened, f.name, f.person))
    )


def _lateness(now: datetime, tasks: Sequence[Task]) -> Lateness:
    late = [task for task in tasks if task.is_late(now)]
    return Lateness(
        person=tasks[0].person,
        name=tasks[0].name,
        tasks=len(tasks),
        opened=sum(task.state in OPENED for task in tasks),
        done=sum(task.report in assessments.IN for task in tasks),
        late=len(late),
        since=min((task.due_at for task in late if task.due_at), default=None),
    )


def spreads_of(act: Act, call: Call, titles: Mapping[str, str], moment: datetime | None = None) -> tuple[Spread, ...]:
    """Give the applications with two finished reports at least that the person may read, the largest spread first.

    Points of the past are those last saved by then: every saving is kept.
    """
    given: dict[str, list[Decimal]] = {}
    for application, total in act.session.execute(_totals(act, call, moment)):
        given.setdefault(application, []).append((total or Decimal(0)).normalize())
    found = [
        Spread(key, titles[key], len(of_it), min(of_it), max(of_it))
        for key, of_it in given.items()
        if len(of_it) >= MEASURED_BY and key in titles
    ]
    return tuple(sorted(found, key=lambda one: (-one.points, one.title, one.application)))


def _totals(act: Act, call: Call, moment: datetime | None) -> Select[*tuple[Any, ...]]:
    """Add up the points of each finished report that the person may read, by its application."""
    of_call = select(Application.id).where(Application.call_id == call.id)
    # The call is looked up for each report: PostgreSQL would join all applications with all reports, as it expects few.
    called = select(Application.call_id).where(Application.id == Assessment.application_id).scalar_subquery()
    readable = visible(act, Assessment, "assessment.view").where(called == call.id)
    if moment is None:
        finished = readable.where(Assessment.state.in_(assessments.IN)).with_only_columns(Assessment.id)
        return _added(select(Score.assessment_id, Score.points).subquery()).where(Assessment.id.in_(finished))
    then = replayed(Assessment, select(Assessment.id).where(Assessment.application_id.in_(of_call)), moment).subquery()
    finished_then = select(then.c.thing_id).where(then.c.to_state.in_([state.value for state in assessments.IN]))
    newest = func.row_number().over(
        partition_by=(ScoreChange.assessment_id, ScoreChange.criterion), order_by=ScoreChange.at.desc()
    )
    changes = select(ScoreChange.assessment_id, ScoreChange.points, newest.label("place")).where(
        ScoreChange.assessment_id.in_(finished_then), ScoreChange.at <= moment
    )
    saved = changes.subquery()
    last = select(saved.c.assessment_id, saved.c.points).where(saved.c.place == 1).subquery()
    return _added(last).where(Assessment.id.in_(readable.with_only_columns(Assessment.id)))


def _added(points: Subquery) -> Select[*tuple[Any, ...]]:
    query = select(Assessment.application_id, func.sum(points.c.points))
    query = query.join(points, points.c.assessment_id == Assessment.id)
    return query.group_by(Assessment.application_id, Assessment.id)
