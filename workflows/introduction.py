"""An introduction by mutual consent: two organisations learn whom to write to once both have said yes."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from workflows.effects import Mail, Stamp
from workflows.machine import Actor, Machine, StateName, Tone, Words, row
from workflows.relations import Relation
from workflows.verdict import ALLOWED, Verdict, refuse
from workflows.words import _

ASKING, ASKED, CLOCK = Relation.ASKING, Relation.ASKED, Relation.CLOCK


class State(StrEnum):
    ASKED = "asked"
    AGREED = "agreed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    ENDED = "ended"


S = State
ANSWERED = frozenset({S.AGREED, S.REFUSED, S.ENDED})
LIVE = frozenset({S.ASKED, S.AGREED})

ANSWER_WITHIN = timedelta(days=21)


@dataclass(frozen=True)
class Facts:
    now: datetime
    answer_by: datetime
    asking_is_published: bool


def asking_organisation_is_published(facts: Facts, _actor: Actor) -> Verdict:
    if facts.asking_is_published:
        return ALLOWED
    return refuse("not-published", _("The profile of the organisation that asks is not published any more."))


def answer_is_overdue(facts: Facts, _actor: Actor) -> Verdict:
    if facts.answer_by <= facts.now:
        return ALLOWED
    return refuse("still-time", _("There is still time to answer."))


ANSWERS = Stamp("answered_at", "answered_by")

# fmt: off
INTRODUCTION = Machine("introduction", State, S.ASKED, (
    #   name        from         to           by               when                                then       after
    row("agree",    [S.ASKED],   S.AGREED,    [ASKED],         [asking_organisation_is_published], [ANSWERS], [Mail("introduction_agreed", (ASKING, ASKED))]),
    row("refuse",   [S.ASKED],   S.REFUSED,   [ASKED],         [],                                 [ANSWERS], [Mail("introduction_refused", (ASKING,))]),
    row("withdraw", [S.ASKED],   S.WITHDRAWN, [ASKING]),
    row("lapse",    [S.ASKED],   S.LAPSED,    [CLOCK],         [answer_is_overdue],                [],        [Mail("introduction_lapsed", (ASKING,))]),
    row("end",      [S.AGREED],  S.ENDED,     [ASKING, ASKED]),
), names={
    S.ASKED:     StateName(_("Waiting for an answer"), _("Waiting for an answer"), _("Private"), Tone.PROGRESS),
    S.AGREED:    StateName(_("Introduced"), _("Introduced"), _("Private"), Tone.GOOD),
    S.REFUSED:   StateName(_("Not wanted"), _("Not wanted now"), _("Private"), Tone.NEUTRAL),
    S.WITHDRAWN: StateName(_("Withdrawn"), _("Withdrawn"), _("Private"), Tone.NEUTRAL),
    S.LAPSED:    StateName(_("Not answered"), _("Not answered"), _("Private"), Tone.NEUTRAL),
    S.ENDED:     StateName(_("Ended"), _("Ended"), _("Private"), Tone.NEUTRAL),
}, words={
    "agree":    Words(_("Yes, introduce us"), _("agreed")),
    "refuse":   Words(_("Not now"), _("not wanted now")),
    "withdraw": Words(_("Withdraw the request"), _("request withdrawn")),
    "lapse":    Words(_("Lapse"), _("not answered in time")),
    "end":      Words(_("Hide our contact again"), _("contacts hidden again")),
}, columns={
    "answered_at": ANSWERED,
    "answered_by": ANSWERED,
})
# fmt: on
