"""A partner's place in a consortium. Only the partner's own act confirms it."""

from dataclasses import dataclass
from enum import StrEnum

from workflows.effects import (
    APPLY_AMENDMENT,
    END_PARTICIPATION,
    GIVE_INVITATION,
    MAIL_INVITATION,
    RECORD_CONSENT,
    REFUSE_ADDRESS,
    Mail,
    Stamp,
)
from workflows.machine import Actor, Kind, Machine, Need, StateName, Tone, Words, row
from workflows.relations import Relation
from workflows.verdict import ALLOWED, Verdict, refuse
from workflows.words import _

COORDINATOR, DEPUTY, OWN_PARTNER, INVITED, CLOCK, CASCADE = (
    Relation.COORDINATOR,
    Relation.DEPUTY,
    Relation.OWN_PARTNER,
    Relation.INVITED,
    Relation.CLOCK,
    Relation.CASCADE,
)


class State(StrEnum):
    INVITED = "invited"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    REMOVED = "removed"
    LEFT = "left"


S = State
COUNTED = frozenset({S.ACCEPTED})
LIVE = frozenset({S.INVITED, S.ACCEPTED})


@dataclass(frozen=True)
class Facts:
    call_is_open: bool
    own_facts_missing: Verdict  # name, country, region, kind: what the partner still has to give
    is_coordinator: bool
    decision_is_proposed: bool
    by_amendment: bool = False  # invited after the deadline, which the office accepted
    within_limit: Verdict = ALLOWED  # how many applications of the call the organisation may be part of
    confirmation_is_overdue: bool = False
    somebody_asks: bool = False  # to accept with another address than the invited one


def call_is_open(facts: Facts, _actor: Actor) -> Verdict:
    if facts.call_is_open:
        return ALLOWED
    return refuse("call-closed", _("The deadline has passed: the list of partners is locked."))


def may_still_join(facts: Facts, actor: Actor) -> Verdict:
    return ALLOWED if facts.by_amendment else call_is_open(facts, actor)


def list_is_not_locked(facts: Facts, _actor: Actor) -> Verdict:
    if facts.call_is_open:
        return ALLOWED
    text = _(
        "The deadline has passed: the list of partners is locked. A change is asked for on the page of the consortium."
    )
    return refuse("list-locked", text)


def within_the_limit(facts: Facts, _actor: Actor) -> Verdict:
    return facts.within_limit


def confirmation_is_overdue(facts: Facts, _actor: Actor) -> Verdict:
    if facts.confirmation_is_overdue:
        return ALLOWED
    return refuse("not-overdue", _("There is nothing to confirm, or the time for it is not over."))


def own_facts_are_complete(facts: Facts, _actor: Actor) -> Verdict:
    return facts.own_facts_missing


def not_the_coordinator(facts: Facts, _actor: Actor) -> Verdict:
    if not facts.is_coordinator:
        return ALLOWED
    return refuse(
        "coordinator-stays", _("The coordinator can't leave the consortium: hand over the coordination first.")
    )


def decision_is_not_proposed(facts: Facts, _actor: Actor) -> Verdict:
    if not facts.decision_is_proposed:
        return ALLOWED
    return refuse("decision-proposed", _("The decision on this call is being prepared; write to the office."))


def somebody_asks(facts: Facts, _actor: Actor) -> Verdict:
    if facts.somebody_asks:
        return ALLOWED
    return refuse("nobody-asks", _("Nobody asks to accept with another address, or it was answered already."))


ANSWER_WHY = Need("reason", _("Reason (the coordinator will read it)"), Kind.LONG_TEXT, limit=1000, required=False)

# fmt: off
MEMBERSHIP = Machine("membership", State, S.INVITED, (
    #   name            from                               to          by                     when                                      then                 after                                              needs
    row("accept",       [S.INVITED],                       S.ACCEPTED, [INVITED],             [may_still_join, own_facts_are_complete, within_the_limit], [RECORD_CONSENT], [Mail("partner_accepted", (COORDINATOR, DEPUTY)), Mail("part_confirmed", (OWN_PARTNER,))]),
    row("decline",      [S.INVITED],                       S.DECLINED, [INVITED],             [],                                       [],                  [Mail("partner_declined", (COORDINATOR, DEPUTY))], [ANSWER_WHY]),
    row("remove",       [S.INVITED, S.ACCEPTED],           S.REMOVED,  [COORDINATOR, DEPUTY], [call_is_open, not_the_coordinator],      [END_PARTICIPATION], [Mail("partner_removed", (OWN_PARTNER,))]),
    row("leave",        [S.ACCEPTED],                      S.LEFT,     [OWN_PARTNER],         [not_the_coordinator, list_is_not_locked, decision_is_not_proposed], [END_PARTICIPATION], [Mail("partner_left", (COORDINATOR, DEPUTY))], [ANSWER_WHY]),
    row("confirm",      [S.ACCEPTED],                      None,       [OWN_PARTNER],         [own_facts_are_complete],                 [RECORD_CONSENT]),
    row("amend",        [S.ACCEPTED],                      None,       [CASCADE],             [],                                       [APPLY_AMENDMENT],   [Mail("part_to_confirm", (OWN_PARTNER,))]),
    row("take_out",     [S.INVITED, S.ACCEPTED],           S.REMOVED,  [CASCADE],             [not_the_coordinator],                    [END_PARTICIPATION], [Mail("partner_removed", (OWN_PARTNER,))]),
    row("miss",         [S.ACCEPTED],                      None,       [CLOCK],               [confirmation_is_overdue],                [Stamp("confirm_missed_at")], [Mail("confirmation_missed", (OWN_PARTNER, COORDINATOR, DEPUTY))]),
    row("allow_address", [S.INVITED],                      None,       [COORDINATOR, DEPUTY], [may_still_join, somebody_asks],          [GIVE_INVITATION]),
    row("refuse_address", [S.INVITED],                     None,       [COORDINATOR, DEPUTY], [somebody_asks],                          [REFUSE_ADDRESS]),
    row("invite_again", [S.DECLINED, S.REMOVED, S.LEFT],   S.INVITED,  [COORDINATOR, DEPUTY], [call_is_open],                           [MAIL_INVITATION]),
), names={
    S.INVITED:  StateName(_("Invited"), _("Invited"), _("Invited"), Tone.PROGRESS),
    S.ACCEPTED: StateName(_("Accepted"), _("Accepted"), _("Partner"), Tone.GOOD),
    S.DECLINED: StateName(_("Declined"), _("Declined"), _("Declined"), Tone.WARNING),
    S.REMOVED:  StateName(_("Removed"), _("Removed"), _("Removed"), Tone.NEUTRAL),
    S.LEFT:     StateName(_("Left"), _("Left"), _("Left"), Tone.NEUTRAL),
}, words={
    "accept":       Words(_("Accept the invitation"), _("accepted")),
    "decline":      Words(_("Decline"), _("declined")),
    "remove":       Words(_("Remove from the consortium"), _("removed")),
    "leave":        Words(_("Leave the consortium"), _("left")),
    "confirm":      Words(_("Confirm our part"), _("part confirmed")),
    "amend":        Words(_("Change the part"), _("part changed by an accepted change of partners")),
    "take_out":     Words(_("Take out"), _("taken out by an accepted change of partners")),
    "miss":         Words(_("Time to confirm over"), _("part not confirmed in time")),
    "allow_address": Words(_("Let this person accept"), _("another address allowed")),
    "refuse_address": Words(_("Refuse this address"), _("another address refused")),
    "invite_again": Words(_("Invite again"), _("invited again")),
})
# fmt: on
