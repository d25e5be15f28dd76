"""The review of an evaluation: asked for in time, judged by a committee, repeated as a fork, decided by two persons."""

from dataclasses import dataclass
from enum import StrEnum

from workflows.effects import FREEZE_FORK, TAKE_DOWN_HEAD, Cascade, Clear, Mail, Stamp
from workflows.machine import REASON, Actor, Machine, StateName, Tone, Words, row, signed_in_again
from workflows.relations import Relation
from workflows.verdict import ALLOWED, Verdict, refuse
from workflows.words import _, plural

COORDINATOR, DEPUTY, REVIEWER = Relation.COORDINATOR, Relation.DEPUTY, Relation.REVIEWER
CALL_MANAGER, PROGRAMME_MANAGER = Relation.CALL_MANAGER, Relation.PROGRAMME_MANAGER
LEADERS = (COORDINATOR, DEPUTY)


class State(StrEnum):
    ASKED = "asked"
    WITHDRAWN = "withdrawn"
    INADMISSIBLE = "inadmissible"
    ADMITTED = "admitted"
    DISMISSED = "dismissed"
    UPHELD = "upheld"
    REEVALUATION = "reevaluation"
    PROPOSED = "proposed"
    SIGNED = "signed"
    RELEASED = "released"


class Ground(StrEnum):
    """What a review looks at: never the judgement of the evaluators."""

    PROCEDURE = "procedure"
    ERROR = "error"


S = State
JUDGED = frozenset({S.ASKED, S.ADMITTED})  # the committee has still to say whether, or what follows
FORKED = frozenset({S.REEVALUATION, S.PROPOSED, S.SIGNED, S.RELEASED})
FIXED = frozenset({S.PROPOSED, S.SIGNED, S.RELEASED})
LIVE = frozenset({S.ASKED, S.ADMITTED, S.REEVALUATION, S.PROPOSED, S.SIGNED})
# Acts of the office that whoever applies learns of by the release alone.
UNTOLD = frozenset({"propose", "return", "sign", "mark", "name_member", "drop_member"})


@dataclass(frozen=True)
class Facts:
    members: int
    members_due: int
    barred: tuple[str, ...]  # members who have an interest, or took part in the first evaluation
    marks: int  # criteria that were evaluated anew
    proposed_by: str | None
    committee: frozenset[str]
    base_has_moved: bool  # another review was released since the new ranking was frozen


def the_committee_is_complete(facts: Facts, _actor: Actor) -> Verdict:
    missing = facts.members_due - facts.members
    if missing <= 0:
        return ALLOWED
    text = plural("The committee lacks {n} member.", "The committee lacks {n} members.")
    return refuse("committee-incomplete", text, n=missing)


def the_committee_is_independent(facts: Facts, _actor: Actor) -> Verdict:
    if not facts.barred:
        return ALLOWED
    text = _("{names}: has an interest or took part in the first evaluation, and has to be replaced in the committee.")
    return refuse("committee-barred", text, names=", ".join(facts.barred))


def something_was_evaluated_anew(facts: Facts, _actor: Actor) -> Verdict:
    if facts.marks:
        return ALLOWED
    return refuse("no-marks", _("The committee has recorded no new score yet."))


def not_of_the_committee(facts: Facts, actor: Actor) -> Verdict:
    if actor.person not in facts.committee:
        return ALLOWED
    return refuse("of-the-committee", _("You sit in the committee of this review; another person has to do this."))


def not_the_preparer(facts: Facts, actor: Actor) -> Verdict:
    if actor.person != facts.proposed_by:
        return ALLOWED
    return refuse("same-person", _("You proposed this decision; another person has to sign it."))


def the_base_has_not_moved(facts: Facts, _actor: Actor) -> Verdict:
    if not facts.base_has_moved:
        return ALLOWED
    text = _("The result of another review was released meanwhile. Return this one: it has to be proposed again.")
    return refuse("base-moved", text)


COMMITTEE = (the_committee_is_complete, the_committee_is_independent)
PROPOSED_ANEW = Clear(("proposed_at", "proposed_by", "signed_at", "signed_by", "ranking", "ranking_sha256"))
OUTCOME = (
    Cascade("application", "confirm_result", "review_confirms"),  # first: after the others it would fit always
    Cascade("application", "award", "review_awards"),
    Cascade("application", "hold_in_reserve", "review_holds_in_reserve"),
    Cascade("application", "reject", "review_rejects"),
)

# fmt: off
REVIEW = Machine("review", State, S.ASKED, (
    #   name                    from                    to               by                   when                                                                          then                                        after                                           needs
    row("withdraw",             [S.ASKED, S.ADMITTED],  S.WITHDRAWN,     [COORDINATOR],       [],                                                                           [],                                         [Mail("review_withdrawn", (CALL_MANAGER, REVIEWER))]),
    row("find_inadmissible",    [S.ASKED],              S.INADMISSIBLE,  [REVIEWER],          [*COMMITTEE],                                                                 [Stamp("answered_at")],                     [Mail("review_answered", LEADERS)],             [REASON]),
    row("admit",                [S.ASKED],              S.ADMITTED,      [REVIEWER],          [*COMMITTEE],                                                                 [],                                         [Mail("review_admitted", LEADERS)],             [REASON]),
    row("dismiss",              [S.ADMITTED],           S.DISMISSED,     [REVIEWER],          [*COMMITTEE],                                                                 [Stamp("answered_at")],                     [Mail("review_answered", LEADERS)],             [REASON]),
    row("uphold",               [S.ADMITTED],           S.UPHELD,        [REVIEWER],          [*COMMITTEE],                                                                 [Stamp("answered_at")],                     [Mail("review_answered", LEADERS)],             [REASON]),
    row("order_reevaluation",   [S.ADMITTED],           S.REEVALUATION,  [REVIEWER],          [*COMMITTEE],                                                                 [],                                         [Mail("review_goes_on", LEADERS)],              [REASON]),
    row("propose",              [S.REEVALUATION],       S.PROPOSED,      [CALL_MANAGER],      [*COMMITTEE, something_was_evaluated_anew, not_of_the_committee],             [Stamp("proposed_at", "proposed_by"), FREEZE_FORK], [Mail("review_to_sign", (PROGRAMME_MANAGER,))], [REASON]),
    row("return",               [S.PROPOSED, S.SIGNED], S.REEVALUATION,  [PROGRAMME_MANAGER], [],                                                                           [PROPOSED_ANEW],                            [Mail("review_returned", (CALL_MANAGER, REVIEWER))], [REASON]),
    row("sign",                 [S.PROPOSED],           S.SIGNED,        [PROGRAMME_MANAGER], [not_the_preparer, not_of_the_committee, the_base_has_not_moved, the_committee_is_independent, signed_in_again], [Stamp("signed_at", "signed_by")]),
    row("release",              [S.SIGNED],             S.RELEASED,      [PROGRAMME_MANAGER], [not_of_the_committee, the_base_has_not_moved, signed_in_again],              [Stamp("released_at"), *OUTCOME, TAKE_DOWN_HEAD]),
), names={
    S.ASKED:        StateName(_("Asked for"), _("Asked for"), _("Not public"), Tone.WARNING),
    S.WITHDRAWN:    StateName(_("Withdrawn"), _("Withdrawn"), _("Not public"), Tone.NEUTRAL),
    S.INADMISSIBLE: StateName(_("Not admissible"), _("Not admissible"), _("Not public"), Tone.BAD),
    S.ADMITTED:     StateName(_("Admissible"), _("Admissible, being examined"), _("Not public"), Tone.PROGRESS),
    S.DISMISSED:    StateName(_("Not upheld"), _("Not upheld"), _("Not public"), Tone.BAD),
    S.UPHELD:       StateName(_("Upheld, the result stands"), _("Upheld, the result stands"), _("Not public"), Tone.NEUTRAL),
    S.REEVALUATION: StateName(_("Being evaluated again"), _("Being evaluated again"), _("Not public"), Tone.PROGRESS),
    S.PROPOSED:     StateName(_("New decision proposed, for signature"), _("Being evaluated again"), _("Not public"), Tone.WARNING),
    S.SIGNED:       StateName(_("New decision signed, not released"), _("Being evaluated again"), _("Not public"), Tone.PROGRESS),
    S.RELEASED:     StateName(_("New decision released"), _("Decided again"), _("Not public"), Tone.GOOD),
}, words={
    "withdraw":           Words(_("Withdraw the request"), _("withdrawn")),
    "find_inadmissible":  Words(_("Find it not admissible"), _("found not admissible")),
    "admit":              Words(_("Find it admissible"), _("found admissible")),
    "dismiss":            Words(_("Do not uphold it"), _("not upheld")),
    "uphold":             Words(_("Uphold it without effect on the result"), _("upheld without effect on the result")),
    "order_reevaluation": Words(_("Have it evaluated again"), _("new evaluation ordered")),
    "propose":            Words(_("Propose the new decision"), _("new decision proposed")),
    "return":             Words(_("Return with reasons"), _("returned")),
    "sign":               Words(_("Sign the new decision"), _("new decision signed")),
    "release":            Words(_("Release the new result"), _("new result released")),
}, columns={
    "proposed_at": FIXED,
    "signed_at": frozenset({S.SIGNED, S.RELEASED}),
    "released_at": frozenset({S.RELEASED}),
})
# fmt: on
