"""The consensus on one application: scores are agreed, not averaged; each expert signs; a minority view is kept."""

from dataclasses import dataclass
from enum import StrEnum

from workflows.effects import (
    CONFIRM_QUALITY,
    MERGE_REMARKS,
    RECORD_SIGNATURE,
    VOID_SIGNATURES,
    Cascade,
    Mail,
    Then,
)
from workflows.machine import REASON, Actor, Kind, Machine, Need, StateName, Tone, Words, row
from workflows.relations import Relation
from workflows.verdict import ALLOWED, Verdict, refuse
from workflows.words import _, plural

CALL_MANAGER, RAPPORTEUR, EXPERT, CASCADE = (
    Relation.CALL_MANAGER,
    Relation.RAPPORTEUR,
    Relation.EXPERT,
    Relation.CASCADE,
)


class State(StrEnum):
    WAITING = "waiting"
    DRAFTING = "drafting"
    CIRCULATED = "circulated"
    AGREED = "agreed"
    APPROVED = "approved"
    ENDED = "ended"


S = State
OPENED = frozenset({S.DRAFTING, S.CIRCULATED, S.AGREED, S.APPROVED})


@dataclass(frozen=True)
class Facts:
    reports_due: int  # the call's number of reports for each application
    reports_in: int  # finished or final, conflicts and frozen ones apart
    reports_open: int  # accepted assignments whose report is not finished
    rapporteurs: int
    missing: Verdict  # criteria without an agreed score or reasons
    experts: frozenset[str]
    signed: frozenset[str]
    decision_is_proposed: bool


def enough_reports_are_in(facts: Facts, _actor: Actor) -> Verdict:
    lacking = max(facts.reports_due - facts.reports_in, 0)
    if not lacking:
        return ALLOWED
    return refuse(
        "reports-missing", plural("{n} report is still missing.", "{n} reports are still missing."), n=lacking
    )


def no_report_is_open(facts: Facts, _actor: Actor) -> Verdict:
    if not facts.reports_open:
        return ALLOWED
    text = plural("{n} expert is still writing.", "{n} experts are still writing.")
    return refuse("reports-open", text, n=facts.reports_open)


def one_rapporteur_is_named(facts: Facts, _actor: Actor) -> Verdict:
    if facts.rapporteurs == 1:
        return ALLOWED
    return refuse("no-rapporteur", _("Name one lead evaluator for this application."))


def every_criterion_is_agreed(facts: Facts, _actor: Actor) -> Verdict:
    return facts.missing


def not_signed_yet(facts: Facts, actor: Actor) -> Verdict:
    if actor.person not in facts.signed:
        return ALLOWED
    return refuse("signed-already", _("You have signed this report."))


def everyone_has_signed(facts: Facts, _actor: Actor) -> Verdict:
    waiting = len(facts.experts - facts.signed)
    if not waiting:
        return ALLOWED
    return refuse("signatures-missing", plural("{n} signature is missing.", "{n} signatures are missing."), n=waiting)


def decision_is_not_proposed(facts: Facts, _actor: Actor) -> Verdict:
    if not facts.decision_is_proposed:
        return ALLOWED
    return refuse("decision-proposed", _("The decision on this call is proposed: have it returned first."))


MINORITY_VIEW = Need(
    "minority_view", _("Minority view (leave empty if you agree)"), Kind.LONG_TEXT, limit=4000, required=False
)

POINTS_MET = Need("points", _("Quality check: tick what is true of this report"), Kind.FLAGS)
POINTS_OPEN = Need(
    "open_points", _("What is not met yet (leave empty if it is something else)"), Kind.FLAGS, required=False
)

RESUME = Cascade("application", "resume", "evaluated_of_consensus")
AGAIN: list[Then] = [VOID_SIGNATURES, RESUME]  # an expert fell away: the others agree and sign again

# fmt: off
CONSENSUS = Machine("consensus", State, S.WAITING, (
    #   name         from                        to            by                          when                                                                 then                                                             after                                   needs
    row("open",      [S.WAITING],                S.DRAFTING,   [CALL_MANAGER],             [enough_reports_are_in, no_report_is_open, one_rapporteur_is_named], [Cascade("assessment", "finalise", "finished_of_application"), MERGE_REMARKS], [Mail("consensus_opened", (EXPERT,))]),
    row("circulate", [S.DRAFTING],               S.CIRCULATED, [RAPPORTEUR],               [every_criterion_is_agreed, enough_reports_are_in],                  [],                                                              [Mail("consensus_to_sign", (EXPERT,))]),
    row("sign",      [S.CIRCULATED],             None,         [EXPERT],                   [not_signed_yet],                                                    [RECORD_SIGNATURE],                                              [],                                     [MINORITY_VIEW]),
    row("agree",     [S.CIRCULATED],             S.AGREED,     [RAPPORTEUR],               [everyone_has_signed],                                               [],                                                              [Mail("consensus_agreed", (CALL_MANAGER,))]),
    row("redraft",   [S.CIRCULATED],             S.DRAFTING,   [RAPPORTEUR, CALL_MANAGER], [],                                                                  [VOID_SIGNATURES],                                               [Mail("consensus_redrafted", (EXPERT,))], [REASON]),
    row("redraft",   [S.AGREED],                 S.DRAFTING,   [RAPPORTEUR],               [],                                                                  [VOID_SIGNATURES],                                               [Mail("consensus_redrafted", (EXPERT,))], [REASON]),
    row("send_back", [S.AGREED],                 S.DRAFTING,   [CALL_MANAGER],             [],                                                                  [VOID_SIGNATURES],                                               [Mail("consensus_sent_back", (EXPERT,))], [POINTS_OPEN, REASON]),
    row("approve",   [S.AGREED],                 S.APPROVED,   [CALL_MANAGER],             [],                                                                  [CONFIRM_QUALITY, Cascade("application", "complete", "of_consensus")], [],                                   [POINTS_MET]),
    row("reopen",    [S.APPROVED],               S.DRAFTING,   [CALL_MANAGER],             [decision_is_not_proposed],                                          [*AGAIN, Cascade("consensus", "wait_again", "itself_with_too_few_reports")], [Mail("consensus_redrafted", (EXPERT,))], [REASON]),
    row("unsettle",  sorted(OPENED),             S.DRAFTING,   [CASCADE],                  [enough_reports_are_in],                                             AGAIN,                                                           [Mail("consensus_unsettled", (RAPPORTEUR,))]),
    row("wait_again", sorted(OPENED),            S.WAITING,    [CASCADE],                  [],                                                                  AGAIN,                                                           [Mail("consensus_waits", (RAPPORTEUR,))]),
    row("end",       sorted(set(S) - {S.ENDED}), S.ENDED,      [CASCADE]),
), names={
    S.WAITING:    StateName(_("Waiting for reports"), _("Not open yet"), _("Not public"), Tone.NEUTRAL),
    S.DRAFTING:   StateName(_("Being drafted"), _("Being drafted"), _("Not public"), Tone.PROGRESS),
    S.CIRCULATED: StateName(_("For signature"), _("For your signature"), _("Not public"), Tone.WARNING),
    S.AGREED:     StateName(_("Agreed"), _("Agreed"), _("Not public"), Tone.GOOD),
    S.APPROVED:   StateName(_("Approved"), _("Approved"), _("Not public"), Tone.GOOD),
    S.ENDED:      StateName(_("Ended"), _("Ended"), _("Not public"), Tone.NEUTRAL),
}, words={
    "open":      Words(_("Open the consensus"), _("consensus opened")),
    "circulate": Words(_("Send round for signature"), _("sent round for signature")),
    "sign":      Words(_("Sign the consensus report"), _("signed")),
    "agree":     Words(_("Close as agreed"), _("agreed")),
    "redraft":   Words(_("Draft again"), _("sent back to drafting")),
    "send_back": Words(_("Send back with reasons"), _("sent back after the quality check")),
    "approve":   Words(_("Approve the consensus report"), _("approved")),
    "reopen":    Words(_("Reopen the consensus"), _("reopened")),
    "unsettle":  Words(_("Open again"), _("opened again: an evaluator fell away")),
    "wait_again": Words(_("Wait for reports"), _("closed until there are enough reports: an evaluator fell away")),
    "end":       Words(_("End"), _("ended with the application")),
})
# fmt: on
