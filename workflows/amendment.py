"""A change to the list of partners after the deadline: asked with a reason, answered by the office."""

from dataclasses import dataclass
from enum import StrEnum

from workflows.effects import INVITE_LATER, Cascade, Mail
from workflows.machine import REASON, Actor, Kind, Machine, Need, StateName, Tone, Words, row
from workflows.relations import Relation
from workflows.verdict import Verdict
from workflows.words import _

COORDINATOR, DEPUTY, CALL_MANAGER = Relation.COORDINATOR, Relation.DEPUTY, Relation.CALL_MANAGER


class State(StrEnum):
    ASKED = "asked"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Change(StrEnum):
    """What an amendment changes."""

    ADD = "add"
    REMOVE = "remove"
    PART = "part"


S = State


@dataclass(frozen=True)
class Facts:
    still_possible: Verdict  # the partner is there as it was, and the decision is not being prepared


def it_is_still_possible(facts: Facts, _actor: Actor) -> Verdict:
    return facts.still_possible


NOTE = Need("reason", _("What the applicants should know"), Kind.LONG_TEXT, limit=2000, required=False)
LEADERS = (COORDINATOR, DEPUTY)
BY_CASCADE = [
    Cascade("membership", "amend", "part_of_amendment"),
    Cascade("membership", "take_out", "partner_of_amendment"),
]

# fmt: off
AMENDMENT = Machine("amendment", State, S.ASKED, (
    #   name        from       to           by                     when                    then                         after                                     needs
    row("accept",   [S.ASKED], S.ACCEPTED,  [CALL_MANAGER],        [it_is_still_possible], [*BY_CASCADE, INVITE_LATER], [Mail("amendment_answered", LEADERS)],    [NOTE]),
    row("refuse",   [S.ASKED], S.REFUSED,   [CALL_MANAGER],        [],                     [],                          [Mail("amendment_answered", LEADERS)],    [REASON]),
    row("withdraw", [S.ASKED], S.WITHDRAWN, [COORDINATOR, DEPUTY]),
), names={
    S.ASKED:     StateName(_("To be answered"), _("With the office"), _("Not public"), Tone.PROGRESS),
    S.ACCEPTED:  StateName(_("Accepted"), _("Accepted"), _("Not public"), Tone.GOOD),
    S.REFUSED:   StateName(_("Refused"), _("Refused"), _("Not public"), Tone.BAD),
    S.WITHDRAWN: StateName(_("Taken back"), _("Taken back"), _("Not public"), Tone.NEUTRAL),
}, words={
    "accept":   Words(_("Accept the change"), _("change of partners accepted")),
    "refuse":   Words(_("Refuse the change"), _("change of partners refused")),
    "withdraw": Words(_("Take the request back"), _("request for a change taken back")),
})
# fmt: on
