"""What guards of a call may know."""

from __future__ import annotations

from sqlalchemy import select

from app.act import Act
from app.models import Application, Assignment, Call
from workflows.call import Facts, State

NOT_OPEN = frozenset({State.DRAFT, State.CANCELLED, State.CONCLUDED})


def call_facts(act: Act, call: Call) -> Facts:
    begun = select(Assignment.id).join(Application, Application.id == Assignment.application_id)
    return Facts(
        now=act.now,
        opens_at=call.opens_at,
        closes_at=call.closes_at,
        new_closes_at=call.proposed_closes_at,
        extension_proposed_by=call.extension_proposed_by,
        evaluation_has_begun=act.session.scalar(begun.where(Application.call_id == call.id).limit(1)) is not None,
        has_awards=call.kind != "expression_of_interest",
    )


def is_open(act: Act, call: Call) -> bool:
    """A call is open while `opens <= now < closes`, whatever the clock has ticked."""
    return call.opens_at <= act.now < call.closes_at and call.state not in NOT_OPEN
