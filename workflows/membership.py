"""A partner's place in a consortium. Only the partner's own act confirms it."""

from dataclasses import dataclass
from enum import StrEnum

from workflows.effects import END_PARTICIPATION, MAIL_INVITATION, RECORD_CONSENT, Mail
from workflows.machine import Actor, Kind, Machine, Need, StateName, Tone, Words, row
from workflows.relations import Relation
from workflows.verdict import ALLOWED, Verdict, refuse
from workflows.words import _

COORDINATOR, DEPUTY, OWN_PARTNER, INVITED = (
    Relation.COORDINATOR,
    Relation.DEPUTY,
    Relation.OWN_PARTNER,
    Relation.INVITED,
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


def call_is_open(facts: Facts, _actor: Actor) -> Verdict:
    if facts.call_is_open:
        return ALLOWED
    return refuse("call-closed", _("The deadline has passed: the list of partners is locked."))


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


ANSWER_WHY = Need("reason", _("Reason (the coordinator will read it)"), Kind.LONG_TEXT, limit=1000, required=False)

# fmt: off
MEMBERSHIP = Machine("membership", State, S.INVITED, (
    #   name            from                               to          by                     when                                      then                 after                                              needs
    row("accept",       [S.INVITED],                       S.ACCEPTED, [INVITED],             [call_is_open, own_facts_are_complete],   [RECORD_CONSENT],    [Mail("partner_accepted", (COORDINATOR, DEPUTY))]),
    row("decline",      [S.INVITED],                       S.DECLINED, [INVITED],             [],                                       [],                  [Mail("partner_declined", (COORDINATOR, DEPUTY))], [ANSWER_WHY]),
    row("remove",       [S.INVITED, S.ACCEPTED],           S.REMOVED,  [COORDINATOR, DEPUTY], [call_is_open, not_the_coordinator],      [END_PARTICIPATION], [Mail("partner_removed", (OWN_PARTNER,))]),
    row("leave",        [S.ACCEPTED],                      S.LEFT,     [OWN_PARTNER],         [not_the_coordinator, decision_is_not_proposed], [END_PARTICIPATION], [Mail("partner_left", (COORDINATOR, DEPUTY))], [ANSWER_WHY]),
    row("confirm",      [S.ACCEPTED],                      None,       [OWN_PARTNER],         [own_facts_are_complete],                 [RECORD_CONSENT]),
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
    "invite_again": Words(_("Invite again"), _("invited again")),
})
# fmt: on
