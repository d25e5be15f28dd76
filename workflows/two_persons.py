"""Which acts need two persons: some always, by their tables; some where the office says so."""

from collections.abc import Mapping

from workflows.verdict import ALLOWED, Verdict, refuse
from workflows.words import _

NEEDS_TWO = "needs-two"  # nothing stands against proposing it

# Never taken by one person: one proposes, another signs. No setting says otherwise; the rows themselves ask for it.
ALWAYS: Mapping[str, str] = {
    "decision.sign": _("The decision on a call: awards, the reserve list and rejections"),
    "advance.sign": _("An award to the next of the reserve list"),
    "review.sign": _("A new decision after a review"),
    "review.confirm_refusal": _("The answer to the review of a refusal"),
    "review.lift_refusal": _("Lifting a refusal after a review"),
    "review.lift_late": _("Lifting a refusal after the release"),
    "check.confirm_refusal": _("Refusing an application at the formal checks"),
    "label.suspend": _("Suspending a label"),
    "label.withdraw": _("Withdrawing a label"),
    "call.extend": _("A later deadline for everybody"),
    "exception.approve": _("A later deadline for one application"),
}

# Taken by one person, unless the office says that two are needed: then one proposes, another of the same office takes it.
SETTABLE: Mapping[str, str] = {
    "call.announce": _("Announcing a call"),
    "call.change": _("Changing a call that is announced"),
    "call.cancel": _("Cancelling a call"),
    "profile.publish": _("Publishing the profile of an organisation"),
    "profile.suspend": _("Suspending the profile of an organisation"),
    "amendment.accept": _("Accepting a change of partners after the deadline"),
    "label.reinstate": _("Reinstating a suspended label"),
}


def another_takes_it(*, needed: bool, proposer: str | None, person: str | None) -> Verdict:
    """Say whether an act may be taken now: where two are needed, by another than the one who proposed it."""
    if not needed:
        return ALLOWED
    if proposer is None:
        return refuse(NEEDS_TWO, _("This act needs two persons: you propose it, another person takes it."))
    if proposer == person:
        return refuse("same-person", _("You proposed this; another person has to do it."))
    return ALLOWED


def but_the_second(verdict: Verdict) -> Verdict:
    """Give what stands against at least proposing an act."""
    return Verdict(tuple(reason for reason in verdict.reasons if reason.code != NEEDS_TWO))
