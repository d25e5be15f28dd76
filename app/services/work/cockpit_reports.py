"""Tasks and reports of a call as the cockpit and the lists see them: who is late, and where totals lie far apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select

from app.access import visible
from app.act import Act
from app.models import Application, Assessment, Assignment, Call, Person, Score
from app.services.work.reached import states_of
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


def tasks_of(act: Act, call: Call, moment: datetime | None = None) -> list[Task]:
    """Give the tasks of a call the person may see, by evaluator; in a past moment with their states of then."""
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
    tasks = [Task(*row) for row in act.session.execute(query)]
    return tasks if moment is None else _then(act, call, tasks, moment)


def _then(act: Act, call: Call, tasks: Sequence[Task], moment: datetime) -> list[Task]:
    """Give them as they were; days they are due are left out, for they may have been moved since."""
    of_call = select(Application.id).where(Application.call_id == call.id)
    states = states_of(act, Assignment, select(Assignment.id).where(Assignment.application_id.in_(of_call)), moment)
    which = select(Assessment.id).where(Assessment.application_id.in_(of_call))
    reports = states_of(act, Assessment, which, moment)
    pairs = {
        task: key
        for key, task in act.session.execute(
            select(Assessment.id, Assessment.assignment_id).where(Assessment.id.in_(which))
        )
    }
    return [
        replace(task, state=states[task.id][0], since=states[task.id][1], due_at=None,
                report=reports.get(pairs.get(task.id, ""), (None,))[0])
        for task in tasks
        if task.id in states
    ]  # fmt: skip


def who_is_late(act: Act, tasks: Sequence[Task]) -> tuple[Lateness, ...]:
    """Name the evaluators with overdue reports, and those who opened none of what they were asked; the worst first."""
    own: dict[str, list[Task]] = {}
    for task in tasks:
        if task.state in assignments.LIVE and task.state is not assignments.State.DRAFT:
            own.setdefault(task.person, []).append(task)
    found = [_lateness(act, one) for one in own.values()]
    return tuple(
        sorted((f for f in found if f.late or not f.opened), key=lambda f: (-f.late, f.opened, f.name, f.person))
    )


def _lateness(act: Act, tasks: Sequence[Task]) -> Lateness:
    late = [task for task in tasks if task.is_late(act.now)]
    return Lateness(
        person=tasks[0].person,
        name=tasks[0].name,
        tasks=len(tasks),
        opened=sum(task.state in OPENED for task in tasks),
        done=sum(task.report in assessments.IN for task in tasks),
        late=len(late),
        since=min((task.due_at for task in late if task.due_at), default=None),
    )


def spreads_of(act: Act, call: Call, titles: Mapping[str, str]) -> tuple[Spread, ...]:
    """Give the applications with two finished reports at least that the person may read, the largest spread first."""
    totals = (
        select(Assessment.application_id, func.sum(Score.points).label("total"))
        .join(Score, Score.assessment_id == Assessment.id)
        .join(Application, Application.id == Assessment.application_id)
        .where(
            Application.call_id == call.id,
            Assessment.state.in_(assessments.IN),
            Assessment.id.in_(visible(act, Assessment, "assessment.view").with_only_columns(Assessment.id)),
        )
        .group_by(Assessment.application_id, Assessment.id)
    )
    given: dict[str, list[Decimal]] = {}
    for application, total in act.session.execute(totals):
        given.setdefault(application, []).append((total or Decimal(0)).normalize())
    found = [
        Spread(key, titles[key], len(of_it), min(of_it), max(of_it))
        for key, of_it in given.items()
        if len(of_it) >= MEASURED_BY and key in titles
    ]
    return tuple(sorted(found, key=lambda one: (-one.points, one.title, one.application)))
