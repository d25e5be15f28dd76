"""How much an evaluator has and how punctual they are: for the person and the call managers alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from app.access import visible
from app.act import Act
from app.models import Application, Assessment, Assignment, Expert
from app.services.permitted import relation_for
from workflows.application import State as ApplicationState
from workflows.assessment import IN
from workflows.assignment import LIVE, State


@dataclass(frozen=True)
class Workload:
    """Counts over all calls; a report without a day it was due is neither in time nor late."""

    waiting: int  # asked or waiting for a decision
    to_score: int
    overdue: int
    finished: int
    in_time: int
    late: int
    declined: int
    median: timedelta | None  # how long before the day it was due a report came; negative: after it

    @property
    def is_mostly_late(self) -> bool:
        return self.median is not None and self.median <= timedelta(0)

    @property
    def share_in_time(self) -> float | None:
        judged = self.in_time + self.late
        return self.in_time / judged if judged else None


def workload_of(act: Act, expert: Expert) -> Workload:
    """Count the tasks of an evaluator that the person may know of. Raises `Refused` for all but them and call managers.

    Whoever of the office has an interest in an application must not read from a count who evaluates it.
    """
    relation_for(act, "expert.view_workload", expert)
    seen = visible(act, Assignment, "assignment.view_line").with_only_columns(Assignment.id)
    query = (
        select(Assignment.state, Assignment.due_at, Assessment.state, Assessment.finished_at, Application.state)
        .join(Application, Application.id == Assignment.application_id)
        .outerjoin(Assessment, Assessment.assignment_id == Assignment.id)
        .where(Assignment.person_id == expert.person_id, Assignment.state != State.DRAFT, Assignment.id.in_(seen))
    )
    waiting = to_score = overdue = finished = declined = 0
    early: list[timedelta] = []
    for task, due, report, finished_at, application in act.session.execute(query):
        is_in = report in IN
        open_now = task in LIVE and application is ApplicationState.ELIGIBLE and not is_in
        waiting += open_now and task is not State.ACCEPTED
        to_score += open_now and task is State.ACCEPTED
        overdue += open_now and due is not None and due <= act.now
        finished += is_in
        declined += task is State.DECLINED
        if is_in and due is not None and finished_at is not None:
            early.append(due - finished_at)
    in_time = sum(one > timedelta(0) for one in early)
    median = sorted(early)[len(early) // 2] if early else None
    return Workload(waiting, to_score, overdue, finished, in_time, len(early) - in_time, declined, median)
