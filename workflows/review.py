"""A review: asked for in time and judged by a committee without part in what it looks at, decided by two persons.

That of an evaluation repeats it as a fork. That of a refusal at the checks answers each refused check anew, beside the
record of the check: the refusal stands, or the application goes back on its road.
"""

from dataclasses import dataclass
from enum import StrEnum

from workflows.effects import (
    DECISION_ACT,
    FREEZE_FORK,
    LOOK_THROUGH,
    REVIEW_LETTER,
    TAKE_DOWN_HEAD,
    Cascade,
    Clear,
    Mail,
    Stamp,
)
from workflows.machine import REASON, Actor, Machine, StateName, Tone, Words, row, signed_in_again
from workflows.relations import SIGNERS, Relation
from workflows.verdict import ALLOWED, Verdict, refuse
from workflows.words import _, plural

COORDINATOR, DEPUTY, REVIEWER = Relation.COORDINATOR, Relation.DEPUTY, Relation.REVIEWER
CALL_MANAGER, CASCADE = Relation.CALL_MANAGER, Relation.CASCADE
LEADERS = (COORDINATOR, DEPUTY)


class State(StrEnum):
    ASKED = "asked"
    WITHDRAWN = "withdrawn"
    INADMISSIBLE = "inadmissible"
    ADMITTED = "admitted"
    DISMISSED = "dismissed"
    UPHELD = "upheld"
    TO_STAND = "to_stand"
    TO_LIFT = "to_lift"
    STANDS = "stands"
    LIFTED = "lifted"
    REEVALUATION = "reevaluation"
    PROPOSED = "proposed"
    SIGNED = "signed"
    RELEASED = "released"


class Kind(StrEnum):
    """What is under review."""

    EVALUATION = "evaluation"
    CHECKS = "checks"  # that the application was refused at them


class Ground(StrEnum):
    """What a review looks at: never the judgement of the evaluators."""

    PROCEDURE = "procedure"
    ERROR = "error"


S = State
OTHER_KIND, OTHER_ROAD = "other-kind", "other-road"  # reasons why an act is not for this one: pages leave it out
JUDGED = frozenset({S.ASKED, S.ADMITTED})  # the committee has still to say whether, or what follows
FORKED = frozenset({S.REEVALUATION, S.PROPOSED, S.SIGNED, S.RELEASED})
FIXED = frozenset({S.PROPOSED, S.SIGNED, S.RELEASED})
TO_SIGN = frozenset({S.TO_STAND, S.TO_LIFT})  # what the committee found waits for a second person
LIVE = JUDGED | TO_SIGN | {S.REEVALUATION, S.PROPOSED, S.SIGNED}
TAKEN_UP = frozenset({S.LIFTED}) | FORKED  # of a refusal: it does not stand any more
# Acts of the office that whoever applies learns of by what follows alone.
UNTOLD = frozenset({"propose", "return", "sign", "mark", "name_member", "drop_member"})
UNTOLD_OF_CHECKS = frozenset({"find_right", "find_wrong", "answer_check"})


@dataclass(frozen=True)
class Facts:
    kind: Kind
    members: int
    members_due: int
    barred: tuple[str, ...]  # members who have an interest, or took part in what is under review
    marks: int  # criteria that were evaluated anew; of a refusal that was lifted late, those that are agreed
    proposed_by: str | None
    committee: frozenset[str]
    base_has_moved: bool  # another review was released since the new ranking was frozen
    refused_by: frozenset[str] = frozenset()  # who took part in the refusal under review
    unanswered: int = 0  # refused checks the committee has not answered
    not_met: int = 0  # refused checks it finds not met either
    unfit: int = 0  # passages in the office's texts of the letters that answer a review
    decision_is_awaited: bool = False  # proposed or signed, and not released
    decision_is_released: bool = False


def the_committee_is_complete(facts: Facts, _actor: Actor) -> Verdict:
    missing = facts.members_due - facts.members
    if missing <= 0:
        return ALLOWED
    text = plural("The committee lacks {n} member.", "The committee lacks {n} members.")
    return refuse("committee-incomplete", text, n=missing)


def the_committee_is_independent(facts: Facts, _actor: Actor) -> Verdict:
    if not facts.barred:
        return ALLOWED
    text = _("{names}: has an interest or took part in what is under review, and has to be replaced in the committee.")
    return refuse("committee-barred", text, names=", ".join(facts.barred))


def it_is_of_an_evaluation(facts: Facts, _actor: Actor) -> Verdict:
    if facts.kind is Kind.EVALUATION:
        return ALLOWED
    return refuse(OTHER_KIND, _("This is the review of a refusal at the checks: nothing was evaluated."))


def it_is_of_a_refusal(facts: Facts, _actor: Actor) -> Verdict:
    if facts.kind is Kind.CHECKS:
        return ALLOWED
    return refuse(OTHER_KIND, _("This is the review of an evaluation: nothing was refused at the checks."))


def every_refused_check_is_answered(facts: Facts, _actor: Actor) -> Verdict:
    if not facts.unanswered:
        return ALLOWED
    text = plural("{n} refused check is not answered yet.", "{n} refused checks are not answered yet.")
    return refuse("checks-unanswered", text, n=facts.unanswered)


def a_check_is_not_met_either_way(facts: Facts, _actor: Actor) -> Verdict:
    if facts.not_met or facts.unanswered:
        return ALLOWED
    return refuse("all-met", _("The committee finds every refused check met: the refusal has to be lifted."))


def every_check_is_found_met(facts: Facts, _actor: Actor) -> Verdict:
    if not facts.not_met:
        return ALLOWED
    return refuse("still-not-met", _("The committee finds a check not met either: the refusal stands."))


def not_of_the_refusal(facts: Facts, actor: Actor) -> Verdict:
    if actor.person not in facts.refused_by:
        return ALLOWED
    return refuse("of-the-refusal", _("You took part in the checks under review; another person has to do this."))


def no_decision_waits_for_its_release(facts: Facts, _actor: Actor) -> Verdict:
    if not facts.decision_is_awaited:
        return ALLOWED
    text = _("The decision on the call is proposed. Have it returned first: this application belongs in its ranking.")
    return refuse("decision-proposed", text)


def the_decision_is_not_released(facts: Facts, _actor: Actor) -> Verdict:
    if not facts.decision_is_released:
        return ALLOWED
    return refuse(OTHER_ROAD, _("The decision on the call is released: it can only be taken up late."))


def the_decision_is_released(facts: Facts, _actor: Actor) -> Verdict:
    if facts.decision_is_released:
        return ALLOWED
    return refuse(OTHER_ROAD, _("The decision on the call is not released: it is taken up with the others."))


def the_letter_is_fit_to_read(facts: Facts, _actor: Actor) -> Verdict:
    if not facts.unfit:
        return ALLOWED
    text = plural(
        "{n} passage in the text of the letter has to be mended: see the letter.",
        "{n} passages in the text of the letter have to be mended: see the letter.",
    )
    return refuse("letter-not-fit", text, n=facts.unfit)


def something_was_evaluated_anew(facts: Facts, _actor: Actor) -> Verdict:
    if facts.marks:
        return ALLOWED
    if facts.kind is Kind.CHECKS:
        return refuse("not-evaluated", _("The application was taken up late and is not evaluated yet."))
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
READABLE = the_letter_is_fit_to_read
ANSWERED = (it_is_of_a_refusal, *COMMITTEE, every_refused_check_is_answered)
SECOND = (
    READABLE,
    not_the_preparer,
    not_of_the_committee,
    not_of_the_refusal,
    the_committee_is_independent,
    signed_in_again,
)
UNPROPOSED = Clear(("proposed_at", "proposed_by"))
TAKE_UP = Cascade("application", "take_up_again", "refused_of_review")
TOLD = (DECISION_ACT, REVIEW_LETTER, Mail("review_answered", LEADERS))  # in this order: the letter cites the act
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
    row("find_inadmissible",    [S.ASKED],              S.INADMISSIBLE,  [REVIEWER],          [*COMMITTEE, READABLE],                                                       [Stamp("answered_at"), LOOK_THROUGH],                    [*TOLD],                                       [REASON]),
    row("admit",                [S.ASKED],              S.ADMITTED,      [REVIEWER],          [*COMMITTEE],                                                                 [LOOK_THROUGH],                                         [Mail("review_admitted", LEADERS)],             [REASON]),
    row("dismiss",              [S.ADMITTED],           S.DISMISSED,     [REVIEWER],          [it_is_of_an_evaluation, *COMMITTEE, READABLE],                               [Stamp("answered_at"), LOOK_THROUGH],                    [*TOLD],                                       [REASON]),
    row("uphold",               [S.ADMITTED],           S.UPHELD,        [REVIEWER],          [it_is_of_an_evaluation, *COMMITTEE, READABLE],                               [Stamp("answered_at"), LOOK_THROUGH],                    [*TOLD],                                       [REASON]),
    row("order_reevaluation",   [S.ADMITTED],           S.REEVALUATION,  [REVIEWER],          [it_is_of_an_evaluation, *COMMITTEE],                                         [LOOK_THROUGH],                                         [Mail("review_goes_on", LEADERS)],              [REASON]),
    row("find_right",           [S.ADMITTED],           S.TO_STAND,      [REVIEWER],          [*ANSWERED, a_check_is_not_met_either_way],                                   [Stamp("proposed_at", "proposed_by")],      [Mail("review_to_sign", SIGNERS)]),
    row("find_wrong",           [S.ADMITTED],           S.TO_LIFT,       [REVIEWER],          [*ANSWERED, every_check_is_found_met],                                        [Stamp("proposed_at", "proposed_by")],      [Mail("review_to_sign", SIGNERS)]),
    row("return",               [S.TO_STAND, S.TO_LIFT], S.ADMITTED,     [*SIGNERS],          [not_of_the_refusal],                                                         [UNPROPOSED],                               [Mail("review_returned", (REVIEWER,))],         [REASON]),
    row("confirm_refusal",      [S.TO_STAND],           S.STANDS,        [*SIGNERS],          [*SECOND],                                                                    [Stamp("answered_at"), UNPROPOSED],          [*TOLD]),
    row("lift_refusal",         [S.TO_LIFT],            S.LIFTED,        [*SIGNERS],          [*SECOND, no_decision_waits_for_its_release, the_decision_is_not_released],   [Stamp("answered_at"), UNPROPOSED, TAKE_UP], [*TOLD]),
    row("lift_late",            [S.TO_LIFT],            S.REEVALUATION,  [*SIGNERS],          [*SECOND, the_decision_is_released],                                          [Stamp("answered_at"), UNPROPOSED, TAKE_UP], [*TOLD]),
    row("end_late",             [S.REEVALUATION],       S.LIFTED,        [CASCADE]),
    row("propose",              [S.REEVALUATION],       S.PROPOSED,      [CALL_MANAGER],      [*COMMITTEE, READABLE, something_was_evaluated_anew, not_of_the_committee],   [Stamp("proposed_at", "proposed_by"), FREEZE_FORK], [Mail("review_to_sign", SIGNERS)], [REASON]),
    row("return",               [S.PROPOSED, S.SIGNED], S.REEVALUATION,  [*SIGNERS],          [],                                                                           [PROPOSED_ANEW],                            [Mail("review_returned", (CALL_MANAGER, REVIEWER))], [REASON]),
    row("sign",                 [S.PROPOSED],           S.SIGNED,        [*SIGNERS],          [not_the_preparer, not_of_the_committee, the_base_has_not_moved, the_committee_is_independent, signed_in_again], [Stamp("signed_at", "signed_by")], [DECISION_ACT]),
    row("release",              [S.SIGNED],             S.RELEASED,      [*SIGNERS],          [not_of_the_committee, the_base_has_not_moved, signed_in_again],              [Stamp("released_at"), *OUTCOME, TAKE_DOWN_HEAD]),
), names={
    S.ASKED:        StateName(_("Asked for"), _("Asked for"), _("Not public"), Tone.WARNING),
    S.WITHDRAWN:    StateName(_("Withdrawn"), _("Withdrawn"), _("Not public"), Tone.NEUTRAL),
    S.INADMISSIBLE: StateName(_("Not admissible"), _("Not admissible"), _("Not public"), Tone.BAD),
    S.ADMITTED:     StateName(_("Admissible"), _("Admissible, being examined"), _("Not public"), Tone.PROGRESS),
    S.DISMISSED:    StateName(_("Not upheld"), _("Not upheld"), _("Not public"), Tone.BAD),
    S.UPHELD:       StateName(_("Upheld, the result stands"), _("Upheld, the result stands"), _("Not public"), Tone.NEUTRAL),
    S.TO_STAND:     StateName(_("Refusal to stand, for signature"), _("Admissible, being examined"), _("Not public"), Tone.WARNING),
    S.TO_LIFT:      StateName(_("Refusal to be lifted, for signature"), _("Admissible, being examined"), _("Not public"), Tone.WARNING),
    S.STANDS:       StateName(_("The refusal stands"), _("The refusal stands"), _("Not public"), Tone.BAD),
    S.LIFTED:       StateName(_("The refusal is lifted"), _("The refusal is lifted"), _("Not public"), Tone.GOOD),
    S.REEVALUATION: StateName(_("Being evaluated"), _("Being evaluated"), _("Not public"), Tone.PROGRESS),
    S.PROPOSED:     StateName(_("New decision proposed, for signature"), _("Being evaluated"), _("Not public"), Tone.WARNING),
    S.SIGNED:       StateName(_("New decision signed, not released"), _("Being evaluated"), _("Not public"), Tone.PROGRESS),
    S.RELEASED:     StateName(_("New decision released"), _("Decided"), _("Not public"), Tone.GOOD),
}, words={
    "withdraw":           Words(_("Withdraw the request"), _("withdrawn")),
    "find_inadmissible":  Words(_("Find it not admissible"), _("found not admissible")),
    "admit":              Words(_("Find it admissible"), _("found admissible")),
    "dismiss":            Words(_("Do not uphold it"), _("not upheld")),
    "uphold":             Words(_("Uphold it without effect on the result"), _("upheld without effect on the result")),
    "order_reevaluation": Words(_("Have it evaluated again"), _("new evaluation ordered")),
    "find_right":         Words(_("Find that the refusal stands"), _("refusal found right")),
    "find_wrong":         Words(_("Find that the refusal has to be lifted"), _("refusal found wrong")),
    "confirm_refusal":    Words(_("Confirm that the refusal stands"), _("confirmed: the refusal stands")),
    "lift_refusal":       Words(_("Lift the refusal"), _("refusal lifted")),
    "lift_late":          Words(_("Lift the refusal and have it evaluated late"), _("refusal lifted after the decision on the call")),
    "end_late":           Words(_("End the late evaluation"), _("late evaluation ended: the application has an outcome")),
    "propose":            Words(_("Propose the new decision"), _("new decision proposed")),
    "return":             Words(_("Return with reasons"), _("returned")),
    "sign":               Words(_("Sign the new decision"), _("new decision signed")),
    "release":            Words(_("Release the new result"), _("new result released")),
}, columns={
    "proposed_at": FIXED | TO_SIGN,
    "signed_at": frozenset({S.SIGNED, S.RELEASED}),
    "released_at": frozenset({S.RELEASED}),
})
# fmt: on
