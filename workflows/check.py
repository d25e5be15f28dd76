"""One rule of admissibility or eligibility, checked on the frozen version: the machine proposes, persons record."""

from dataclasses import dataclass
from enum import StrEnum

from workflows.effects import LOOK_THROUGH
from workflows.machine import REASON, Actor, Kind, Machine, Need, StateName, Tone, Words, row
from workflows.relations import Relation
from workflows.verdict import ALLOWED, Verdict, refuse
from workflows.words import _

CALL_MANAGER, CASCADE = Relation.CALL_MANAGER, Relation.CASCADE


class State(StrEnum):
    OPEN = "open"
    MET = "met"
    REFUSAL_PROPOSED = "refusal_proposed"
    NOT_MET = "not_met"
    DROPPED = "dropped"


class Stage(StrEnum):
    ADMISSIBILITY = "admissibility"
    ELIGIBILITY = "eligibility"


S = State
RECORDED = frozenset({S.MET, S.NOT_MET})


@dataclass(frozen=True)
class Facts:
    proposed: str  # the machine's answer: met, not_met, undetermined
    refusal_proposed_by: str | None
    application_is_received: bool


def the_machine_says_met(facts: Facts, _actor: Actor) -> Verdict:
    if facts.proposed == "met":
        return ALLOWED
    return refuse(
        "not-proposed-as-met", _("The system does not find this rule met: give a reason to record it as met.")
    )


def the_machine_does_not_say_met(facts: Facts, _actor: Actor) -> Verdict:
    if facts.proposed != "met":
        return ALLOWED
    return refuse("proposed-as-met", _("The system finds this rule met: confirm it."))


def not_the_proposer(facts: Facts, actor: Actor) -> Verdict:
    if actor.person != facts.refusal_proposed_by:
        return ALLOWED
    return refuse("same-person", _("You proposed this refusal; another person has to confirm it."))


def application_is_received(facts: Facts, _actor: Actor) -> Verdict:
    if facts.application_is_received:
        return ALLOWED
    return refuse("not-in-checks", _("The checks of this application are over."))


FINDING = Need("reason", _("What is not met (the applicant reads it in the letter)"), Kind.LONG_TEXT, limit=2000)

# fmt: off
CHECK = Machine("check", State, S.OPEN, (
    #   name              from                       to                  by              when                                                     then after needs
    row("confirm",        [S.OPEN],                  S.MET,              [CALL_MANAGER], [the_machine_says_met, application_is_received]),
    row("override",       [S.OPEN],                  S.MET,              [CALL_MANAGER], [the_machine_does_not_say_met, application_is_received], [],  [],   [REASON]),
    row("propose_refusal", [S.OPEN],                 S.REFUSAL_PROPOSED, [CALL_MANAGER], [application_is_received],                               [LOOK_THROUGH], [], [FINDING]),
    row("confirm_refusal", [S.REFUSAL_PROPOSED],     S.NOT_MET,          [CALL_MANAGER], [not_the_proposer, application_is_received]),
    row("return",         [S.REFUSAL_PROPOSED],      S.OPEN,             [CALL_MANAGER], [application_is_received],                               [],  [],   [REASON]),
    row("reopen",         [S.MET],                   S.OPEN,             [CALL_MANAGER], [application_is_received],                               [],  [],   [REASON]),
    row("drop",           [S.OPEN, S.MET, S.REFUSAL_PROPOSED, S.NOT_MET], S.DROPPED, [CASCADE]),
), names={
    S.OPEN:             StateName(_("To be recorded"), _("In evaluation"), _("Not public"), Tone.NEUTRAL),
    S.MET:              StateName(_("Met"), _("In evaluation"), _("Not public"), Tone.GOOD),
    S.REFUSAL_PROPOSED: StateName(_("Refusal waits for a second person"), _("In evaluation"), _("Not public"), Tone.WARNING),
    S.NOT_MET:          StateName(_("Not met"), _("Not met"), _("Not public"), Tone.BAD),
    S.DROPPED:          StateName(_("Dropped: the call was extended"), _("In evaluation"), _("Not public"), Tone.NEUTRAL),
}, words={
    "confirm":         Words(_("Confirm as met"), _("confirmed as met")),
    "override":        Words(_("Record as met, with a reason"), _("recorded as met against the system's answer")),
    "propose_refusal": Words(_("Propose as not met"), _("proposed as not met")),
    "confirm_refusal": Words(_("Confirm as not met"), _("confirmed as not met")),
    "return":          Words(_("Return to the open checks"), _("returned")),
    "reopen":          Words(_("Open again"), _("opened again")),
    "drop":            Words(_("Drop"), _("dropped with the extension of the call")),
})
# fmt: on
