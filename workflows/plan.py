"""A plan of who evaluates what: made by a job, changed by hand, published as one act, undone while nobody answered."""

from dataclasses import dataclass
from enum import StrEnum

from workflows.effects import ASSIGN_AS_PLANNED, TAKE_PLAN_BACK, Stamp
from workflows.machine import REASON, Actor, Machine, StateName, Tone, Words, row
from workflows.relations import Relation
from workflows.verdict import ALLOWED, Verdict, refuse
from workflows.words import _, plural

CALL_MANAGER, CASCADE = Relation.CALL_MANAGER, Relation.CASCADE


class State(StrEnum):
    MAKING = "making"
    DRAFT = "draft"
    IMPOSSIBLE = "impossible"
    PUBLISHED = "published"
    UNDONE = "undone"
    DISCARDED = "discarded"


S = State


@dataclass(frozen=True)
class Facts:
    broken: tuple[str, ...]  # applications and experts whose limits the plan does not keep, by name
    answered: int  # experts asked by this plan who declared, declined or began to read


def limits_are_kept(facts: Facts, _actor: Actor) -> Verdict:
    if not facts.broken:
        return ALLOWED
    text = plural("A limit is not kept for {names}.", "Limits are not kept for {names}.")
    return refuse("limits-broken", text, n=len(facts.broken), names=", ".join(facts.broken))


def nobody_answered(facts: Facts, _actor: Actor) -> Verdict:
    if not facts.answered:
        return ALLOWED
    text = plural("{n} evaluator has answered already.", "{n} evaluators have answered already.")
    return refuse("answered", text, n=facts.answered)


# fmt: off
PLAN = Machine("plan", State, S.MAKING, (
    #   name               from                                to            by              when               then                                        after needs
    row("finish",          [S.MAKING],                         S.DRAFT,      [CASCADE]),
    row("find_impossible", [S.MAKING],                         S.IMPOSSIBLE, [CASCADE]),
    row("publish",         [S.DRAFT],                          S.PUBLISHED,  [CALL_MANAGER], [limits_are_kept], [Stamp("published_at"), ASSIGN_AS_PLANNED]),
    row("undo",            [S.PUBLISHED],                      S.UNDONE,     [CALL_MANAGER], [nobody_answered], [TAKE_PLAN_BACK],                           [], [REASON]),
    row("discard",         [S.MAKING, S.DRAFT, S.IMPOSSIBLE],  S.DISCARDED,  [CALL_MANAGER]),
), names={
    S.MAKING:     StateName(_("Being worked out"), _("Not public"), _("Not public"), Tone.PROGRESS),
    S.DRAFT:      StateName(_("Draft, told to nobody"), _("Not public"), _("Not public"), Tone.NEUTRAL),
    S.IMPOSSIBLE: StateName(_("Not possible"), _("Not public"), _("Not public"), Tone.WARNING),
    S.PUBLISHED:  StateName(_("Published"), _("Not public"), _("Not public"), Tone.GOOD),
    S.UNDONE:     StateName(_("Undone"), _("Not public"), _("Not public"), Tone.NEUTRAL),
    S.DISCARDED:  StateName(_("Discarded"), _("Not public"), _("Not public"), Tone.NEUTRAL),
}, words={
    "finish":          Words(_("Finish"), _("worked out")),
    "find_impossible": Words(_("Find impossible"), _("found not possible")),
    "publish":         Words(_("Accept all and ask the evaluators"), _("published")),
    "undo":            Words(_("Undo the plan"), _("undone")),
    "discard":         Words(_("Discard"), _("discarded")),
})
# fmt: on
