"""An expression of interest: a public notice that looks for partners. Nothing is scored and nobody wins."""

from dataclasses import dataclass
from enum import StrEnum

from workflows.effects import CARRY_OVER, FREEZE_EXPRESSION, Mail, Stamp
from workflows.machine import REASON, Actor, Machine, StateName, Tone, Words, row
from workflows.relations import Relation
from workflows.verdict import ALLOWED, Verdict, refuse
from workflows.words import _

AUTHOR, CLOCK, CASCADE = Relation.AUTHOR, Relation.CLOCK, Relation.CASCADE


class State(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    MATCHED = "matched"
    LAPSED = "lapsed"


S = State
PUBLIC = frozenset({S.PUBLISHED, S.CLOSED, S.MATCHED})
OPEN_TO_REPLIES = frozenset({S.PUBLISHED})


@dataclass(frozen=True)
class Facts:
    call_is_open: bool
    organisation_is_published: bool
    missing: Verdict  # required answers that are not there or not right, one reason each
    follow_on_call_is_open: bool


def call_is_open(facts: Facts, _actor: Actor) -> Verdict:
    if facts.call_is_open:
        return ALLOWED
    return refuse("call-closed", _("The call is not open."))


def call_has_closed(facts: Facts, _actor: Actor) -> Verdict:
    if not facts.call_is_open:
        return ALLOWED
    return refuse("call-open", _("The call is still open."))


def organisation_is_published(facts: Facts, _actor: Actor) -> Verdict:
    if facts.organisation_is_published:
        return ALLOWED
    return refuse(
        "profile-not-published",
        _("The profile of your organisation is not published yet. Send it for validation first."),
    )


def answers_are_complete(facts: Facts, _actor: Actor) -> Verdict:
    return facts.missing


def follow_on_call_is_open(facts: Facts, _actor: Actor) -> Verdict:
    if facts.follow_on_call_is_open:
        return ALLOWED
    return refuse("no-follow-on-call", _("The call for proposals that follows is not open."))


# fmt: off
EXPRESSION = Machine("expression", State, S.DRAFT, (
    #   name        from                       to           by        when                                                             then                 after                                              needs
    row("publish",  [S.DRAFT],                 S.PUBLISHED, [AUTHOR], [call_is_open, organisation_is_published, answers_are_complete], [Stamp("published_at"), FREEZE_EXPRESSION]),
    row("publish_again", [S.PUBLISHED],        None,        [AUTHOR], [call_is_open, answers_are_complete],                            [FREEZE_EXPRESSION], [Mail("expression_changed", (Relation.FOLLOWER,))]),
    row("withdraw", [S.PUBLISHED, S.CLOSED],   S.WITHDRAWN, [AUTHOR], [],                                                              [],                  [Mail("expression_withdrawn", (Relation.FOLLOWER,))], [REASON]),
    row("close",    [S.PUBLISHED],             S.CLOSED,    [AUTHOR]),
    row("end",      [S.PUBLISHED],             S.CLOSED,    [CLOCK],  [call_has_closed]),
    row("lapse",    [S.DRAFT],                 S.LAPSED,    [CLOCK],  [call_has_closed]),
    row("reopen",   [S.CLOSED],                S.PUBLISHED, [CASCADE]),
    row("restart",  [S.LAPSED],                S.DRAFT,     [CASCADE]),
    row("match",    [S.PUBLISHED, S.CLOSED],   S.MATCHED,   [AUTHOR], [follow_on_call_is_open],                                        [CARRY_OVER]),
), names={
    S.DRAFT:     StateName(_("Draft"), _("Draft"), _("Not published"), Tone.NEUTRAL),
    S.PUBLISHED: StateName(_("Published"), _("Published"), _("Looking for partners"), Tone.GOOD),
    S.CLOSED:    StateName(_("Closed"), _("Closed"), _("Closed"), Tone.NEUTRAL),
    S.WITHDRAWN: StateName(_("Withdrawn"), _("Withdrawn"), _("Withdrawn"), Tone.WARNING),
    S.MATCHED:   StateName(_("Became an application"), _("Became an application"), _("Partnership formed"), Tone.GOOD),
    S.LAPSED:    StateName(_("Never published"), _("Never published"), _("Not published"), Tone.NEUTRAL),
}, words={
    "publish":  Words(_("Publish the expression of interest"), _("published")),
    "publish_again": Words(_("Publish the changes"), _("changes published")),
    "withdraw": Words(_("Withdraw the expression of interest"), _("withdrawn")),
    "close":    Words(_("Close to new replies"), _("closed to new replies")),
    "end":      Words(_("End"), _("closed with the call")),
    "lapse":    Words(_("Lapse"), _("not published before the deadline")),
    "reopen":   Words(_("Reopen"), _("reopened by the new deadline")),
    "restart":  Words(_("Reopen the draft"), _("draft reopened by the new deadline")),
    "match":    Words(_("Turn into an application"), _("turned into an application")),
})
# fmt: on
