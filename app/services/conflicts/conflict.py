"""Interests that are declared, and softer findings that a call manager decides."""

from __future__ import annotations

from sqlalchemy import select

from app.act import Act
from app.models import Assignment, Conflict, Strength
from app.services.conflicts.conflict_finding import find_conflicts
from app.services.permitted import relation_for
from app.services.reason_json import reason_to_json
from app.services.transitions import Done, Refused, note, remark
from workflows.assignment import CONFLICT_KIND
from workflows.verdict import Reason, refuse
from workflows.words import _


def note_conflict(act: Act, assignment: Assignment, done: Done) -> None:
    """Keep what the expert declared: from now on they are tied to the application."""
    kind = str(done.data["kind"])
    words = dict(CONFLICT_KIND.choices)[kind]
    act.session.add(
        Conflict(
            id=act.new_id(),
            application_id=assignment.application_id,
            person_id=assignment.person_id,
            kind=kind,
            strength=Strength.DIRECT,
            declared=True,
            path=[reason_to_json(Reason("declared", words))],
            detail=str(done.data.get("detail") or ""),
            found_at=act.now,
        )
    )


def note_findings(act: Act, assignment: Assignment, _done: Done) -> None:
    """Keep what the system found with its path, so that the office sees why the expert was barred."""
    find_conflicts(act, assignment.application, assignment.person)


def open_findings(act: Act, assignment: Assignment) -> list[Conflict]:
    """Give the soft findings that nobody has decided yet."""
    query = (
        select(Conflict)
        .where(
            Conflict.application_id == assignment.application_id,
            Conflict.person_id == assignment.person_id,
            Conflict.dismissed_at.is_(None),
            Conflict.declared.is_(False),
            Conflict.strength == Strength.SOFT,
        )
        .order_by(Conflict.found_at, Conflict.id)
    )
    return list(act.session.scalars(query))


def dismiss_findings(act: Act, assignment: Assignment, reason: str) -> None:
    """Decide that what the system found is no conflict, with a reason; it stays so until the facts change.

    Raises `Refused` without a reason, without anything to decide, or for somebody else than a call manager.
    """
    relation = relation_for(act, "assignment.dismiss_findings", assignment)
    findings = open_findings(act, assignment)
    if not findings:
        raise Refused(refuse("nothing-found", _("There is no possible conflict to decide.")))
    if not reason.strip():
        raise Refused(refuse("missing-reason", _("Give the reason why this is no conflict of interest.")))
    _close(act, findings)
    kinds = [conflict.kind for conflict in findings]
    note(act, assignment, "dismiss_findings", relation=relation, data={"kinds": kinds, "reason": remark(act, reason)})


def close_findings(act: Act, assignment: Assignment, _done: Done) -> None:
    """A manager decided "no conflict" with the row `clear`: what was open is decided with it."""
    _close(act, open_findings(act, assignment))


def _close(act: Act, findings: list[Conflict]) -> None:
    for conflict in findings:
        conflict.dismissed_at, conflict.dismissed_by = act.now, act.person_id
    act.session.flush()
