"""What guards of a membership may know."""

from __future__ import annotations

import hashlib

import rfc8785

from app.act import Act
from app.facts.call import is_open
from app.facts.decision_of_call import decision_is_proposed
from app.models import Membership, Role
from workflows.membership import Facts
from workflows.membership import State as S
from workflows.verdict import ALLOWED, Verdict, refuse
from workflows.words import _


def membership_facts(act: Act, membership: Membership) -> Facts:
    call = membership.application.call
    leads = membership.role is Role.COORDINATOR
    return Facts(
        call_is_open=is_open(act, call),
        own_facts_missing=ALLOWED if leads else own_facts_missing(membership),
        is_coordinator=leads,
        decision_is_proposed=decision_is_proposed(act, call.id),
    )


def name_of_partner(membership: Membership) -> str:
    """Give the name as it is known: the organisation's, else the one the invitation used."""
    if membership.organisation is not None:
        return membership.organisation.name
    return membership.invited_name or membership.invited_email


def own_facts_missing(membership: Membership) -> Verdict:
    """Say what the partner still has to give. A region may stay unknown: the rules then say that they can't tell."""
    verdict = ALLOWED
    if membership.organisation is None:
        verdict += refuse("name-missing", _("Give the name of your organisation."))
    if not membership.country:
        verdict += refuse("country-missing", _("Choose the country of your organisation."))
    if not membership.kinds:
        verdict += refuse("kind-missing", _("Choose what kind of organisation it is."))
    return verdict


def part_digest(membership: Membership) -> str:
    """Digest what the partner agreed to: its own part of the application, and no other's."""
    part = {
        "organisation": membership.organisation_id,
        "role": membership.role.value,
        "kinds": sorted(membership.kinds),
        "country": membership.country,
        "region": membership.region,
        "region_acted_for": membership.region_acted_for,
        "share": None if membership.share is None else f"{membership.share:.2f}",
        "task": membership.task,
    }
    return hashlib.sha256(rfc8785.dumps(part)).hexdigest()


def has_confirmed(membership: Membership) -> bool:
    """Say whether the partner has accepted, and its own part has not been changed since."""
    return membership.state is S.ACCEPTED and membership.consent_digest == part_digest(membership)
