"""Which applications of a call are anonymised, and how much is left in each."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from app.access import visible
from app.act import Act
from app.models import Application, Assignment, Call, Redaction
from app.relations_experts import BEING_EVALUATED
from app.services.anonymising.redaction import sides_of
from workflows.assignment import READING
from workflows.redaction import State


@dataclass(frozen=True)
class Line:
    redaction: Redaction
    application: Application
    texts: int
    changed: int  # texts that differ from what was sent
    left: int  # passages to decide


def redactions_of(act: Act, call: Call) -> tuple[Line, ...]:
    """Give the copies the person may look at, those to do first. What is left is counted for those alone."""
    query = (
        visible(act, Redaction, "redaction.view")
        .join(Application, Application.id == Redaction.application_id)
        .where(Application.call_id == call.id)
        .options(
            selectinload(Redaction.application), selectinload(Redaction.submitted), selectinload(Redaction.texts),
            selectinload(Redaction.harmless),
        )
        .order_by(Redaction.state, Application.acronym, Redaction.id)
    )  # fmt: skip
    return tuple(_line(act, redaction) for redaction in act.session.scalars(query))


def _line(act: Act, redaction: Redaction) -> Line:
    sides = sides_of(act, redaction)
    changed, left = sum(side.changed for side in sides), sum(len(side.left) for side in sides)
    return Line(redaction, redaction.application, len(sides), changed, left)


def closed_meanwhile(act: Act) -> int:
    """Say of how many applications the acting expert reads the texts are closed: the office anonymises them again."""
    ready = select(Redaction.application_id).where(Redaction.state == State.READY)
    query = (
        select(func.count(Assignment.id))
        .join(Application, Application.id == Assignment.application_id)
        .join(Call, Call.id == Application.call_id)
        .where(
            Assignment.person_id == act.person_id, Assignment.state.in_(READING), Call.waits_for_redaction.is_(True),
            Application.state.in_(BEING_EVALUATED), Application.id.not_in(ready),
        )
    )  # fmt: skip
    return act.session.scalar(query) or 0


def redaction_of(act: Act, application: Application) -> Redaction | None:
    """Give the copy of one application, if the person may look at it."""
    query = visible(act, Redaction, "redaction.view").where(Redaction.application_id == application.id)
    return act.session.scalar(query)
