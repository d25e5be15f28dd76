"""What guards of an assignment may know."""

from __future__ import annotations

from functools import cache

from sqlalchemy import Select, bindparam, select

from app.act import Act
from app.asker import sinces
from app.interest import expert_is_tied
from app.models import Assignment, Conflict, Consensus, Redaction, Strength
from app.services.reason_json import reason_from_json
from workflows.application import State as ApplicationState
from workflows.assignment import Facts
from workflows.consensus import OPENED
from workflows.redaction import State as RedactionState


def assignment_facts(act: Act, assignment: Assignment) -> Facts:
    query = select(Conflict).where(
        Conflict.application_id == assignment.application_id,
        Conflict.person_id == assignment.person_id,
        Conflict.dismissed_at.is_(None),
    )
    found = act.session.scalars(query).all()
    opened = select(Consensus.id).where(
        Consensus.application_id == assignment.application_id, Consensus.state.in_(OPENED)
    )
    ready = select(Redaction.id).where(
        Redaction.application_id == assignment.application_id, Redaction.state == RedactionState.READY
    )
    waits = assignment.application.call.waits_for_redaction and act.session.scalar(ready) is None
    return Facts(
        application_is_eligible=assignment.application.state == ApplicationState.ELIGIBLE,
        direct_ties=tuple(_in_words(c) for c in found if c.declared or c.strength is Strength.DIRECT),
        open_findings=sum(not c.declared and c.strength is Strength.SOFT for c in found),
        consensus_is_open=act.session.scalar(opened) is not None,
        not_anonymised=assignment.application.number if waits else "",
        is_tied=act.session.scalar(_tied_task(), sinces(act.now) | {"task": assignment.id}) is not None,
    )


@cache
def _tied_task() -> Select[str]:
    return select(Assignment.id).where(Assignment.id == bindparam("task"), expert_is_tied())


def _in_words(conflict: Conflict) -> str:
    return " ".join(reason_from_json(step).plain() for step in conflict.path)
