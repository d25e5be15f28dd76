"""A clarification: after the deadline the office reopens named answers of one application, with a clock of their own."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from workflows.effects import FREEZE_CLARIFICATION, Mail
from workflows.machine import REASON, Actor, Machine, StateName, Tone, Words, row
from workflows.relations import Relation
from workflows.verdict import ALLOWED, Verdict, refuse
from workflows.words import _

COORDINATOR, DEPUTY, CHECKER = Relation.COORDINATOR, Relation.DEPUTY, Relation.CHECKER
LEADERS = (COORDINATOR, DEPUTY)


class State(StrEnum):
    OPENED = "opened"
    ANSWERED = "answered"
    LAPSED = "lapsed"
    CLOSED = "closed"


S = State


@dataclass(frozen=True)
class Facts:
    now: datetime
    due_at: datetime
    answers_missing: tuple[str, ...]  # labels of named questions that are empty


def the_time_is_not_over(facts: Facts, _actor: Actor) -> Verdict:
    return ALLOWED if facts.now < facts.due_at else refuse("too-late", _("The time for this clarification is over."))


def the_time_is_over(facts: Facts, _actor: Actor) -> Verdict:
    return ALLOWED if facts.now >= facts.due_at else refuse("still-open", _("There is still time to answer."))


def every_named_answer_is_given(facts: Facts, _actor: Actor) -> Verdict:
    if not facts.answers_missing:
        return ALLOWED
    return refuse("answers-missing", _("Answer these first: {labels}."), labels=", ".join(facts.answers_missing))


# fmt: off
CLARIFICATION = Machine("clarification", State, S.OPENED, (
    #   name      from         to           by                  when                                                  then                    after                                             needs
    row("answer", [S.OPENED],  S.ANSWERED,  [*LEADERS],         [the_time_is_not_over, every_named_answer_is_given],  [FREEZE_CLARIFICATION], [Mail("clarification_answered", (CHECKER, *LEADERS))]),
    row("lapse",  [S.OPENED],  S.LAPSED,    [Relation.CLOCK],   [the_time_is_over],                                   [],                     [Mail("clarification_lapsed", (CHECKER, *LEADERS))]),
    row("close",  [S.OPENED],  S.CLOSED,    [CHECKER],          [],                                                   [],                     [Mail("clarification_closed", LEADERS)],          [REASON]),
), names={
    S.OPENED:   StateName(_("Waiting for the applicant"), _("Waiting for your answer"), _("Not public"), Tone.WARNING),
    S.ANSWERED: StateName(_("Answered"), _("Answered"), _("Not public"), Tone.GOOD),
    S.LAPSED:   StateName(_("Not answered in time"), _("Not answered in time"), _("Not public"), Tone.NEUTRAL),
    S.CLOSED:   StateName(_("Closed"), _("Closed by the office"), _("Not public"), Tone.NEUTRAL),
}, words={
    "answer": Words(_("Send the clarification"), _("clarification sent")),
    "lapse":  Words(_("Lapse"), _("clarification not sent in time")),
    "close":  Words(_("Close the clarification"), _("clarification closed by the office")),
})
# fmt: on
