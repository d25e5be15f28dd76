"""Interests in an anonymous call: disclosed once on the call's whole list of organisations, before any task is seen."""

from dataclasses import dataclass
from enum import StrEnum

from workflows.effects import NOTE_INTERESTS, Cascade, Mail, Stamp
from workflows.machine import Actor, Kind, Machine, Need, StateName, Tone, Words, row
from workflows.relations import Relation
from workflows.verdict import ALLOWED, Verdict, refuse
from workflows.words import _

SELF, CLOCK = Relation.SELF, Relation.CLOCK


class State(StrEnum):
    ASKED = "asked"
    DISCLOSED = "disclosed"


S = State


@dataclass(frozen=True)
class Facts:
    organisations_added: int  # of the call's list since the expert went through it


def an_organisation_was_added(facts: Facts, _actor: Actor) -> Verdict:
    if facts.organisations_added:
        return ALLOWED
    return refuse("list-unchanged", _("No organisation was added to the list."))


SECRET = Need(
    "secret",
    _("I have ticked every organisation in which I have an interest, and I will keep what I read secret"),
    Kind.FLAG,
)
BAR = Cascade("assignment", "bar_found", "tied_tasks_of_disclosure")

# fmt: off
DISCLOSURE = Machine("disclosure", State, S.ASKED, (
    #   name         from                    to           by      when                         then                                             after                                      needs
    row("disclose",  [S.ASKED, S.DISCLOSED], S.DISCLOSED, [SELF], [],                          [Stamp("disclosed_at"), NOTE_INTERESTS, BAR],    [],                                        [SECRET]),
    row("ask_again", [S.DISCLOSED],          S.ASKED,     [CLOCK], [an_organisation_was_added], [],                                             [Mail("disclosure_asked_again", (SELF,))]),
), names={
    S.ASKED:     StateName(_("Declaration awaited"), _("Declare first"), _("Not public"), Tone.WARNING),
    S.DISCLOSED: StateName(_("Declared"), _("Declared"), _("Not public"), Tone.GOOD),
}, words={
    "disclose":  Words(_("Declare my interests"), _("interests declared")),
    "ask_again": Words(_("Ask again"), _("asked again: an organisation was added")),
})
# fmt: on
