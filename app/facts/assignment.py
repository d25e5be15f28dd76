"""What guards of an assignment may know."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from sqlalchemy import Select, bindparam, select

from app.act import Act
from app.asker import sinces
from app.interest import expert_is_tied
from app.models import Assignment, Conflict, Consensus, Redaction, Strength
from app.services.reason_json import reason_from_json
from app.some import parts_of
from workflows.application import State as ApplicationState
from workflows.assignment import Facts
from workflows.consensus import OPENED
from workflows.redaction import State as RedactionState


def assignment_facts(act: Act, assignment: Assignment) -> Facts:
    return facts_of_assignments(act, [assignment])[assignment.id]


def facts_of_assignments(act: Act, assignments: Sequence[Assignment]) -> dict[str, Facts]:
    """Load what guards may know of each of many tasks, each kind at once."""
    found: dict[str, Facts] = {}
    for part in parts_of(assignments):
        found |= _facts_of(act, part)
    return found


def _facts_of(act: Act, tasks: Sequence[Assignment]) -> dict[str, Facts]:
    applications = {task.application_id for task in tasks}
    interests: dict[tuple[str, str], list[Conflict]] = {}
    query = select(Conflict).where(
        Conflict.application_id.in_(applications),
        Conflict.person_id.in_({task.person_id for task in tasks}),
        Conflict.dismissed_at.is_(None),
    )
    for one in act.session.scalars(query):
        interests.setdefault((one.application_id, one.person_id), []).append(one)
    opened = set(act.session.scalars(
        select(Consensus.application_id).where(Consensus.application_id.in_(applications), Consensus.state.in_(OPENED))
    ))  # fmt: skip
    waiting = _not_anonymised(act, tasks)
    tied = set(act.session.scalars(_tied_tasks(), sinces(act.now) | {"tasks": [task.id for task in tasks]}))
    return {
        task.id: _facts(task, interests.get((task.application_id, task.person_id), []), opened, waiting, tied)
        for task in tasks
    }


def _not_anonymised(act: Act, tasks: Sequence[Assignment]) -> set[str]:
    """Give the applications whose call waits for an anonymised copy that is not ready."""
    waits = {task.application_id for task in tasks if task.application.call.waits_for_redaction}
    ready = select(Redaction.application_id).where(
        Redaction.application_id.in_(waits), Redaction.state == RedactionState.READY
    )
    return waits - set(act.session.scalars(ready)) if waits else waits


def _facts(task: Assignment, found: list[Conflict], opened: set[str], waiting: set[str], tied: set[str]) -> Facts:
    return Facts(
        application_is_eligible=task.application.state == ApplicationState.ELIGIBLE,
        direct_ties=tuple(_in_words(c) for c in found if c.declared or c.strength is Strength.DIRECT),
        open_findings=sum(not c.declared and c.strength is Strength.SOFT for c in found),
        consensus_is_open=task.application_id in opened,
        not_anonymised=task.application.number if task.application_id in waiting else "",
        is_tied=task.id in tied,
    )


@cache
def _tied_tasks() -> Select[str]:
    return select(Assignment.id).where(Assignment.id.in_(bindparam("tasks", expanding=True)), expert_is_tied())


def _in_words(conflict: Conflict) -> str:
    return " ".join(reason_from_json(step).plain() for step in conflict.path)
