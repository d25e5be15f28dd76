"""A question about a call: asked by somebody signed in, answered by the office, published without names.

In code it is an `enquiry`, because a `question` is what a call asks of its applicants.
"""

from dataclasses import dataclass
from enum import StrEnum

from workflows.effects import ANSWER_ENQUIRY, Mail, Stamp
from workflows.machine import REASON, Actor, Kind, Machine, Need, StateName, Tone, Words, row
from workflows.relations import Relation
from workflows.verdict import ALLOWED, Verdict, refuse
from workflows.words import _

SELF, CALL_MANAGER = Relation.SELF, Relation.CALL_MANAGER
# Who hears that an answer was published: whoever leads an application or writes an expression of interest, followers.
CONCERNED = (Relation.COORDINATOR, Relation.DEPUTY, Relation.AUTHOR, Relation.FOLLOWER)


class State(StrEnum):
    ASKED = "asked"
    ANSWERED = "answered"
    PUBLISHED = "published"
    CLOSED = "closed"


S = State
WAITING = frozenset({S.ASKED, S.ANSWERED})


@dataclass(frozen=True)
class Facts:
    names_in_wording: tuple[str, ...]  # who asked, or their organisation, as far as the public wording names them
    answered: bool


def the_answer_is_written(facts: Facts, _actor: Actor) -> Verdict:
    return ALLOWED if facts.answered else refuse("not-answered", _("Write the answer first."))


def nobody_is_named(facts: Facts, _actor: Actor) -> Verdict:
    if not facts.names_in_wording:
        return ALLOWED
    names = ", ".join(facts.names_in_wording)
    return refuse(
        "names-somebody", _("The public wording names who asked: {names}. Change the answer first."), names=names
    )


PUBLIC_WORDING = Need(
    "wording", _("The question as everybody will read it"), Kind.LONG_TEXT, limit=4000,
    hint=_("Leave out names of people and organisations, and ideas of the project."), starts_from="wording",
)  # fmt: skip
ANSWER = Need("answer", _("Answer"), Kind.LONG_TEXT, limit=8000, starts_from="answer")

# fmt: off
ENQUIRY = Machine("enquiry", State, S.ASKED, (
    #   name        from                      to            by              when                                      then                                    after                                                needs
    row("answer",   [S.ASKED, S.ANSWERED],    S.ANSWERED,   [CALL_MANAGER], [],                                       [ANSWER_ENQUIRY],                       [Mail("enquiry_answered", (SELF,))],                 [PUBLIC_WORDING, ANSWER]),
    row("publish",  [S.ANSWERED],             S.PUBLISHED,  [CALL_MANAGER], [the_answer_is_written, nobody_is_named], [Stamp("published_at", "published_by")], [Mail("enquiry_published", CONCERNED)]),
    row("correct",  [S.PUBLISHED],            None,         [CALL_MANAGER], [],                                       [ANSWER_ENQUIRY],                       [Mail("enquiry_corrected", (SELF, *CONCERNED))],     [PUBLIC_WORDING, ANSWER]),
    row("close",    [S.ASKED, S.ANSWERED],    S.CLOSED,     [CALL_MANAGER], [],                                       [],                                     [Mail("enquiry_closed", (SELF,))],                   [REASON]),
    row("take_back", [S.ASKED],               S.CLOSED,     [SELF]),
), names={
    S.ASKED:     StateName(_("Waiting for an answer"), _("Waiting for an answer"), _("Not public"), Tone.WARNING),
    S.ANSWERED:  StateName(_("Answered, not published"), _("Answered"), _("Not public"), Tone.PROGRESS),
    S.PUBLISHED: StateName(_("Published"), _("Published"), _("Published"), Tone.GOOD),
    S.CLOSED:    StateName(_("Closed without publishing"), _("Closed"), _("Not public"), Tone.NEUTRAL),
}, words={
    "answer":    Words(_("Answer"), _("answered")),
    "publish":   Words(_("Publish question and answer"), _("published")),
    "correct":   Words(_("Correct the published answer"), _("published answer corrected")),
    "close":     Words(_("Close without publishing"), _("closed without publishing")),
    "take_back": Words(_("Take the question back"), _("taken back")),
})
# fmt: on
