"""What a visitor finds about the evaluators of a call being scored: who they are, and conflicts declared and found."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from app.models import Application, Assignment, Expert, Person
from app.rehearsal.cast import Cast, new_person
from app.rehearsal.stage import Stage, get
from app.services.assigning.assignment import assign
from app.services.experts.expert import EmployerEntry, More, accept_conduct, describe, expert_of, invite_expert
from app.services.transitions import perform
from workflows.assignment import State

GENDERS = ("woman", "man", "woman", "man", "woman", "")
LOOKS_ALIKE = "Rosa Almqvist"


def play_pool(stage: Stage, cast: Cast) -> None:
    """Let the experts say of themselves what the balance of the pool counts."""
    for place, person_id in enumerate(cast.experts):
        with stage.act(person_id) as act:
            expert = expert_of(act, get(act, Person, person_id))
            if expert is not None:
                describe(act, expert, gender=GENDERS[place % len(GENDERS)])


def play_conflicts(stage: Stage, cast: Cast, application_id: str, applicant: str) -> None:
    """One expert declares a conflict; of who is asked instead, a former employer has a name like the applicant's."""
    with stage.act() as act:
        waiting = select(Assignment.id, Assignment.person_id).where(
            Assignment.application_id == application_id, Assignment.state == State.ASKED
        )
        asked = {person: task for task, person in act.session.execute(waiting)}
    declares, begins = cast.experts[:2]  # the third account keeps its declaration to make
    if declares in asked:
        with stage.act(declares) as act:
            said = {"kind": "family", "detail": "My sister directs one of the partners (invented)."}
            perform(act, get(act, Assignment, asked[declares]), "declare_conflict", said)
    if begins in asked:
        with stage.act(begins) as act:
            perform(act, get(act, Assignment, asked[begins]), "declare_free", {"no_conflict": True})
    person_id = _look_alike(stage, cast, applicant)
    with stage.act(cast.call_managers[0]) as act:
        task = assign(act, get(act, Application, application_id), get(act, Person, person_id))
        perform(act, task, "publish")
    with stage.act(person_id) as act:
        perform(act, get(act, Assignment, task.id), "declare_free", {"no_conflict": True})


def _look_alike(stage: Stage, cast: Cast, applicant: str) -> str:
    person_id = new_person(stage, cast, "expert-four.example", LOOKS_ALIKE)
    with stage.act(cast.call_managers[0]) as act:
        since = date(stage.clock.now.year - 6, 1, 1)
        employer = EmployerEntry(name=f"{applicant} AG", domain="look-alike.example", from_on=since)
        invite_expert(
            act, get(act, Person, person_id), country="CH", languages=["en"], expertise=["advanced-manufacturing"],
            employers=[employer], most_tasks=3, more=More(sector="research"),
        )  # fmt: skip
    with stage.act(person_id) as act:
        expert: Expert | None = expert_of(act, get(act, Person, person_id))
        if expert is not None:
            accept_conduct(act, expert)
            describe(act, expert, gender="woman")
    return person_id
