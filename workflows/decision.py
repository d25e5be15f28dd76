"""The decision on a call: one person proposes, another signs, then everything is released at one moment."""

from dataclasses import dataclass
from enum import StrEnum

from workflows.effects import DECISION_ACT, FREEZE_RANKING, PANEL_MINUTES, TAKE_DOWN_HEAD, Cascade, Clear, Mail, Stamp
from workflows.machine import REASON, Actor, Machine, StateName, Tone, Words, row, signed_in_again
from workflows.relations import SIGNERS, Relation
from workflows.verdict import ALLOWED, Verdict, refuse
from workflows.words import _, plural

CALL_MANAGER = Relation.CALL_MANAGER


class State(StrEnum):
    DRAFT = "draft"
    PROPOSED = "proposed"
    RETURNED = "returned"
    SIGNED = "signed"
    RELEASED = "released"


S = State
FIXED = frozenset({S.PROPOSED, S.SIGNED, S.RELEASED})  # evaluation may not change any more


@dataclass(frozen=True)
class Facts:
    call_is_closed: bool
    applications_undecided: int  # neither evaluated nor withdrawn nor refused
    ties_open: int  # groups of equals that the call leaves to the panel or the draw
    draw_is_due: bool  # the call ends in a public draw, and it was not drawn
    proposed_by: str | None
    unsettled: tuple[str, ...]  # acronyms: somebody who signed the agreed report may no longer take part
    under_review: int = 0  # refusals at the checks of which a review is asked for and not answered
    findings: int = 0  # in what the letters will say, neither mended nor settled


def call_is_closed(facts: Facts, _actor: Actor) -> Verdict:
    return ALLOWED if facts.call_is_closed else refuse("call-not-closed", _("The call has not closed."))


def every_application_is_evaluated(facts: Facts, _actor: Actor) -> Verdict:
    if not facts.applications_undecided:
        return ALLOWED
    text = plural("{n} application is not evaluated yet.", "{n} applications are not evaluated yet.")
    return refuse("applications-open", text, n=facts.applications_undecided)


def no_refusal_is_under_review(facts: Facts, _actor: Actor) -> Verdict:
    if not facts.under_review:
        return ALLOWED
    text = plural(
        "{n} review of a refusal at the checks is not answered yet.",
        "{n} reviews of refusals at the checks are not answered yet.",
    )
    return refuse("refusals-under-review", text, n=facts.under_review)


def every_tie_is_settled(facts: Facts, _actor: Actor) -> Verdict:
    if not facts.ties_open:
        return ALLOWED
    text = plural("{n} tie waits for the panel's order.", "{n} ties wait for the panel's order.")
    if facts.draw_is_due:
        text = plural("{n} tie waits for the public draw.", "{n} ties wait for the public draw.")
    return refuse("ties-open", text, n=facts.ties_open)


def every_signature_stands(facts: Facts, _actor: Actor) -> Verdict:
    if not facts.unsettled:
        return ALLOWED
    text = _(
        "{names}: an evaluator who signed the agreed report has a conflict of interest or was taken off. Reopen the"
        " consensus; a decision that is proposed has to be returned first."
    )
    return refuse("signature-void", text, names=", ".join(facts.unsettled))


def every_letter_is_fit_to_read(facts: Facts, _actor: Actor) -> Verdict:
    if not facts.findings:
        return ALLOWED
    text = plural(
        "{n} passage in what applicants will read has to be mended or settled: see the letters.",
        "{n} passages in what applicants will read have to be mended or settled: see the letters.",
    )
    return refuse("letters-not-fit", text, n=facts.findings)


def not_the_preparer(facts: Facts, actor: Actor) -> Verdict:
    if actor.person != facts.proposed_by:
        return ALLOWED
    return refuse("same-person", _("You proposed this decision; another person has to sign it."))


# fmt: off
RELEASE = (
    Cascade("application", "award", "to_award"),
    Cascade("application", "hold_in_reserve", "to_hold_in_reserve"),
    Cascade("application", "reject", "to_reject"),
    Cascade("call", "conclude", "of_decision"),
)
UNPROPOSED = Clear(("proposed_at", "proposed_by", "signed_at", "signed_by"))
DECISION = Machine("decision", State, S.DRAFT, (
    #   name       from                       to           by                   when                                                                     then              after                                             needs
    row("propose", [S.DRAFT, S.RETURNED],     S.PROPOSED,  [CALL_MANAGER],      [call_is_closed, every_application_is_evaluated, no_refusal_is_under_review, every_tie_is_settled, every_signature_stands, every_letter_is_fit_to_read], [Stamp("proposed_at", "proposed_by"), FREEZE_RANKING], [Mail("decision_to_sign", SIGNERS)]),
    row("return",  [S.PROPOSED, S.SIGNED],    S.RETURNED,  [*SIGNERS],          [],                                                                      [UNPROPOSED],     [Mail("decision_returned", (CALL_MANAGER,))],     [REASON]),
    row("sign",    [S.PROPOSED],              S.SIGNED,    [*SIGNERS],          [not_the_preparer, signed_in_again, every_signature_stands],                                    [Stamp("signed_at", "signed_by")], [DECISION_ACT]),
    row("release", [S.SIGNED],                S.RELEASED,  [*SIGNERS],          [signed_in_again, every_signature_stands],                                                  [Stamp("released_at"), *RELEASE, TAKE_DOWN_HEAD]),
    row("make_minutes", sorted(State),        None,        [CALL_MANAGER],      [],                                                                      [],               [PANEL_MINUTES]),
), names={
    S.DRAFT:    StateName(_("Being prepared"), _("In evaluation"), _("Not public"), Tone.NEUTRAL),
    S.PROPOSED: StateName(_("Proposed, for signature"), _("In evaluation"), _("Not public"), Tone.WARNING),
    S.RETURNED: StateName(_("Returned"), _("In evaluation"), _("Not public"), Tone.WARNING),
    S.SIGNED:   StateName(_("Signed, not released"), _("In evaluation"), _("Not public"), Tone.PROGRESS),
    S.RELEASED: StateName(_("Released"), _("Decided"), _("Decided"), Tone.GOOD),
}, words={
    "propose": Words(_("Propose this decision"), _("proposed")),
    "return":  Words(_("Return with reasons"), _("returned")),
    "sign":    Words(_("Sign the decision"), _("signed")),
    "release": Words(_("Release the results"), _("released")),
    "make_minutes": Words(_("Make the minutes of the panel as a document"), _("minutes of the panel made")),
}, columns={
    "proposed_at": FIXED,
    "signed_at": frozenset({S.SIGNED, S.RELEASED}),
    "released_at": frozenset({S.RELEASED}),
})
# fmt: on
