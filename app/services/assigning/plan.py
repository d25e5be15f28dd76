"""Plans: asked for, answered by a job, changed by hand, published and undone as one act."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from app.access import can
from app.act import Act
from app.models import Application, Assignment, Call, Person, Plan, PlanLine, PlanProbe
from app.models.plan import Change
from app.outbox import enqueue
from app.services.assigning.assignment import assign_all
from app.services.assigning.plan_question import MOVABLE, question_of, situation_of
from app.services.conflicts.conflict_finding import find_all
from app.services.permitted import relation_for
from app.services.transitions import Done, Refused, create, note, perform
from app.services.transitions_of_many import perform_all
from workflows.assignment import LIVE
from workflows.plan_instance import KEPT, Instance
from workflows.plan_score import points
from workflows.relations import Relation as R
from workflows.verdict import refuse
from workflows.words import _


def make_plan(act: Act, call: Call, *, without: Person | None = None) -> Plan:
    """Ask for a plan of what is still to be assigned, or for a repair without an expert. A job works it out.

    Raises `Refused` for who has an interest in any application of the call: a plan names who evaluates all of them.
    """
    relation = relation_for(act, "call.plan_assignment", call)
    last = act.session.scalar(select(func.max(Plan.number)).where(Plan.call_id == call.id)) or 0
    plan = Plan(call_id=call.id, number=last + 1, made_by=act.person_id, without_id=without.id if without else None)
    create(act, plan, relation=relation, data={"call": call.id})
    if not can(act, "plan.view", plan):
        raise Refused(refuse("tied", _("You have an interest in an application of this call: somebody else plans it.")))
    situation = situation_of(act, call, without=plan.without_id)
    plan.question = question_of(situation, repair=without is not None).to_json()
    enqueue(act, "plan", f"plan:{plan.id}", {"plan": plan.id})
    return plan


def store_answer(act: Act, plan: Plan, answer: dict[str, Any]) -> None:
    """Keep what the solver answered: lines of what changes, or what stands in the way."""
    plan.answer = answer
    if answer["chosen"] is None:
        perform(act, plan, "find_impossible", by=R.CASCADE)
        return
    instance = Instance.from_json(plan.question or {})
    pairs = instance.pairs
    chosen = {
        (instance.needs[pairs.application[p]].id, instance.readers[pairs.expert[p]].id): pairs.score[p]
        for p in answer["chosen"]
    }
    standing = _standing(act, plan)
    for (application, person), score in sorted(chosen.items()):
        if (application, person) not in standing:
            _add_line(act, plan, application, person, Change.ADD, score)
    for (application, person), task in sorted(standing.items()):
        moved = plan.without_id is not None and task.state in MOVABLE and (application, person) not in chosen
        if person == plan.without_id or moved:
            _add_line(act, plan, application, person, Change.REMOVE, None)
    find_all(act, [(line.application_id, _person(act, line)) for line in plan.lines if line.change is Change.ADD])
    perform(act, plan, "finish", by=R.CASCADE)


def _person(act: Act, line: PlanLine) -> Person:
    return act.session.get_one(Person, line.person_id)


def _standing(act: Act, plan: Plan) -> dict[tuple[str, str], Assignment]:
    of_call = select(Application.id).where(Application.call_id == plan.call_id)
    query = select(Assignment).where(Assignment.application_id.in_(of_call), Assignment.state.in_(LIVE))
    return {(task.application_id, task.person_id): task for task in act.session.scalars(query)}


def _add_line(
    act: Act, plan: Plan, application: str, person: str, change: Change, score: int | None, *, by_hand: bool = False
) -> None:
    plan.lines.append(
        PlanLine(
            id=act.new_id(), plan_id=plan.id, application_id=application, person_id=person, change=change,
            score=None if score is None else score % KEPT, by_hand=by_hand,
        )
    )  # fmt: skip


def add_pair(act: Act, plan: Plan, application: Application, person: Person) -> None:
    """Put a pair into a draft by hand. Raises `Refused` with every hard limit it breaks."""
    relation = relation_for(act, "plan.edit", plan)
    _refuse_unless_needed(plan, application.id)
    standing = situation_of(act, plan.call, without=plan.without_id)
    if application.id not in standing.applications or person.id not in standing.pool:
        raise Refused(refuse("not-in-pool", _("This pair is not part of the call's pool and applications.")))
    verdict = standing.bars(application.id, person.id)
    if (application.id, person.id) in standing.standing or any(_is(line, application, person) for line in plan.lines):
        verdict += refuse("assigned-already", _("{name} has this application already."), name=person.name)
    planned = sum(line.person_id == person.id and line.change is Change.ADD for line in plan.lines)
    if planned >= standing.places[person.id]:
        verdict += refuse("full", _("{name} has no place left in this plan."), name=person.name)
    if not verdict:
        raise Refused(verdict)
    score = points(standing.fit(application.id, person.id), standing.panel)
    _add_line(act, plan, application.id, person.id, Change.ADD, score, by_hand=True)
    plan.edited = True
    find_all(act, [(application.id, person)])
    note(act, plan, "add_pair", relation=relation, data={"application": application.id, "person": person.id})


def take_out(act: Act, plan: Plan, line: PlanLine) -> None:
    """Take a line out of a draft by hand."""
    relation = relation_for(act, "plan.edit", plan)
    plan.lines.remove(line)
    act.session.delete(line)
    plan.edited = True
    data = {"application": line.application_id, "person": line.person_id}
    note(act, plan, "take_out_pair", relation=relation, data=data)


def _refuse_unless_needed(plan: Plan, application: str) -> None:
    needs = {need.id: need.reports for need in Instance.from_json(plan.question or {}).needs}
    if not needs.get(application):
        raise Refused(refuse("needs-nobody", _("This application needs nobody more.")))


def _is(line: PlanLine, application: Application, person: Person) -> bool:
    return line.application_id == application.id and line.person_id == person.id


def assign_as_planned(act: Act, plan: Plan, _done: Done) -> None:
    """Do what the lines say, all or nothing: take experts off, prepare tasks, ask. Limits are looked at once more."""
    standing = _standing(act, plan)
    for line in plan.lines:
        task = standing.get((line.application_id, line.person_id)) if line.change is Change.REMOVE else None
        if task is not None:
            line.assignment_id = task.id
            perform(act, task, "remove", {"reason": _dropped(plan)})
    added = _with_all(act, plan)
    tasks = assign_all(act, [(one.application, one.person) for one in added])
    for line, task in zip(added, tasks, strict=True):
        line.assignment_id = task.id
    perform_all(act, tasks, "publish")


def _with_all(act: Act, plan: Plan) -> list[PlanLine]:
    """Give the lines that ask somebody, with applications and people loaded at once."""
    query = (
        select(PlanLine)
        .where(PlanLine.plan_id == plan.id, PlanLine.change == Change.ADD)
        .options(selectinload(PlanLine.application).selectinload(Application.call), selectinload(PlanLine.person))
        .order_by(PlanLine.id)
    )
    return list(act.session.scalars(query))


def _dropped(plan: Plan) -> str:
    return f"Plan {plan.number}"


def take_plan_back(act: Act, plan: Plan, done: Done) -> None:
    """Take off everybody the plan asked; who was taken off by it stays off, since that cannot be unsaid."""
    tasks = select(Assignment).where(
        Assignment.id.in_([line.assignment_id for line in plan.lines if line.change is Change.ADD]),
        Assignment.state.in_(MOVABLE),
    )
    loaded = tasks.options(selectinload(Assignment.application), selectinload(Assignment.person))
    perform_all(
        act, act.session.scalars(loaded.order_by(Assignment.id)).all(), "remove", {"reason": done.data["reason"]}
    )


def probe(act: Act, plan: Plan, application: str, person: str) -> PlanProbe:
    """Ask what forcing a pair would cost; a job works it out once."""
    relation_for(act, "plan.ask", plan)
    _refuse_unless_needed(plan, application)
    query = select(PlanProbe).where(
        PlanProbe.plan_id == plan.id, PlanProbe.application_id == application, PlanProbe.person_id == person
    )
    found = act.session.scalar(query)
    if found is None:
        found = PlanProbe(id=act.new_id(), plan_id=plan.id, application_id=application, person_id=person)
        act.session.add(found)
        act.session.flush()
        enqueue(act, "plan_probe", f"probe:{found.id}", {"probe": found.id})
    return found
