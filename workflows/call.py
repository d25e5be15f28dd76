"""A call: announced, opened and closed by the clock, concluded by the release of its decision."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from workflows.effects import (
    APPLY_CHANGE,
    END_EXPERTS_SIGN_INS,
    MOVE_DEADLINE,
    NOTE_EXTENSION,
    Cascade,
    Clear,
    Mail,
    Stamp,
)
from workflows.machine import REASON, Actor, Kind, Machine, Need, StateName, Tone, Words, row, signed_in_again
from workflows.relations import SIGNERS, Relation
from workflows.verdict import ALLOWED, Verdict, refuse
from workflows.words import _

CALL_MANAGER, PROGRAMME_MANAGER = Relation.CALL_MANAGER, Relation.PROGRAMME_MANAGER
CLOCK, CASCADE = Relation.CLOCK, Relation.CASCADE


class State(StrEnum):
    DRAFT = "draft"
    ANNOUNCED = "announced"
    OPEN = "open"
    CLOSED = "closed"
    CONCLUDED = "concluded"
    CANCELLED = "cancelled"


S = State
PUBLIC = frozenset({S.ANNOUNCED, S.OPEN, S.CLOSED, S.CONCLUDED})


@dataclass(frozen=True)
class Facts:
    now: datetime
    opens_at: datetime
    closes_at: datetime
    new_closes_at: datetime | None  # of a proposed extension
    extension_proposed_by: str | None
    evaluation_has_begun: bool
    has_awards: bool  # a decision will be taken on its applications
    change_is_prepared: bool  # a changed file is there and waits to be put in force
    is_frozen: bool  # no expert reads, scores or comments
    frozen_by: str | None
    applies: bool  # the acting person has an interest in an application of the call, drafts included


def opening_has_come(facts: Facts, _actor: Actor) -> Verdict:
    return ALLOWED if facts.now >= facts.opens_at else refuse("too-early", _("The call opens later."))


def deadline_has_passed(facts: Facts, _actor: Actor) -> Verdict:
    return ALLOWED if facts.now >= facts.closes_at else refuse("still-open", _("The deadline has not passed yet."))


def deadline_is_ahead(facts: Facts, _actor: Actor) -> Verdict:
    if facts.now < facts.closes_at:
        return ALLOWED
    return refuse("deadline-behind", _("The deadline of this call has passed: move it in the call file first."))


def call_is_not_over(facts: Facts, _actor: Actor) -> Verdict:
    if facts.now < facts.closes_at:
        return ALLOWED
    return refuse("call-over", _("The deadline has passed: the call can't be changed any more."))


def a_change_is_prepared(facts: Facts, _actor: Actor) -> Verdict:
    if facts.change_is_prepared:
        return ALLOWED
    return refuse("no-change", _("Choose the changed call file first."))


def not_an_applicant(facts: Facts, _actor: Actor) -> Verdict:
    if not facts.applies:
        return ALLOWED
    return refuse("applies", _("You have an interest in an application of this call; a colleague has to do this."))


def an_extension_is_proposed(facts: Facts, _actor: Actor) -> Verdict:
    if facts.new_closes_at:
        return ALLOWED
    return refuse("no-extension", _("Nobody has proposed a new deadline."))


def the_new_deadline_is_later(facts: Facts, _actor: Actor) -> Verdict:
    if facts.new_closes_at is None or facts.new_closes_at > max(facts.closes_at, facts.now):
        return ALLOWED
    return refuse("not-later", _("A deadline is only ever moved to a later moment, and one still to come."))


def not_the_proposer(facts: Facts, actor: Actor) -> Verdict:
    if actor.person != facts.extension_proposed_by:
        return ALLOWED
    return refuse("same-person", _("You proposed this; another person has to sign it."))


def evaluation_has_not_begun(facts: Facts, _actor: Actor) -> Verdict:
    if not facts.evaluation_has_begun:
        return ALLOWED
    return refuse("evaluation-begun", _("The evaluation has begun; the deadline can't be moved any more."))


def no_award_is_due(facts: Facts, _actor: Actor) -> Verdict:
    if not facts.has_awards:
        return ALLOWED
    return refuse("award-due", _("This call ends with the release of its decision."))


def evaluation_is_not_frozen(facts: Facts, _actor: Actor) -> Verdict:
    return refuse("frozen", _("The evaluation is frozen already.")) if facts.is_frozen else ALLOWED


def evaluation_is_frozen(facts: Facts, _actor: Actor) -> Verdict:
    return ALLOWED if facts.is_frozen else refuse("not-frozen", _("The evaluation isn't frozen."))


def not_who_froze(facts: Facts, actor: Actor) -> Verdict:
    if actor.person != facts.frozen_by:
        return ALLOWED
    return refuse("same-person", _("You froze the evaluation; another person has to let it go on."))


REOPEN = (
    Cascade("application", "reopen", "received_in_call"),
    Cascade("application", "restart", "lapsed_in_call"),
    Cascade("expression", "reopen", "expressions_ended_in_call"),
    Cascade("expression", "restart", "expressions_lapsed_in_call"),
)
# Who hears that a deadline moved: whoever leads an application or writes an expression of interest, and followers.
CONCERNED = (Relation.COORDINATOR, Relation.DEPUTY, Relation.AUTHOR, Relation.FOLLOWER)
WHAT_CHANGED = Need("summary", _("What changed, in words for applicants"), Kind.LONG_TEXT, limit=4000)
NEW_DEADLINE = Need("closes_at", _("New deadline (Brussels time)"), Kind.MOMENT)

# fmt: off
CALL = Machine("call", State, S.DRAFT, (
    #   name                 from                        to            by                   when                                                                                       then                                                                  after                                  needs
    row("announce",          [S.DRAFT],                  S.ANNOUNCED,  [CALL_MANAGER],      [deadline_is_ahead]),
    row("open",              [S.ANNOUNCED],              S.OPEN,       [CLOCK],             [opening_has_come]),
    row("close",             [S.OPEN],                   S.CLOSED,     [CLOCK],             [deadline_has_passed]),
    row("propose_extension", [S.OPEN, S.CLOSED],         None,         [CALL_MANAGER],      [evaluation_has_not_begun, not_an_applicant],                                              [NOTE_EXTENSION],                                                     [],                                    [NEW_DEADLINE, REASON]),
    row("extend",            [S.OPEN, S.CLOSED],         S.OPEN,       [*SIGNERS],          [an_extension_is_proposed, the_new_deadline_is_later, not_the_proposer, not_an_applicant, evaluation_has_not_begun, signed_in_again], [MOVE_DEADLINE, *REOPEN], [Mail("deadline_moved", CONCERNED)]),
    row("change",            [S.ANNOUNCED, S.OPEN],      None,         [CALL_MANAGER],      [a_change_is_prepared, call_is_not_over, not_an_applicant],                                [APPLY_CHANGE],                                                       [Mail("call_changed", CONCERNED)],     [WHAT_CHANGED]),
    row("conclude",          [S.CLOSED],                 S.CONCLUDED,  [CASCADE]),
    row("archive",           [S.CLOSED],                 S.CONCLUDED,  [CALL_MANAGER],      [no_award_is_due]),
    row("freeze_evaluation", [S.OPEN, S.CLOSED],         None,         [CALL_MANAGER, PROGRAMME_MANAGER], [evaluation_is_not_frozen],                                                  [Stamp("frozen_at", "frozen_by"), END_EXPERTS_SIGN_INS],              [],                                    [REASON]),
    row("thaw_evaluation",   [S.OPEN, S.CLOSED],         None,         [CALL_MANAGER, PROGRAMME_MANAGER], [evaluation_is_frozen, not_who_froze, not_an_applicant, signed_in_again],     [Clear(("frozen_at", "frozen_by"))],                                  [],                                    [REASON]),
    row("cancel",            [S.DRAFT, S.ANNOUNCED],     S.CANCELLED,  [CALL_MANAGER],      [],                                                                                        [],                                                                   [],                                    [REASON]),
), names={
    S.DRAFT:     StateName(_("In preparation"), _("In preparation"), _("In preparation"), Tone.NEUTRAL),
    S.ANNOUNCED: StateName(_("Announced"), _("Opens soon"), _("Opens soon"), Tone.PROGRESS),
    S.OPEN:      StateName(_("Open"), _("Open"), _("Open"), Tone.GOOD),
    S.CLOSED:    StateName(_("Closed"), _("Closed, being evaluated"), _("Closed"), Tone.WARNING),
    S.CONCLUDED: StateName(_("Concluded"), _("Concluded"), _("Concluded"), Tone.NEUTRAL),
    S.CANCELLED: StateName(_("Cancelled"), _("Cancelled"), _("Cancelled"), Tone.BAD),
}, words={
    "announce":          Words(_("Announce the call"), _("announced")),
    "open":              Words(_("Open"), _("opened")),
    "close":             Words(_("Close"), _("closed")),
    "propose_extension": Words(_("Propose a later deadline"), _("later deadline proposed")),
    "extend":            Words(_("Move the deadline"), _("deadline moved")),
    "change":            Words(_("Put the change in force"), _("changed")),
    "conclude":          Words(_("Conclude"), _("concluded")),
    "archive":           Words(_("Conclude the call"), _("concluded")),
    "freeze_evaluation": Words(_("Freeze the evaluation"), _("evaluation frozen")),
    "thaw_evaluation":   Words(_("Let the evaluation go on"), _("evaluation let go on")),
    "cancel":            Words(_("Cancel the call"), _("cancelled")),
})
# fmt: on
