"""The label: offered by the release, conferred when the coordinator accepts, active once its certificate is stored."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from workflows.effects import ACCEPT_CHARTER, ALLOT_NUMBER, CERTIFICATE, CHANGE_GRANT_LINE, Mail, Stamp
from workflows.machine import REASON, Actor, Kind, Machine, Need, StateName, Tone, Words, row, signed_in_again
from workflows.relations import SIGNERS, Relation
from workflows.verdict import ALLOWED, Verdict, refuse
from workflows.words import _

COORDINATOR, CALL_MANAGER = Relation.COORDINATOR, Relation.CALL_MANAGER
CLOCK, CASCADE = Relation.CLOCK, Relation.CASCADE


class State(StrEnum):
    OFFERED = "offered"
    DECLINED = "declined"
    LAPSED = "lapsed"
    CONFERRED = "conferred"
    ACTIVE = "active"
    SUSPENSION_PROPOSED = "suspension_proposed"
    SUSPENDED = "suspended"
    WITHDRAWAL_PROPOSED = "withdrawal_proposed"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


S = State
NOT_TAKEN = frozenset({S.DECLINED, S.LAPSED})
VALID = frozenset({S.ACTIVE, S.SUSPENSION_PROPOSED})
ON_HOLD = frozenset({S.SUSPENDED, S.WITHDRAWAL_PROPOSED})
REGISTERED = VALID | ON_HOLD | {S.WITHDRAWN, S.EXPIRED}
NUMBERED = REGISTERED | {S.CONFERRED}
ENDED_STATES = NOT_TAKEN | {S.WITHDRAWN, S.EXPIRED}


@dataclass(frozen=True)
class Facts:
    now: datetime
    accept_by: datetime
    valid_until: datetime | None
    proposed_by: str | None
    charter_waits_for: tuple[str, ...] = ()  # partners that did not accept it, where the call asks it of all


def acceptance_is_in_time(facts: Facts, _actor: Actor) -> Verdict:
    if facts.now < facts.accept_by:
        return ALLOWED
    return refuse("too-late", _("The time to accept the label has passed."))


def acceptance_is_overdue(facts: Facts, _actor: Actor) -> Verdict:
    if facts.now >= facts.accept_by:
        return ALLOWED
    return refuse("not-due", _("The coordinator may still accept."))


def every_partner_accepted_the_charter(facts: Facts, _actor: Actor) -> Verdict:
    if not facts.charter_waits_for:
        return ALLOWED
    text = _("The call asks that every partner accepts the charter first. Not yet: {names}.")
    return refuse("charter-waits", text, names=", ".join(facts.charter_waits_for))


def validity_has_ended(facts: Facts, _actor: Actor) -> Verdict:
    if facts.valid_until is not None and facts.now >= facts.valid_until:
        return ALLOWED
    return refuse("still-valid", _("The label is still valid."))


def not_the_proposer(facts: Facts, actor: Actor) -> Verdict:
    if actor.person != facts.proposed_by:
        return ALLOWED
    return refuse("same-person", _("You proposed this; another person has to sign it."))


CHARTER = Need(
    "charter",
    _("We accept the label and its charter: we will work together on the joint cooperation agenda"),
    Kind.FLAG,
)
PROPOSED = Stamp(person="proposed_by")
ENDED = Stamp("ended_at")
PARTNERS = (COORDINATOR, Relation.DEPUTY, Relation.PARTNER)

# fmt: off
LABEL = Machine("label", State, S.OFFERED, (
    #   name                  from                      to                     by                   when                                 then             after                                              needs
    row("accept",             [S.OFFERED],              S.CONFERRED,           [COORDINATOR],       [acceptance_is_in_time, every_partner_accepted_the_charter], [ALLOT_NUMBER, ACCEPT_CHARTER], [CERTIFICATE],                                     [CHARTER]),
    row("decline",            [S.OFFERED],              S.DECLINED,            [COORDINATOR],       [],                                  [],              [Mail("label_declined", (CALL_MANAGER,))],         [REASON]),
    row("lapse",              [S.OFFERED],              S.LAPSED,              [CLOCK],             [acceptance_is_overdue],             [],              [Mail("label_declined", (CALL_MANAGER,))]),
    row("take_back",          [S.OFFERED],              S.LAPSED,              [CASCADE]),
    row("offer_again",        [S.DECLINED, S.LAPSED],   S.OFFERED,             [CASCADE]),
    row("end_by_review",      sorted({S.CONFERRED} | VALID | ON_HOLD), S.WITHDRAWN, [CASCADE],   [],                                  [ENDED],         [Mail("label_ended", PARTNERS)]),
    row("renew_certificate",  sorted({S.CONFERRED} | VALID | ON_HOLD), None,    [CASCADE],           [],                                  [CHANGE_GRANT_LINE], [CERTIFICATE, Mail("certificate_renewed", PARTNERS)]),
    row("activate",           [S.CONFERRED],            S.ACTIVE,              [CASCADE],           [],                                  [],              [Mail("label_issued", PARTNERS)]),
    row("propose_suspension", [S.ACTIVE],               S.SUSPENSION_PROPOSED, [CALL_MANAGER],      [],                                  [PROPOSED],              [],                                                [REASON]),
    row("suspend",            [S.SUSPENSION_PROPOSED],  S.SUSPENDED,           [*SIGNERS],          [not_the_proposer, signed_in_again], [],              [Mail("label_suspended", PARTNERS)]),
    row("keep",               [S.SUSPENSION_PROPOSED],  S.ACTIVE,              [*SIGNERS],          [],                                  [],              [],                                                [REASON]),
    row("reinstate",          [S.SUSPENDED],            S.ACTIVE,              [*SIGNERS],          [signed_in_again],                   [],              [Mail("label_reinstated", PARTNERS)],              [REASON]),
    row("propose_withdrawal", [S.SUSPENDED],            S.WITHDRAWAL_PROPOSED, [CALL_MANAGER],      [],                                  [PROPOSED],              [],                                                [REASON]),
    row("withdraw",           [S.WITHDRAWAL_PROPOSED],  S.WITHDRAWN,           [*SIGNERS],          [not_the_proposer, signed_in_again], [ENDED],         [Mail("label_withdrawn", PARTNERS)]),
    row("return",             [S.WITHDRAWAL_PROPOSED],  S.SUSPENDED,           [*SIGNERS],          [],                                  [],              [],                                                [REASON]),
    row("expire",             [S.ACTIVE, S.SUSPENDED],  S.EXPIRED,             [CLOCK],             [validity_has_ended],                [ENDED],         [Mail("label_expired", PARTNERS)]),
), names={
    S.OFFERED:             StateName(_("Offered"), _("Offered: accept it"), _("Not public"), Tone.WARNING),
    S.DECLINED:            StateName(_("Declined"), _("Declined"), _("Not public"), Tone.NEUTRAL),
    S.LAPSED:              StateName(_("Offer lapsed"), _("Offer lapsed"), _("Not public"), Tone.NEUTRAL),
    S.CONFERRED:           StateName(_("Conferred, certificate being made"), _("Conferred, certificate being made"), _("Not public"), Tone.PROGRESS),
    S.ACTIVE:              StateName(_("Valid"), _("Valid"), _("Valid"), Tone.GOOD),
    S.SUSPENSION_PROPOSED: StateName(_("Suspension proposed"), _("Valid"), _("Valid"), Tone.WARNING),
    S.SUSPENDED:           StateName(_("Suspended"), _("Suspended"), _("Suspended"), Tone.WARNING),
    S.WITHDRAWAL_PROPOSED: StateName(_("Withdrawal proposed"), _("Suspended"), _("Suspended"), Tone.WARNING),
    S.WITHDRAWN:           StateName(_("Withdrawn"), _("Withdrawn"), _("Withdrawn"), Tone.BAD),
    S.EXPIRED:             StateName(_("Expired"), _("Expired"), _("Expired"), Tone.NEUTRAL),
}, words={
    "accept":             Words(_("Accept the label"), _("accepted")),
    "decline":            Words(_("Decline the label"), _("declined")),
    "lapse":              Words(_("Lapse"), _("not accepted in time")),
    "take_back":          Words(_("Take the offer back"), _("offer taken back after a review")),
    "offer_again":        Words(_("Offer the label again"), _("offered again")),
    "end_by_review":      Words(_("End the label"), _("ended, as a review of the evaluation took the award away")),
    "renew_certificate":  Words(_("Issue the certificate anew"), _("certificate issued anew, as the new result changes what it says of the grant")),
    "activate":           Words(_("Activate"), _("certificate issued")),
    "propose_suspension": Words(_("Propose suspension"), _("suspension proposed")),
    "suspend":            Words(_("Suspend the label"), _("suspended")),
    "keep":               Words(_("Keep the label valid"), _("suspension refused")),
    "reinstate":          Words(_("Reinstate the label"), _("reinstated")),
    "propose_withdrawal": Words(_("Propose withdrawal"), _("withdrawal proposed")),
    "withdraw":           Words(_("Withdraw the label"), _("withdrawn")),
    "return":             Words(_("Return the proposal"), _("withdrawal refused")),
    "expire":             Words(_("Expire"), _("expired")),
}, columns={
    "number": frozenset(NUMBERED),
    "code": frozenset(NUMBERED),
    "conferred_at": frozenset(NUMBERED),
})
# fmt: on
