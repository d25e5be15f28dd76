"""One expert's individual report: sealed until the consensus on the application opens."""

from dataclasses import dataclass
from enum import StrEnum

from workflows.effects import EVALUATOR_COPY, Stamp
from workflows.machine import Actor, Machine, StateName, Tone, Words, row
from workflows.relations import Relation
from workflows.verdict import ALLOWED, Verdict, refuse
from workflows.words import _

ASSESSOR, CASCADE = Relation.ASSESSOR, Relation.CASCADE


class State(StrEnum):
    DRAFT = "draft"
    FINISHED = "finished"
    FINAL = "final"
    FROZEN = "frozen"


S = State
WRITABLE = frozenset({S.DRAFT})
IN = frozenset({S.FINISHED, S.FINAL})


@dataclass(frozen=True)
class Facts:
    missing: Verdict  # criteria without a score or without reasons, one reason each
    consensus_is_open: bool
    copy_is_being_made: bool = False


def every_criterion_is_scored_and_reasoned(facts: Facts, _actor: Actor) -> Verdict:
    return facts.missing


def consensus_is_not_open(facts: Facts, _actor: Actor) -> Verdict:
    if not facts.consensus_is_open:
        return ALLOWED
    return refuse("consensus-open", _("The consensus on this application is open: your report is final."))


def no_copy_is_being_made(facts: Facts, _actor: Actor) -> Verdict:
    if not facts.copy_is_being_made:
        return ALLOWED
    return refuse("copy-being-made", _("Your copy is being made; it will be there in a minute."))


# fmt: off
ASSESSMENT = Machine("assessment", State, S.DRAFT, (
    #   name        from                                 to          by          when
    row("finish",   [S.DRAFT],                           S.FINISHED, [ASSESSOR], [every_criterion_is_scored_and_reasoned, consensus_is_not_open], [Stamp("finished_at")]),
    row("reopen",   [S.FINISHED],                        S.DRAFT,    [ASSESSOR], [consensus_is_not_open]),
    row("order_copy", [S.DRAFT, S.FINISHED, S.FINAL],    None,       [ASSESSOR], [no_copy_is_being_made], [], [EVALUATOR_COPY]),
    row("finalise", [S.FINISHED],                        S.FINAL,    [CASCADE]),
    row("freeze",   [S.DRAFT, S.FINISHED, S.FINAL],      S.FROZEN,   [CASCADE]),
), names={
    S.DRAFT:    StateName(_("Being written"), _("Being written"), _("Not public"), Tone.PROGRESS),
    S.FINISHED: StateName(_("Finished"), _("Finished"), _("Not public"), Tone.GOOD),
    S.FINAL:    StateName(_("Final"), _("Final"), _("Not public"), Tone.GOOD),
    S.FROZEN:   StateName(_("Set aside"), _("Set aside"), _("Not public"), Tone.BAD),
}, words={
    "finish":   Words(_("Finish the report"), _("finished")),
    "reopen":   Words(_("Reopen the report"), _("reopened")),
    "order_copy": Words(_("Order a copy to read"), _("copy to read ordered")),
    "finalise": Words(_("Make final"), _("made final when the consensus opened")),
    "freeze":   Words(_("Set aside"), _("set aside")),
})
# fmt: on
