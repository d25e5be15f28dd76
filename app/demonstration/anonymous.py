"""What a visitor finds in a call that hides who applies: copies being anonymised, and a list to declare on."""

from __future__ import annotations

from sqlalchemy import select

from app.models import Application, Person, Redaction
from app.rehearsal.cast import Cast
from app.rehearsal.stage import Stage, get
from app.services.anonymising.redaction import accept_all, start_redactions
from app.services.assigning.assignment import assign
from app.services.transitions import perform, verdict_on


def play_redactions(stage: Stage, cast: Cast, application_id: str) -> None:
    """Begin every copy. One is finished and released, the others keep their passages to decide."""
    with stage.act() as act:
        start_redactions(act)
        redaction_id = act.session.scalars(select(Redaction.id).where(Redaction.application_id == application_id)).one()
    stage.run_outbox()  # files are copied without their properties
    with stage.act(cast.call_managers[0]) as act:
        redaction = get(act, Redaction, redaction_id)
        accept_all(act, redaction)
        if verdict_on(act, redaction, "release"):
            perform(act, redaction, "release")


def play_declaration(stage: Stage, cast: Cast, application_id: str) -> None:
    """Ask an expert for a report: first the whole shuffled list of the call's organisations waits for them."""
    with stage.act(cast.call_managers[0]) as act:
        task = assign(act, get(act, Application, application_id), get(act, Person, cast.experts[2]))
        if verdict_on(act, task, "publish"):
            perform(act, task, "publish")
