"""What guards of an expression of interest may know."""

from __future__ import annotations

from sqlalchemy import select

from app.act import Act
from app.facts.call import is_open
from app.models import Call, Expression
from workflows.expression import Facts
from workflows.profile import State as ProfileState
from workflows.verdict import ALLOWED


def expression_facts(act: Act, expression: Expression) -> Facts:
    follow_on = act.session.scalar(select(Call).where(Call.code == expression.call.next_code))
    return Facts(
        call_is_open=is_open(act, expression.call),
        organisation_is_published=expression.organisation.state == ProfileState.PUBLISHED,
        missing=ALLOWED,
        follow_on_call_is_open=follow_on is not None and is_open(act, follow_on),
    )
