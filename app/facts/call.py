"""What guards of a call may know."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from app.act import Act
from app.asker import values_of
from app.interest import tied_applications
from app.models import Application, Assignment, Call, Expression
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
        change_is_prepared=call.source.prepared is not None,
        is_frozen=call.frozen_at is not None,
        frozen_by=call.frozen_by,
        applies=_applies(act, call),
    )


def is_open(act: Act, call: Call) -> bool:
    """A call is open while `opens <= now < closes`, whatever the clock has ticked."""
    return call.opens_at <= act.now < call.closes_at and call.state not in NOT_OPEN


def _applies(act: Act, call: Call) -> bool:
    """Has the person an interest in an application of the call? Drafts count: a moved deadline helps them most."""
    if act.person_id is None:
        return False
    mine = act.session.scalars(tied_applications(), values_of(act) | {"of_call": call.id})
    return mine.first() is not None


def deadline_of(owner: Application | Expression) -> datetime:
    """The deadline in force for one: everybody's, or an application's own by a late exception."""
    return owner.closes_at if isinstance(owner, Application) else owner.call.closes_at


def is_open_for(act: Act, owner: Application | Expression) -> bool:
    """Is the call open for this application, its own deadline included?"""
    call = owner.call
    return call.opens_at <= act.now < deadline_of(owner) and call.state not in NOT_OPEN
