"""What guards of a proposal to move up may know."""

from __future__ import annotations

from app.act import Act
from app.models import Advance
from app.services.deciding.reserve import next_now
from workflows.advance import Facts, State
from workflows.verdict import ALLOWED


def advance_facts(act: Act, advance: Advance) -> Facts:
    waits = advance.state is State.PROPOSED
    return Facts(proposed_by=advance.proposed_by, next_now=next_now(act, advance) if waits else ALLOWED)
