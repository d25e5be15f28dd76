"""The anonymised copy of one application of an anonymous call: edited by the office, given to evaluators once ready.

The frozen version it was made from is never touched. Which names are found in it, `redaction_names.py` says.
"""

from dataclasses import dataclass
from enum import StrEnum

from workflows.effects import FOLLOW_VERSION, Stamp
from workflows.machine import REASON, Actor, Machine, StateName, Tone, Words, row
from workflows.relations import Relation
from workflows.verdict import ALLOWED, Verdict, refuse
from workflows.words import _, plural

CHECKER, CLOCK = Relation.CHECKER, Relation.CLOCK


class State(StrEnum):
    OPEN = "open"
    READY = "ready"


S = State


@dataclass(frozen=True)
class Facts:
    proposals_left: int  # passages found that were neither replaced nor found harmless
    newer_version: bool  # another version was sent since


def nothing_found_is_left(facts: Facts, _actor: Actor) -> Verdict:
    if not facts.proposals_left:
        return ALLOWED
    text = plural(
        "{n} passage that may tell who applies is left: replace it, or say that it tells nothing.",
        "{n} passages that may tell who applies are left: replace them, or say that they tell nothing.",
    )
    return refuse("passages-left", text, n=facts.proposals_left)


def the_version_is_in_force(facts: Facts, _actor: Actor) -> Verdict:
    if not facts.newer_version:
        return ALLOWED
    return refuse("newer-version", _("A newer version was sent: look at its texts first, in a minute they are here."))


def a_newer_version_was_sent(facts: Facts, _actor: Actor) -> Verdict:
    return ALLOWED if facts.newer_version else refuse("same-version", _("No newer version was sent."))


# fmt: off
REDACTION = Machine("redaction", State, S.OPEN, (
    #   name         from               to       by         when                                              then                              after  needs
    row("release",   [S.OPEN],          S.READY, [CHECKER], [nothing_found_is_left, the_version_is_in_force], [Stamp("ready_at", "ready_by")]),
    row("reopen",    [S.READY],         S.OPEN,  [CHECKER], [],                                               [],                               [],    [REASON]),
    row("follow",    [S.OPEN, S.READY], S.OPEN,  [CLOCK],   [a_newer_version_was_sent],                       [FOLLOW_VERSION]),
), names={
    S.OPEN:  StateName(_("Not anonymised yet"), _("In evaluation"), _("Not public"), Tone.WARNING),
    S.READY: StateName(_("Anonymised"), _("In evaluation"), _("Not public"), Tone.GOOD),
}, words={
    "release": Words(_("Give the anonymised texts to evaluators"), _("texts anonymised")),
    "reopen":  Words(_("Go on anonymising"), _("anonymising taken up again")),
    "follow":  Words(_("Follow the newer version"), _("a newer version was sent")),
})
# fmt: on
