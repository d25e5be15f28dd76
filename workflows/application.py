"""An application: drafted by a consortium, submitted in versions, checked, evaluated, decided."""

from dataclasses import dataclass
from enum import StrEnum

from workflows.effects import (
    ASK_PARTNERS,
    ASK_TO_CONFIRM,
    FREEZE_VERSION,
    OFFER_LABEL,
    OFFER_LABEL_WITHOUT_GRANT,
    OPEN_CHECKS,
    READING_COPY,
    RECEIPT,
    REFUSAL_LETTER,
    RESULT_LETTER,
    SUMMARY_REPORT,
    Cascade,
    Mail,
)
from workflows.machine import REASON, Actor, Kind, Machine, Need, StateName, Tone, Words, row
from workflows.relations import Relation
from workflows.verdict import ALLOWED, Verdict, refuse
from workflows.words import _, plural

COORDINATOR, DEPUTY, PARTNER, HELPER = Relation.COORDINATOR, Relation.DEPUTY, Relation.PARTNER, Relation.HELPER
CALL_MANAGER, CLOCK, CASCADE = Relation.CALL_MANAGER, Relation.CLOCK, Relation.CASCADE


class State(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    RECEIVED = "received"
    ELIGIBLE = "eligible"
    INADMISSIBLE = "inadmissible"
    INELIGIBLE = "ineligible"
    EVALUATED = "evaluated"
    AWARDED = "awarded"
    RESERVE = "reserve"
    REJECTED = "rejected"


S = State
EDITABLE = frozenset({S.DRAFT, S.SUBMITTED, S.WITHDRAWN})  # while the call is open
IN_EVALUATION = frozenset({S.RECEIVED, S.ELIGIBLE, S.EVALUATED})
BEFORE_PROPOSAL = frozenset({S.SUBMITTED, S.RECEIVED, S.ELIGIBLE, S.EVALUATED})
AFTER_SUBMISSION = frozenset(set(S) - {S.DRAFT, S.LAPSED})
LOCKED = IN_EVALUATION | {S.AWARDED, S.RESERVE}  # the list of partners is changed by amendments alone
REFUSED = frozenset({S.INADMISSIBLE, S.INELIGIBLE})
DECIDED = frozenset({S.AWARDED, S.RESERVE, S.REJECTED})
OUTCOMES = DECIDED | REFUSED


@dataclass(frozen=True)
class Facts:
    call_is_open: bool
    missing: Verdict  # the readiness list: everything that stands between the draft and submission
    decision_is_proposed: bool
    checks_recorded: int
    checks_due: int
    refused_admissibility: int  # rules not met, confirmed by a second person
    refused_eligibility: int
    refusals_waiting: int  # proposed by one person, not yet confirmed by another
    organisations_not_validated: tuple[str, ...]
    copy_is_being_made: bool = False
    unfit: int = 0  # passages in the office's text of the letter of refusal


def call_is_open(facts: Facts, _actor: Actor) -> Verdict:
    if facts.call_is_open:
        return ALLOWED
    return refuse("call-closed", _("The deadline has passed."))


def no_copy_is_being_made(facts: Facts, _actor: Actor) -> Verdict:
    if not facts.copy_is_being_made:
        return ALLOWED
    return refuse("copy-being-made", _("A copy is being made; it will be there in a minute."))


def deadline_has_passed(facts: Facts, _actor: Actor) -> Verdict:
    if not facts.call_is_open:
        return ALLOWED
    return refuse("call-open", _("The call is still open."))


def nothing_is_missing(facts: Facts, _actor: Actor) -> Verdict:
    return facts.missing


def decision_is_not_proposed(facts: Facts, _actor: Actor) -> Verdict:
    if not facts.decision_is_proposed:
        return ALLOWED
    return refuse("decision-proposed", _("The decision on this call is being prepared; write to the office."))


def every_check_is_recorded(facts: Facts, _actor: Actor) -> Verdict:
    open_checks = facts.checks_due - facts.checks_recorded
    if not open_checks:
        return ALLOWED
    return refuse(
        "checks-open", _("{open} of {due} checks are not recorded yet."), open=open_checks, due=facts.checks_due
    )


def no_refusal_stands(facts: Facts, _actor: Actor) -> Verdict:
    refusals = facts.refused_admissibility + facts.refused_eligibility + facts.refusals_waiting
    if not refusals:
        return ALLOWED
    return refuse("refusal-stands", _("A rule is recorded as not met."))


def every_organisation_is_validated(facts: Facts, _actor: Actor) -> Verdict:
    if not facts.organisations_not_validated:
        return ALLOWED
    names = ", ".join(facts.organisations_not_validated)
    return refuse("not-validated", _("These organisations are not validated yet: {names}."), names=names)


def an_admissibility_rule_is_not_met(facts: Facts, _actor: Actor) -> Verdict:
    if facts.refused_admissibility:
        return ALLOWED
    return refuse("admissible", _("No rule of admissibility is confirmed as not met by a second person."))


def an_eligibility_rule_is_not_met(facts: Facts, _actor: Actor) -> Verdict:
    if facts.refused_eligibility:
        return ALLOWED
    return refuse("no-ineligibility", _("No rule of eligibility is confirmed as not met by a second person."))


def the_letter_is_fit_to_read(facts: Facts, _actor: Actor) -> Verdict:
    if not facts.unfit:
        return ALLOWED
    text = plural(
        "{n} passage in the text of the letter has to be mended: see the letter.",
        "{n} passages in the text of the letter have to be mended: see the letter.",
    )
    return refuse("letter-not-fit", text, n=facts.unfit)


DECLARATIONS = Need("declarations", _("Declarations"), Kind.FLAGS)
LEADERS = (COORDINATOR, DEPUTY)
APPLICANTS = (COORDINATOR, DEPUTY, PARTNER)
END_EVALUATION = (
    Cascade("assignment", "end", "live_tasks_of_application"),
    Cascade("consensus", "end", "live_consensus_of_application"),
)
END_LATE = Cascade("review", "end_late", "late_review_of_application")
END_LABEL = Cascade("label", "end_by_review", "label_without_award")  # of the release of the review, by two persons
RENEW = Cascade("label", "renew_certificate", "label_with_another_grant")
AGAIN = Cascade("label", "offer_again", "label_to_offer_again")
TAKE_BACK = Cascade("label", "take_back", "offered_label_of_application")  # before a review gives another result

# fmt: off
APPLICATION = Machine("application", State, S.DRAFT, (
    #   name                 from                         to              by                     when                                                                          then                                                      after                                            needs
    row("submit",            [S.DRAFT],                   S.SUBMITTED,    [COORDINATOR, DEPUTY], [call_is_open, nothing_is_missing],                                           [FREEZE_VERSION, ASK_TO_CONFIRM],                         [RECEIPT, Mail("received", LEADERS)],            [DECLARATIONS]),
    row("resubmit",          [S.SUBMITTED, S.WITHDRAWN],  S.SUBMITTED,    [COORDINATOR, DEPUTY], [call_is_open, nothing_is_missing],                                           [FREEZE_VERSION, ASK_TO_CONFIRM],                         [RECEIPT, Mail("received", LEADERS)],            [DECLARATIONS]),
    row("withdraw",          sorted(BEFORE_PROPOSAL),     S.WITHDRAWN,    [COORDINATOR],         [decision_is_not_proposed],                                                   [*END_EVALUATION, END_LATE],                              [Mail("withdrawn", APPLICANTS)],                 [REASON]),
    row("order_copy",        sorted(State),               None,           [COORDINATOR, DEPUTY, PARTNER, HELPER], [no_copy_is_being_made],                                      [],                                                       [READING_COPY]),
    row("lapse",             [S.DRAFT],                   S.LAPSED,       [CLOCK],               [deadline_has_passed]),
    row("lock",              [S.SUBMITTED],               S.RECEIVED,     [CLOCK],               [deadline_has_passed],                                                        [OPEN_CHECKS]),
    row("restart",           [S.LAPSED],                  S.DRAFT,        [CASCADE]),
    row("reopen",            [S.RECEIVED],                S.SUBMITTED,    [CASCADE],             [],                                                                           [Cascade("check", "drop", "of_application")]),
    row("admit",             [S.RECEIVED],                S.ELIGIBLE,     [CALL_MANAGER],        [every_check_is_recorded, no_refusal_stands, every_organisation_is_validated]),
    row("find_inadmissible", [S.RECEIVED],                S.INADMISSIBLE, [CALL_MANAGER],        [an_admissibility_rule_is_not_met, the_letter_is_fit_to_read],                [END_LATE],                                               [REFUSAL_LETTER, Mail("refused", LEADERS)]),
    row("find_ineligible",   [S.RECEIVED],                S.INELIGIBLE,   [CALL_MANAGER],        [an_eligibility_rule_is_not_met, the_letter_is_fit_to_read],                  [END_LATE],                                               [REFUSAL_LETTER, Mail("refused", LEADERS)]),
    row("take_up_again",     sorted(REFUSED),             S.RECEIVED,     [CASCADE]),
    row("complete",          [S.ELIGIBLE],                S.EVALUATED,    [CASCADE]),
    row("resume",            [S.EVALUATED],               S.ELIGIBLE,     [CASCADE]),
    row("award",             [S.EVALUATED, S.RESERVE, S.REJECTED], S.AWARDED, [CASCADE],         [],                                                                           [TAKE_BACK, RENEW, AGAIN, OFFER_LABEL, ASK_PARTNERS],                                            [SUMMARY_REPORT, RESULT_LETTER, Mail("result", APPLICANTS)]),
    row("hold_in_reserve",   [S.EVALUATED, S.AWARDED, S.REJECTED], S.RESERVE, [CASCADE],         [],                                                                           [TAKE_BACK, END_LABEL, RENEW, AGAIN, OFFER_LABEL_WITHOUT_GRANT, ASK_PARTNERS],                              [SUMMARY_REPORT, RESULT_LETTER, Mail("result", APPLICANTS)]),
    row("reject",            [S.EVALUATED, S.AWARDED, S.RESERVE], S.REJECTED, [CASCADE],         [],                                                                           [TAKE_BACK, END_LABEL],                                              [SUMMARY_REPORT, RESULT_LETTER, Mail("result", APPLICANTS)]),
    row("confirm_result",    sorted(DECIDED),             None,           [CASCADE],             [],                                                                           [],                                                       [SUMMARY_REPORT, RESULT_LETTER, Mail("result", APPLICANTS)]),
), names={
    S.DRAFT:        StateName(_("Draft"), _("Draft"), _("Not public"), Tone.NEUTRAL),
    S.SUBMITTED:    StateName(_("Submitted"), _("Submitted"), _("Not public"), Tone.GOOD),
    S.WITHDRAWN:    StateName(_("Withdrawn"), _("Withdrawn"), _("Not public"), Tone.WARNING),
    S.LAPSED:       StateName(_("Not submitted"), _("Not submitted before the deadline"), _("Not public"), Tone.NEUTRAL),
    S.RECEIVED:     StateName(_("To be checked"), _("In evaluation"), _("Not public"), Tone.PROGRESS),
    S.ELIGIBLE:     StateName(_("Eligible"), _("In evaluation"), _("Not public"), Tone.PROGRESS),
    S.INADMISSIBLE: StateName(_("Inadmissible"), _("Inadmissible"), _("Not public"), Tone.BAD),
    S.INELIGIBLE:   StateName(_("Ineligible"), _("Ineligible"), _("Not public"), Tone.BAD),
    S.EVALUATED:    StateName(_("Evaluated"), _("In evaluation"), _("Not public"), Tone.PROGRESS),
    S.AWARDED:      StateName(_("Awarded"), _("Successful"), _("Awarded"), Tone.GOOD),
    S.RESERVE:      StateName(_("Reserve list"), _("On the reserve list"), _("Not public"), Tone.WARNING),
    S.REJECTED:     StateName(_("Rejected"), _("Not successful"), _("Not public"), Tone.BAD),
}, words={
    "submit":            Words(_("Submit the application"), _("submitted")),
    "resubmit":          Words(_("Submit a new version"), _("submitted again")),
    "withdraw":          Words(_("Withdraw the application"), _("withdrawn")),
    "order_copy":        Words(_("Order a copy to read"), _("copy to read ordered")),
    "lapse":             Words(_("Lapse"), _("not submitted before the deadline")),
    "lock":              Words(_("Lock"), _("locked at the deadline")),
    "restart":           Words(_("Reopen the draft"), _("draft reopened by the new deadline")),
    "reopen":            Words(_("Reopen"), _("reopened by the new deadline")),
    "admit":             Words(_("Record as admissible and eligible"), _("found admissible and eligible")),
    "find_inadmissible": Words(_("Record as inadmissible"), _("found inadmissible")),
    "find_ineligible":   Words(_("Record as ineligible"), _("found ineligible")),
    "take_up_again":     Words(_("Take up again"), _("taken up again: the refusal was lifted")),
    "complete":          Words(_("Complete the evaluation"), _("evaluation completed")),
    "resume":            Words(_("Resume the evaluation"), _("evaluation resumed")),
    "award":             Words(_("Award"), _("awarded")),
    "hold_in_reserve":   Words(_("Place on the reserve list"), _("placed on the reserve list")),
    "reject":            Words(_("Reject"), _("rejected")),
    "confirm_result":    Words(_("Confirm the result"), _("result confirmed after a review")),
})
# fmt: on
