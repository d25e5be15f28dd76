"""An uploaded file: set aside until it was looked at, then usable; bytes are never replaced."""

from dataclasses import dataclass
from enum import StrEnum

from workflows.machine import Actor, Machine, StateName, Tone, Words, row
from workflows.relations import Relation
from workflows.verdict import ALLOWED, Verdict, refuse
from workflows.words import _

CASCADE = Relation.CASCADE
WRITERS = [Relation.COORDINATOR, Relation.DEPUTY, Relation.PARTNER, Relation.HELPER, Relation.AUTHOR]
KEEPERS = [*WRITERS, Relation.ORGANISATION_ADMINISTRATOR]


class State(StrEnum):
    QUARANTINED = "quarantined"
    USABLE = "usable"
    INFECTED = "infected"
    REPLACED = "replaced"
    REMOVED = "removed"


S = State
KEPT = frozenset({S.QUARANTINED, S.USABLE})
READABLE = KEPT | {S.REPLACED}  # an older version stays what it was: frozen versions name it


@dataclass(frozen=True)
class Facts:
    call_is_open: bool


def call_is_open(facts: Facts, _actor: Actor) -> Verdict:
    return ALLOWED if facts.call_is_open else refuse("call-closed", _("The deadline has passed."))


# fmt: off
FILE = Machine("file", State, S.QUARANTINED, (
    #   name      from                          to           by         when
    row("pass",   [S.QUARANTINED],              S.USABLE,    [CASCADE]),
    row("reject", [S.QUARANTINED],              S.INFECTED,  [CASCADE]),
    row("replace", [S.QUARANTINED, S.USABLE, S.INFECTED], S.REPLACED, [CASCADE]),
    row("remove", [S.QUARANTINED, S.USABLE, S.INFECTED], S.REMOVED, KEEPERS, [call_is_open]),
), names={
    S.QUARANTINED: StateName(_("Being checked"), _("Being checked"), _("Not public"), Tone.PROGRESS),
    S.USABLE:      StateName(_("Stored"), _("Stored"), _("Not public"), Tone.GOOD),
    S.INFECTED:    StateName(_("Refused: harmful"), _("Refused: harmful"), _("Not public"), Tone.BAD),
    S.REPLACED:    StateName(_("Older version"), _("Older version"), _("Not public"), Tone.NEUTRAL),
    S.REMOVED:     StateName(_("Removed"), _("Removed"), _("Not public"), Tone.NEUTRAL),
}, words={
    "pass":   Words(_("Pass"), _("found clean")),
    "reject": Words(_("Reject"), _("found harmful")),
    "replace": Words(_("Replace"), _("replaced by a newer version")),
    "remove": Words(_("Remove the file"), _("removed")),
})
# fmt: on
