"""Possible conflicts that await a decision: those of proposed pairs alone, like ones together, with one reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Select, and_, or_, select

from app.access import can, visible
from app.act import Act
from app.models import Application, Assignment, Call, Conflict, Person, Plan, PlanLine, Strength
from app.models.plan import Change
from app.services.assigning.plan import take_out
from app.services.permitted import relation_for
from app.services.reason_json import reason_from_json
from app.services.transitions import Refused, note, perform, remark
from workflows.application import State as ApplicationState
from workflows.assignment import LIVE, State
from workflows.interests import GRADES, words_of
from workflows.plan import State as PlanState
from workflows.verdict import Reason, refuse
from workflows.words import _


@dataclass
class Alike:
    """The same person, the same organisation, the same kind: one decision for all its applications."""

    key: str
    person: Person
    kind: str  # in words
    grade: str  # in words
    path: tuple[Reason, ...]  # of the first: the others differ in the application alone
    conflicts: list[Conflict] = field(default_factory=list)
    paths: list[tuple[Reason, ...]] = field(default_factory=list)
    applications: list[Application] = field(default_factory=list)


def to_decide(act: Act, call: Call) -> list[Alike]:
    """Give what is to be decided on proposed pairs of a call: the gravest first, then by name."""
    query = (
        select(Conflict, Application, Person)
        .join(Application, Application.id == Conflict.application_id)
        .join(Person, Person.id == Conflict.person_id)
        .where(
            Conflict.application_id.in_(_seen(act, call)),
            Conflict.dismissed_at.is_(None),
            Conflict.declared.is_(False),
            Conflict.strength == Strength.SOFT,
            _is_proposed(),
        )
        .order_by(Conflict.grade.desc(), Person.name, Person.id, Conflict.kind, Application.acronym, Conflict.id)
    )
    found: dict[str, Alike] = {}
    for conflict, application, person in act.session.execute(query):
        key = conflict.alike or conflict.id  # what was kept before there were digests stands alone
        path = tuple(reason_from_json(step) for step in conflict.path)
        one = found.setdefault(key, Alike(key, person, words_of(conflict.kind), GRADES.get(conflict.grade, ""), path))
        one.conflicts.append(conflict)
        one.paths.append(path)
        one.applications.append(application)
    return list(found.values())


def _seen(act: Act, call: Call) -> Select[str]:
    query = visible(act, Application, "application.view_evaluation").with_only_columns(Application.id)
    return query.where(Application.call_id == call.id, Application.state == ApplicationState.ELIGIBLE)


def _is_proposed() -> ColumnElement[bool]:
    """Say of each conflict whether its pair has a live task, or is proposed by a draft of a plan."""
    task = select(Assignment.id).where(
        Assignment.application_id == Conflict.application_id,
        Assignment.person_id == Conflict.person_id,
        Assignment.state.in_(LIVE),
    )
    line = (
        select(PlanLine.id)
        .join(Plan, Plan.id == PlanLine.plan_id)
        .where(
            PlanLine.application_id == Conflict.application_id,
            PlanLine.person_id == Conflict.person_id,
            PlanLine.change == Change.ADD,
            Plan.state == PlanState.DRAFT,
        )
    )
    return or_(task.exists(), line.exists())


def alike_in(act: Act, call: Call, key: str) -> Alike | None:
    return next((one for one in to_decide(act, call) if one.key == key), None)


def decide_alike(act: Act, call: Call, alike: Alike, reason: str, *, is_conflict: bool) -> int:
    """Decide on all of them with one reason: no conflict, or a conflict that bars. Gives the number of pairs.

    Who waits only for this may begin to read; who is barred is taken off, out of drafts of plans as well.
    """
    relation = relation_for(act, "call.decide_conflicts", call)
    if not reason.strip():
        raise Refused(refuse("missing-reason", _("Give the reason for your decision.")))
    kept = remark(act, reason)
    for conflict in alike.conflicts:
        if is_conflict:
            conflict.strength = Strength.DIRECT
        else:
            conflict.dismissed_at, conflict.dismissed_by = act.now, act.person_id
        data = {"person": conflict.person_id, "kind": conflict.kind, "conflict": is_conflict, "reason": kept}
        note(act, conflict, "decide", relation=relation, data=data)
    act.session.flush()
    for application in alike.applications:
        if is_conflict:
            _bar(act, application, alike.person, reason)
        else:
            _let_begin(act, application, alike.person, reason)
    return len(alike.applications)


def _tasks(act: Act, application: Application, person: Person, states: Iterable[State]) -> list[Assignment]:
    query = select(Assignment).where(
        Assignment.application_id == application.id,
        Assignment.person_id == person.id,
        Assignment.state.in_(list(states)),
    )
    return list(act.session.scalars(query))


def _bar(act: Act, application: Application, person: Person, reason: str) -> None:
    for task in _tasks(act, application, person, LIVE):
        perform(act, task, "bar", {"reason": reason})
    query = (
        select(PlanLine)
        .join(Plan, Plan.id == PlanLine.plan_id)
        .where(
            and_(PlanLine.application_id == application.id, PlanLine.person_id == person.id),
            PlanLine.change == Change.ADD,
            Plan.state == PlanState.DRAFT,
        )
    )
    for line in list(act.session.scalars(query)):
        plan = act.session.get_one(Plan, line.plan_id)
        if can(act, "plan.edit", plan):
            take_out(act, plan, line)


def _let_begin(act: Act, application: Application, person: Person, reason: str) -> None:
    others = select(Conflict.id).where(
        Conflict.application_id == application.id, Conflict.person_id == person.id, Conflict.dismissed_at.is_(None)
    )
    if act.session.scalar(others) is not None:
        return  # something else about this pair is still open
    for task in _tasks(act, application, person, {State.DECLARED}):
        perform(act, task, "clear", {"reason": reason})
