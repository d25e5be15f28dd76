"""Experts and applications brought together: by hand, told to nobody before it is published."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.exc import IntegrityError

from app.access import visible
from app.act import Act
from app.models import Application, Assessment, Assignment, Conflict, Consensus, Expert, Person, Score, Strength
from app.services import consensus
from app.services.call import definition_of
from app.services.conflict_finding import Tie, find_all, find_conflicts, ties_of
from app.services.permitted import relation_for
from app.services.transitions import Done, Refused, create, note, perform
from workflows.application import State as ApplicationState
from workflows.assignment import LIVE
from workflows.consensus import OPENED
from workflows.pool import absences_of, is_free
from workflows.relations import Relation as R
from workflows.verdict import ALLOWED, Verdict, refuse, together
from workflows.words import _, plural


def assign(
    act: Act, application: Application, person: Person, *, rapporteur: bool = False, due_at: datetime | None = None
) -> Assignment:
    """Prepare a task for an expert; soft findings are stored with it. Nobody is told before `publish`.

    Raises `Refused` for a direct tie, a full load, somebody outside the pool, or a pair that exists already.
    """
    relation = relation_for(act, "application.assign_expert", application)
    verdict = objections(act, application, person, due_at=due_at)
    if not verdict:
        raise Refused(verdict)
    assignment = Assignment(
        application_id=application.id, person_id=person.id, due_at=due_at, application=application, person=person
    )
    try:
        with act.session.begin_nested():
            create(act, assignment, relation=relation, data={"application": application.id, "person": person.id})
    except IntegrityError as fault:  # another manager assigned the same pair between the look and the act
        raise Refused(_has_it(person.name)) from fault
    find_conflicts(act, application, person)
    consensus.ensure(act, application)
    if rapporteur:
        name_rapporteur(act, assignment)
    return assignment


def objections(act: Act, application: Application, person: Person, *, due_at: datetime | None = None) -> Verdict:
    """Say everything that stands against giving this application to this person."""
    direct = [tie for tie in ties_of(act, application, [person])[person.id] if tie.is_direct]
    pair = _pair(act, application, person) + _consensus(act, application)
    decided = ALLOWED if direct else _decided(act, application, person)
    return _pool(act, person, due_at) + pair + together(_tied(tie) for tie in direct) + decided


def _decided(act: Act, application: Application, person: Person) -> Verdict:
    query = select(Conflict.id).where(
        Conflict.application_id == application.id,
        Conflict.person_id == person.id,
        Conflict.dismissed_at.is_(None),
        or_(Conflict.declared.is_(True), Conflict.strength == Strength.DIRECT),
    )
    if act.session.scalar(query.limit(1)) is None:
        return ALLOWED
    return refuse("tied", _("A conflict of interest was declared or decided."))


def _tied(tie: Tie) -> Verdict:
    path = " ".join(step.plain() for step in tie.path)
    return refuse("tied", _("This expert has an interest in the application: {path}"), path=path)


def _pool(act: Act, person: Person, due_at: datetime | None) -> Verdict:
    expert = act.session.scalar(select(Expert).where(Expert.person_id == person.id))
    if expert is None or expert.declined_at is not None or expert.conduct_accepted_at is None:
        text = _("{name} has not accepted the invitation and the code of conduct for evaluators.")
        return refuse("not-in-pool", text, name=person.name)
    if not is_free(absences_of(expert.away), act.now.date(), due_at.date() if due_at else None):
        return refuse("away", _("{name} is away: there are too few days to evaluate in."), name=person.name)
    load = live_tasks(act, [person.id]).get(person.id, 0)
    if load < expert.most_tasks:
        return ALLOWED
    full = plural("{name} takes {n} task at most and has it.", "{name} takes {n} tasks at most and has them all.")
    return refuse("full", full, name=person.name, n=expert.most_tasks)


def _pair(act: Act, application: Application, person: Person) -> Verdict:
    query = select(Assignment.id).where(
        Assignment.application_id == application.id, Assignment.person_id == person.id, Assignment.state.in_(LIVE)
    )
    if act.session.scalar(query) is None:
        return ALLOWED
    return _has_it(person.name)


def _has_it(name: str) -> Verdict:
    return refuse("assigned-already", _("{name} has this application already."), name=name)


def _consensus(act: Act, application: Application) -> Verdict:
    """Nobody joins while the reports are open to each other: a new report would not be sealed."""
    opened = select(Consensus.id).where(Consensus.application_id == application.id, Consensus.state.in_(OPENED))
    if act.session.scalar(opened) is None:
        return ALLOWED
    return refuse("consensus-open", _("The consensus on this application is open: nobody new can evaluate it."))


def live_tasks(act: Act, people: Iterable[str], *, shown: bool = False) -> dict[str, int]:
    """Count the live tasks of people, by id, on applications still in evaluation; nothing for those who have none.

    What is `shown` counts only tasks the acting person may know of: a count could tell who evaluates an application
    in which they have an interest.
    """
    query = (
        select(Assignment.person_id, func.count())
        .join(Application, Application.id == Assignment.application_id)
        .where(
            Assignment.person_id.in_(list(people)),
            Assignment.state.in_(LIVE),
            Application.state == ApplicationState.ELIGIBLE,
        )
        .group_by(Assignment.person_id)
    )
    if shown:
        query = query.where(
            Assignment.id.in_(visible(act, Assignment, "assignment.view_line").with_only_columns(Assignment.id))
        )
    return {person_id: count for person_id, count in act.session.execute(query)}  # noqa: C416 - rows, not pairs


def publish(act: Act, assignments: Iterable[Assignment]) -> int:
    """Ask several experts as one act: all or none. Findings are looked for once more. Gives the number asked."""
    tasks = list(assignments)
    find_all(act, [(task.application_id, task.person) for task in tasks])
    for task in tasks:
        perform(act, task, "publish")
    return len(tasks)


def name_rapporteur(act: Act, assignment: Assignment) -> None:
    """Make this expert the lead evaluator of the application; who was it before no longer is."""
    relation = relation_for(act, "assignment.name_rapporteur", assignment)
    others = select(Assignment).where(
        Assignment.application_id == assignment.application_id, Assignment.rapporteur.is_(True)
    )
    for other in act.session.scalars(others):
        other.rapporteur = False
    assignment.rapporteur = True
    note(act, assignment, "name_rapporteur", relation=relation)


def start_assessment(act: Act, assignment: Assignment, done: Done) -> None:
    """Open an empty report with a line for each criterion of the call."""
    assessment = Assessment(
        assignment_id=assignment.id, application_id=assignment.application_id, person_id=assignment.person_id
    )
    create(act, assessment, relation=R.CASCADE, cause=done.event)
    for criterion in definition_of(assignment.application.call).criteria:
        act.session.add(Score(id=act.new_id(), assessment_id=assessment.id, criterion=criterion.code, saved_at=act.now))
