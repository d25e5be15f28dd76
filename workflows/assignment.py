"""An expert's task on one application. The declaration comes before any content."""

from dataclasses import dataclass
from enum import StrEnum

from workflows.effects import (
    ASK_TO_DISCLOSE,
    CLOSE_FINDINGS,
    MOVE_DUE,
    NOTE_CONFLICT,
    NOTE_FINDINGS,
    START_ASSESSMENT,
    Cascade,
    Mail,
    Stamp,
)
from workflows.machine import REASON, Actor, Kind, Machine, Need, StateName, Tone, Words, row
from workflows.relations import Relation
from workflows.verdict import ALLOWED, Verdict, refuse
from workflows.words import _

CALL_MANAGER, ASSIGNED, ASSESSOR, CASCADE, CLOCK = (
    Relation.CALL_MANAGER,
    Relation.ASSIGNED,
    Relation.ASSESSOR,
    Relation.CASCADE,
    Relation.CLOCK,
)


class State(StrEnum):
    DRAFT = "draft"
    ASKED = "asked"
    DECLARED = "declared"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    CONFLICTED = "conflicted"
    REMOVED = "removed"
    ENDED = "ended"


S = State
LIVE = frozenset({S.DRAFT, S.ASKED, S.DECLARED, S.ACCEPTED})
WAITING = frozenset({S.ASKED, S.DECLARED})  # the expert sees acronym, title and organisations, no content
READING = frozenset({S.ACCEPTED})


@dataclass(frozen=True)
class Facts:
    application_is_eligible: bool
    direct_ties: tuple[str, ...]  # findings that bar the pair at once, in words
    open_findings: int  # softer findings that no manager has decided yet
    consensus_is_open: bool  # the reports are open to each other: nobody new may join
    not_anonymised: str  # number of the application, where the call asks for anonymised texts and they are not ready
    is_tied: bool  # an interest that bars stands now, declared or by what people and organisations have become


def application_is_eligible(facts: Facts, _actor: Actor) -> Verdict:
    if facts.application_is_eligible:
        return ALLOWED
    return refuse("not-eligible", _("The application is not admitted to the evaluation."))


def no_direct_tie(facts: Facts, _actor: Actor) -> Verdict:
    if not facts.direct_ties:
        return ALLOWED
    return refuse(
        "tied", _("This expert has an interest in the application: {ties}."), ties="; ".join(facts.direct_ties)
    )


def consensus_is_not_open(facts: Facts, _actor: Actor) -> Verdict:
    if not facts.consensus_is_open:
        return ALLOWED
    return refuse("consensus-open", _("The consensus on this application is open: nobody new can evaluate it."))


def the_texts_are_anonymised(facts: Facts, _actor: Actor) -> Verdict:
    if not facts.not_anonymised:
        return ALLOWED
    text = _("The texts of application {number} are not anonymised yet.")
    return refuse("not-anonymised", text, number=facts.not_anonymised)


def an_interest_was_found(facts: Facts, _actor: Actor) -> Verdict:
    return ALLOWED if facts.is_tied else refuse("not-tied", _("This expert has no interest in the application."))


def no_finding_is_open(facts: Facts, _actor: Actor) -> Verdict:
    if not facts.open_findings:
        return ALLOWED
    return refuse("findings-open", _("A possible conflict of interest has to be decided by a call manager first."))


NO_CONFLICT = Need(
    "no_conflict",
    _("I have no conflict of interest with these organisations, and I will keep the texts secret"),
    Kind.FLAG,
)
CONFLICT_KIND = Need(
    "kind",
    _("What ties you to this application"),
    Kind.CHOICE,
    choices=(
        ("helped", _("I helped to prepare the application")),
        ("gain", _("I would gain, directly or indirectly, if it succeeds")),
        ("family", _("I have close family or personal ties with somebody in an applicant organisation")),
        ("management", _("I am director, trustee or partner of an applicant, or take part in its management")),
        ("employment", _("I am employed or contracted by an applicant or a named subcontractor")),
        (
            "recent",
            _(
                "I was employed by an applicant, shared a contract or research with one, or sat in its management in the years the call counts: three, unless it says otherwise"
            ),
        ),
        ("other", _("Something else that casts doubt on my impartiality")),
    ),
)
CONFLICT_DETAIL = Need("detail", _("In a few words"), Kind.LONG_TEXT, limit=1000, required=False)
NEW_DUE = Need("due_on", _("New last day for the report"), Kind.DATE)
FREEZE = Cascade("assessment", "freeze", "of_assignment")
# What was agreed with somebody who may not take part has to be agreed again by the others.
UNSETTLE = (
    Cascade("consensus", "unsettle", "opened_with_enough_reports"),
    Cascade("consensus", "wait_again", "opened_with_too_few_reports"),
)

# fmt: off
ASSIGNMENT = Machine("assignment", State, S.DRAFT, (
    #   name               from                                       to            by                   when                                      then                          after                                       needs
    row("publish",         [S.DRAFT],                                 S.ASKED,      [CALL_MANAGER],      [application_is_eligible, no_direct_tie, consensus_is_not_open, the_texts_are_anonymised], [ASK_TO_DISCLOSE],  [Mail("assigned", (ASSIGNED,))]),
    row("declare_free",    [S.ASKED],                                 S.DECLARED,   [ASSIGNED],          [no_direct_tie],                          [Stamp("declared_at"), Cascade("assignment", "begin", "itself_when_clear")], [],                [NO_CONFLICT]),
    row("begin",           [S.DECLARED],                              S.ACCEPTED,   [CASCADE],           [no_finding_is_open],                     [START_ASSESSMENT]),
    row("clear",           [S.DECLARED],                              S.ACCEPTED,   [CALL_MANAGER],      [],                                       [CLOSE_FINDINGS, START_ASSESSMENT], [Mail("conflict_cleared", (Relation.EXPERT,))], [REASON]),
    row("declare_conflict", [S.ASKED, S.DECLARED, S.ACCEPTED],        S.CONFLICTED, [ASSIGNED, ASSESSOR], [],                                      [NOTE_CONFLICT, FREEZE, *UNSETTLE], [Mail("conflict_declared", (CALL_MANAGER,))], [CONFLICT_KIND, CONFLICT_DETAIL]),
    row("decline",         [S.ASKED],                                 S.DECLINED,   [ASSIGNED],          [],                                       [],                           [Mail("assignment_declined", (CALL_MANAGER,))], [REASON]),
    row("bar",             sorted(LIVE),                              S.CONFLICTED, [CALL_MANAGER],      [],                                       [FREEZE, *UNSETTLE],          [],                                         [REASON]),
    row("bar_found",       sorted(LIVE),                              S.CONFLICTED, [CLOCK, CASCADE],    [an_interest_was_found],                  [NOTE_FINDINGS, FREEZE, *UNSETTLE], [Mail("conflict_found", (CALL_MANAGER,))]),
    row("remove",          sorted(LIVE),                              S.REMOVED,    [CALL_MANAGER],      [],                                       [FREEZE, *UNSETTLE],          [Mail("task_taken_off", (ASSIGNED, Relation.EXPERT))], [REASON]),
    row("move_due",        [S.ASKED, S.DECLARED, S.ACCEPTED],         None,          [CALL_MANAGER],      [],                                       [MOVE_DUE],                   [Mail("due_moved", (ASSIGNED, Relation.EXPERT))], [NEW_DUE, REASON]),
    row("end",             sorted(LIVE),                              S.ENDED,      [CASCADE],           [],                                       [FREEZE]),
), names={
    S.DRAFT:      StateName(_("Prepared, not sent"), _("Not sent"), _("Not public"), Tone.NEUTRAL),
    S.ASKED:      StateName(_("Declaration awaited"), _("Declare first"), _("Not public"), Tone.WARNING),
    S.DECLARED:   StateName(_("Possible conflict to decide"), _("Waiting for the office"), _("Not public"), Tone.WARNING),
    S.ACCEPTED:   StateName(_("Reading"), _("To be scored"), _("Not public"), Tone.PROGRESS),
    S.DECLINED:   StateName(_("Declined"), _("Declined"), _("Not public"), Tone.NEUTRAL),
    S.CONFLICTED: StateName(_("Conflict of interest"), _("Conflict of interest"), _("Not public"), Tone.BAD),
    S.REMOVED:    StateName(_("Removed"), _("Removed"), _("Not public"), Tone.NEUTRAL),
    S.ENDED:      StateName(_("Ended"), _("Ended"), _("Not public"), Tone.NEUTRAL),
}, words={
    "publish":          Words(_("Ask the expert"), _("expert asked")),
    "declare_free":     Words(_("Declare and open the application"), _("declared free of conflict")),
    "begin":            Words(_("Begin"), _("reading began")),
    "clear":            Words(_("Decide: no conflict"), _("possible conflict decided: none")),
    "declare_conflict": Words(_("Declare a conflict of interest"), _("conflict of interest declared")),
    "decline":          Words(_("Decline this task"), _("declined")),
    "bar":              Words(_("Decide: conflict of interest"), _("barred by a conflict of interest")),
    "bar_found":        Words(_("Bar"), _("barred: an interest was found")),
    "remove":           Words(_("Take the expert off"), _("taken off")),
    "move_due":         Words(_("Move the day it is due"), _("day it is due moved")),
    "end":              Words(_("End"), _("ended with the application")),
})
# fmt: on
