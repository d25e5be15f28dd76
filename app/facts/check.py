"""What guards of a check may know."""

from __future__ import annotations

from sqlalchemy import select

from app.act import Act
from app.models import Check, Event
from workflows.application import State as ApplicationState
from workflows.check import Facts


def check_facts(act: Act, check: Check) -> Facts:
    last = select(Event.actor_id).where(
        Event.noun == "check", Event.thing_id == check.id, Event.name == "propose_refusal"
    )
    return Facts(
        proposed=check.proposed,
        refusal_proposed_by=act.session.scalar(last.order_by(Event.number.desc()).limit(1)),
        application_is_received=check.application.state == ApplicationState.RECEIVED,
    )
