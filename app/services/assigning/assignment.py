"""Experts and applications brought together: by hand, told to nobody before it is published."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.act import Act
from app.models import Application, Assessment, Assignment, Person, Score
from app.services.assigning.assignment_limits import Pairs, has_it, limits_for, live_tasks
from app.services.calls.call import definition_of
from app.services.conflicts.conflict_finding import find_all, find_conflicts
from app.services.evaluating import consensus
from app.services.permitted import relation_for, relation_for_each
from app.services.transitions import Done, Refused, create, create_all, note, perform
from workflows.relations import Relation as R
from workflows.verdict import ALLOWED, Verdict, refuse
from workflows.words import _

__all__ = ["assign", "assign_all", "live_tasks", "name_rapporteur", "objections", "publish", "start_assessment"]


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
        raise Refused(has_it(person.name)) from fault
    find_conflicts(act, application, person)
    consensus.ensure(act, application)
    if rapporteur:
        name_rapporteur(act, assignment)
    return assignment


def assign_all(act: Act, pairs: Pairs) -> list[Assignment]:
    """Prepare tasks for many pairs as one act, all or none; what pairs are judged by is loaded once.

    Raises `Refused` as `assign` does, with what stands against each pair.
    """
    relations = relation_for_each(act, "application.assign_expert", list({one for one, _who in pairs}))
    limits, verdict = limits_for(act, pairs), ALLOWED
    for application, person in pairs:
        verdict += limits.objections(application, person)
        limits.take(application, person)
    if not verdict:
        raise Refused(verdict)
    tasks = [
        Assignment(application_id=application.id, person_id=person.id, application=application, person=person)
        for application, person in pairs
    ]
    try:
        with act.session.begin_nested():
            made = [
                (task, relations[task.application_id], {"application": task.application_id, "person": task.person_id})
                for task in tasks
            ]
            create_all(act, made)
    except IntegrityError as fault:  # another manager assigned one of the pairs between the look and the act
        raise Refused(refuse("assigned-already", _("Somebody assigned one of these pairs just now."))) from fault
    find_all(act, [(task.application_id, task.person) for task in tasks])
    consensus.ensure_all(act, [application for application, _who in pairs])
    return tasks


def objections(act: Act, application: Application, person: Person, *, due_at: datetime | None = None) -> Verdict:
    """Say everything that stands against giving this application to this person."""
    return limits_for(act, [(application, person)]).objections(application, person, due_at=due_at)


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
