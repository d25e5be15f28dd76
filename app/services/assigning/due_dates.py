"""When reports are due: moved for one expert with a reason, and reminded of until the report is in."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import or_, select

from app.act import Act
from app.models import Application, Assessment, Assignment
from app.outbox import enqueue_mail
from app.services.documents.paper_heads import end_of_day
from app.services.transitions import Done, Refused, note
from workflows.application import State as ApplicationState
from workflows.assessment import WRITABLE
from workflows.assignment import READING
from workflows.relations import Relation as R
from workflows.reminders import BEFORE, due_moment
from workflows.verdict import refuse
from workflows.words import _

SPAN = max(BEFORE) + timedelta(days=7)  # holidays may move a reminder forward by some days


def move_due(act: Act, assignment: Assignment, done: Done) -> None:
    """Give one expert another last day. Raises `Refused` for a day that is over."""
    due_at = end_of_day(done.data["due_on"], assignment.application.call.zone)
    if due_at <= act.now:
        raise Refused(refuse("day-over", _("This day is over: choose a later one.")))
    assignment.due_at = due_at
    assignment.reminded_at = None


def due_reports(act: Act) -> list[str]:
    """Find the tasks whose expert is to be reminded now: 7 days, 2 days and 4 hours before the report is due."""
    query = (
        select(Assignment)
        .join(Assessment, Assessment.assignment_id == Assignment.id)
        .join(Application, Application.id == Assignment.application_id)
        .where(
            Assignment.state.in_(READING),
            Assessment.state.in_(WRITABLE),
            Application.state == ApplicationState.ELIGIBLE,
            Assignment.due_at > act.now,
            Assignment.due_at < act.now + SPAN,
            or_(Assignment.reminded_at.is_(None), Assignment.reminded_at < act.now - min(BEFORE)),
        )
        .order_by(Assignment.id)
    )
    return [task.id for task in act.session.scalars(query) if _is_time(act, task)]


def _is_time(act: Act, task: Assignment) -> bool:
    moment = due_moment(task.due_at, act.now) if task.due_at else None
    begun = task.declared_at or task.created_at
    return moment is not None and max(task.reminded_at or begun, begun) < moment


def remind_of_report(act: Act, task: Assignment) -> bool:
    """Remind one expert, unless the report came in meanwhile; says whether a mail goes out."""
    report = act.session.scalar(select(Assessment).where(Assessment.assignment_id == task.id))
    if report is None or report.state not in WRITABLE or not _is_time(act, task):
        return False
    event = note(act, task, "remind", relation=R.CLOCK)
    task.reminded_at = act.now
    about = {"noun": "assignment", "thing": task.id, "event": event.id}
    enqueue_mail(act, "report_due", person_id=task.person_id, address=task.person.email, about=about, key=event.id)
    return True
