"""A place that became free goes to the next of the reserve list: one person proposes it, another signs."""

from dataclasses import dataclass
from enum import StrEnum

from workflows.effects import Cascade, Mail, Stamp
from workflows.machine import REASON, Actor, Machine, StateName, Tone, Words, row, signed_in_again
from workflows.relations import SIGNERS, Relation
from workflows.verdict import ALLOWED, Verdict, refuse
from workflows.words import _

CALL_MANAGER = Relation.CALL_MANAGER


class State(StrEnum):
    PROPOSED = "proposed"
    REFUSED = "refused"
    SIGNED = "signed"


S = State


@dataclass(frozen=True)
class Facts:
    proposed_by: str
    next_now: Verdict  # it is still the next of its list, and places and money still suffice


def not_the_preparer(facts: Facts, actor: Actor) -> Verdict:
    if actor.person != facts.proposed_by:
        return ALLOWED
    return refuse("same-person", _("You proposed this; another person has to sign it."))


def it_is_still_the_next(facts: Facts, _actor: Actor) -> Verdict:
    return facts.next_now


# fmt: off
ADVANCE = Machine("advance", State, S.PROPOSED, (
    #   name      from          to          by                   when                                                      then                                                                                after                                          needs
    row("sign",   [S.PROPOSED], S.SIGNED,   [*SIGNERS],          [not_the_preparer, it_is_still_the_next, signed_in_again], [Stamp("signed_at", "signed_by"), Cascade("application", "award", "of_advance")], []),
    row("refuse", [S.PROPOSED], S.REFUSED,  [*SIGNERS],          [],                                                       [],                                                                                 [Mail("advance_refused", (CALL_MANAGER,))],    [REASON]),
), names={
    S.PROPOSED: StateName(_("Proposed, for signature"), _("On the reserve list"), _("Not public"), Tone.WARNING),
    S.REFUSED:  StateName(_("Not signed"), _("On the reserve list"), _("Not public"), Tone.NEUTRAL),
    S.SIGNED:   StateName(_("Signed and told"), _("Successful"), _("Not public"), Tone.GOOD),
}, words={
    "sign":   Words(_("Sign, and award it"), _("signed, and awarded")),
    "refuse": Words(_("Refuse with reasons"), _("refused")),
}, columns={
    "signed_at": frozenset({S.SIGNED}),
    "signed_by": frozenset({S.SIGNED}),
})
# fmt: on
