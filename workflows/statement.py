"""What an expert did for a call: counted by the system, confirmed by the expert, approved by the office."""

from dataclasses import dataclass
from enum import StrEnum

from workflows.effects import COUNT_WORK, STATEMENT_OF_WORK, Mail, Stamp
from workflows.machine import REASON, Actor, Machine, StateName, Tone, Words, row
from workflows.relations import Relation
from workflows.verdict import ALLOWED, Verdict, refuse
from workflows.words import _

SELF, CALL_MANAGER = Relation.SELF, Relation.CALL_MANAGER


class State(StrEnum):
    ASKED = "asked"
    DISPUTED = "disputed"
    CONFIRMED = "confirmed"
    APPROVED = "approved"


S = State
OPEN = frozenset({S.ASKED, S.DISPUTED})


@dataclass(frozen=True)
class Facts:
    person: str  # whose work it is
    lines: int
    is_up_to_date: bool  # it lists what the record says now


def something_is_listed(facts: Facts, _actor: Actor) -> Verdict:
    return ALLOWED if facts.lines else refuse("nothing-listed", _("No finished task is listed yet."))


def it_is_up_to_date(facts: Facts, _actor: Actor) -> Verdict:
    if facts.is_up_to_date:
        return ALLOWED
    return refuse("outdated", _("More has been done, or a report was set aside: count it again first."))


def not_ones_own(facts: Facts, actor: Actor) -> Verdict:
    if actor.person != facts.person:
        return ALLOWED
    return refuse("own-work", _("This is your own work: somebody else approves it."))


# fmt: off
STATEMENT = Machine("statement", State, S.ASKED, (
    #   name       from                       to           by              when                               then                                    after                                                     needs
    row("count",   [S.ASKED, S.DISPUTED],     S.ASKED,     [CALL_MANAGER], [],                                [COUNT_WORK],                           [Mail("statement_to_confirm", (SELF,))]),
    row("confirm", [S.ASKED],                 S.CONFIRMED, [SELF],         [something_is_listed, it_is_up_to_date], [Stamp("confirmed_at")],          [Mail("statement_confirmed", (CALL_MANAGER,))]),
    row("dispute", [S.ASKED],                 S.DISPUTED,  [SELF],         [],                                [],                                     [Mail("statement_disputed", (CALL_MANAGER,))],            [REASON]),
    row("return",  [S.CONFIRMED],             S.ASKED,     [CALL_MANAGER], [],                                [COUNT_WORK],                           [Mail("statement_to_confirm", (SELF,))],                  [REASON]),
    row("approve", [S.CONFIRMED],             S.APPROVED,  [CALL_MANAGER], [not_ones_own, it_is_up_to_date],  [Stamp("approved_at", "approved_by")],  [STATEMENT_OF_WORK, Mail("statement_approved", (SELF,))]),
), names={
    S.ASKED:     StateName(_("To be confirmed by the evaluator"), _("To be confirmed by you"), _("Not public"), Tone.WARNING),
    S.DISPUTED:  StateName(_("Disputed by the evaluator"), _("Disputed by you"), _("Not public"), Tone.WARNING),
    S.CONFIRMED: StateName(_("Confirmed, to be approved"), _("Confirmed, to be approved by the office"), _("Not public"), Tone.PROGRESS),
    S.APPROVED:  StateName(_("Approved"), _("Approved"), _("Not public"), Tone.GOOD),
}, words={
    "count":   Words(_("Count again and ask to confirm"), _("counted again")),
    "confirm": Words(_("Confirm: this is what I did"), _("confirmed by the evaluator")),
    "dispute": Words(_("Say what is wrong"), _("disputed by the evaluator")),
    "return":  Words(_("Send back to the evaluator"), _("sent back")),
    "approve": Words(_("Approve for payment"), _("approved")),
})
# fmt: on
