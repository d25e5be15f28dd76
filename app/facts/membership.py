"""What guards of a membership may know."""

from __future__ import annotations

from app.act import Act
from app.facts.call import is_open
from app.facts.decision_of_call import decision_is_proposed
from app.models import Membership, Role
from workflows.membership import Facts
from workflows.verdict import ALLOWED


def membership_facts(act: Act, membership: Membership) -> Facts:
    call = membership.application.call
    return Facts(
        call_is_open=is_open(act, call),
        own_facts_missing=ALLOWED,
        is_coordinator=membership.role is Role.COORDINATOR,
        decision_is_proposed=decision_is_proposed(act, call.id),
    )
