"""A reply to an expression of interest: an organisation would like to join."""

from dataclasses import dataclass
from enum import StrEnum

from workflows.effects import Mail
from workflows.machine import Actor, Kind, Machine, Need, StateName, Tone, Words, row
from workflows.relations import Relation
from workflows.verdict import ALLOWED, Verdict, refuse
from workflows.words import _

AUTHOR, RESPONDENT = Relation.AUTHOR, Relation.RESPONDENT


class State(StrEnum):
    SENT = "sent"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


S = State


@dataclass(frozen=True)
class Facts:
    expression_is_open: bool


def expression_is_open(facts: Facts, _actor: Actor) -> Verdict:
    if facts.expression_is_open:
        return ALLOWED
    return refuse("expression-closed", _("The expression of interest takes no replies any more."))


WORD_OF_THANKS = Need("message", _("Message to the organisation"), Kind.LONG_TEXT, limit=2000, required=False)

# fmt: off
REPLY = Machine("reply", State, S.SENT, (
    #   name        from                     to           by            when                  then after                                      needs
    row("accept",   [S.SENT],                S.ACCEPTED,  [AUTHOR],     [expression_is_open], [],  [Mail("reply_accepted", (RESPONDENT,))],   [WORD_OF_THANKS]),
    row("decline",  [S.SENT],                S.DECLINED,  [AUTHOR],     [],                   [],  [Mail("reply_declined", (RESPONDENT,))],   [WORD_OF_THANKS]),
    row("withdraw", [S.SENT, S.ACCEPTED],    S.WITHDRAWN, [RESPONDENT], [],                   [],  [Mail("reply_withdrawn", (AUTHOR,))]),
), names={
    S.SENT:      StateName(_("Waiting for an answer"), _("Waiting for an answer"), _("Sent"), Tone.PROGRESS),
    S.ACCEPTED:  StateName(_("Accepted"), _("Accepted"), _("Partner"), Tone.GOOD),
    S.DECLINED:  StateName(_("Declined"), _("Declined"), _("Declined"), Tone.NEUTRAL),
    S.WITHDRAWN: StateName(_("Withdrawn"), _("Withdrawn"), _("Withdrawn"), Tone.NEUTRAL),
}, words={
    "accept":   Words(_("Accept"), _("accepted")),
    "decline":  Words(_("Decline"), _("declined")),
    "withdraw": Words(_("Withdraw our interest"), _("withdrawn")),
})
# fmt: on
