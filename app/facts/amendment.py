"""What guards of an amendment may know."""

from __future__ import annotations

from app.act import Act
from app.facts.decision_of_call import decision_is_proposed
from app.models import Amendment
from workflows.amendment import Change, Facts
from workflows.application import LOCKED, State
from workflows.membership import LIVE
from workflows.verdict import ALLOWED, Verdict, refuse
from workflows.words import _


def amendment_facts(act: Act, amendment: Amendment) -> Facts:
    return Facts(still_possible=_still_possible(act, amendment))


def _still_possible(act: Act, amendment: Amendment) -> Verdict:
    application, verdict = amendment.application, ALLOWED
    if application.state not in LOCKED:
        verdict += refuse("not-locked", _("The application is not in a state in which its partners can be changed."))
    decided = application.state in (State.AWARDED, State.RESERVE)
    if not decided and decision_is_proposed(act, application.call_id):
        verdict += refuse("decision-proposed", _("The decision on this call is being prepared."))
    member = amendment.membership
    if amendment.change is not Change.ADD and (member is None or member.state not in LIVE):
        verdict += refuse("partner-gone", _("This organisation is no longer a partner."))
    return verdict
