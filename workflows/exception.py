"""A later deadline for one named application: asked for, proposed by one person of the office, approved by another."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from workflows.effects import GRANT_EXCEPTION, PROPOSE_EXCEPTION, Cascade, Mail
from workflows.machine import REASON, Actor, Kind, Machine, Need, StateName, Tone, Words, row, signed_in_again
from workflows.relations import SIGNERS, Relation
from workflows.verdict import ALLOWED, Verdict, refuse
from workflows.words import _

COORDINATOR, DEPUTY = Relation.COORDINATOR, Relation.DEPUTY
CALL_MANAGER = Relation.CALL_MANAGER
LEADERS = (COORDINATOR, DEPUTY)


class State(StrEnum):
    ASKED = "asked"
    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"


S = State
OPEN = frozenset({S.ASKED, S.PROPOSED})


@dataclass(frozen=True)
class Facts:
    now: datetime
    until: datetime | None  # the application's own deadline, as proposed
    closes_at: datetime  # the deadline of everybody
    proposed_by: str | None
    evaluation_has_begun: bool  # of this application
    decision_is_proposed: bool


def the_own_deadline_is_later(facts: Facts, _actor: Actor) -> Verdict:
    if facts.until is None or facts.until > max(facts.now, facts.closes_at):
        return ALLOWED
    return refuse(
        "not-later", _("The later deadline has passed, or is not later than everybody's: propose another one.")
    )


def not_the_proposer(facts: Facts, actor: Actor) -> Verdict:
    if actor.person != facts.proposed_by:
        return ALLOWED
    return refuse("same-person", _("You proposed this; another person has to sign it."))


def evaluation_has_not_begun(facts: Facts, _actor: Actor) -> Verdict:
    if not facts.evaluation_has_begun and not facts.decision_is_proposed:
        return ALLOWED
    return refuse("evaluation-begun", _("The evaluation has begun: this application can't be reopened any more."))


UNTIL = Need("until", _("Own deadline of this application (Brussels time)"), Kind.MOMENT)
REOPEN = (
    Cascade("application", "reopen", "received_of_exception"),
    Cascade("application", "restart", "lapsed_of_exception"),
)

# fmt: off
EXCEPTION = Machine("exception", State, S.ASKED, (
    #   name              from                        to           by                                 when                                                                                      then                        after                                        needs
    row("propose",        [S.ASKED, S.PROPOSED],      S.PROPOSED,  [CALL_MANAGER],                    [evaluation_has_not_begun],                                                               [PROPOSE_EXCEPTION],        [],                                          [UNTIL, REASON]),
    row("approve",        [S.PROPOSED],               S.APPROVED,  [*SIGNERS],                        [the_own_deadline_is_later, not_the_proposer, evaluation_has_not_begun, signed_in_again], [GRANT_EXCEPTION, *REOPEN], [Mail("exception_approved", LEADERS)]),
    row("refuse",         [S.ASKED, S.PROPOSED],      S.REFUSED,   [CALL_MANAGER, *SIGNERS],          [],                                                                                       [],                         [Mail("exception_refused", LEADERS)],        [REASON]),
), names={
    S.ASKED:    StateName(_("Asked for"), _("Asked for"), _("Not public"), Tone.WARNING),
    S.PROPOSED: StateName(_("Waits for a second person"), _("Being decided"), _("Not public"), Tone.PROGRESS),
    S.APPROVED: StateName(_("Approved"), _("Approved"), _("Approved"), Tone.GOOD),
    S.REFUSED:  StateName(_("Refused"), _("Refused"), _("Not public"), Tone.BAD),
}, words={
    "propose": Words(_("Propose an own deadline"), _("own deadline proposed")),
    "approve": Words(_("Approve the own deadline"), _("own deadline approved")),
    "refuse":  Words(_("Refuse the own deadline"), _("own deadline refused")),
})
# fmt: on
