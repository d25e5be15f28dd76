"""The published profile of an organisation: a person of the office validates it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from workflows.effects import Mail, Stamp
from workflows.machine import REASON, Actor, Machine, StateName, Tone, Words, row
from workflows.relations import Relation
from workflows.verdict import ALLOWED, Verdict, refuse
from workflows.words import _

ADMINISTRATOR, CLOCK = Relation.ORGANISATION_ADMINISTRATOR, Relation.CLOCK
CALL_MANAGER = Relation.CALL_MANAGER


class State(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    PUBLISHED = "published"
    RETURNED = "returned"
    SUSPENDED = "suspended"


S = State
LISTED = frozenset({S.PUBLISHED})
CONFIRM_EVERY = timedelta(days=365)
STALE_AFTER = timedelta(days=395)  # a month after the question: such profiles sink in the search
CONFIRMED, ASKED = Stamp("confirmed_at"), Stamp("confirm_asked_at")


@dataclass(frozen=True)
class Facts:
    missing: Verdict  # what the profile still lacks, one reason for each field
    now: datetime
    confirmed_at: datetime  # else the day it came here
    confirm_asked_at: datetime | None


def profile_is_complete(facts: Facts, _actor: Actor) -> Verdict:
    return facts.missing


def confirmation_is_due(facts: Facts, _actor: Actor) -> Verdict:
    last = max(facts.confirmed_at, facts.confirm_asked_at or facts.confirmed_at)
    if last + CONFIRM_EVERY <= facts.now:
        return ALLOWED
    return refuse("confirmed-lately", _("The profile was confirmed, or asked after, within a year."))


# fmt: off
PROFILE = Machine("profile", State, S.DRAFT, (
    #   name         from                      to           by               when                    then  after                                    needs
    row("submit",    [S.DRAFT, S.RETURNED],    S.SUBMITTED, [ADMINISTRATOR], [profile_is_complete]),
    row("publish",   [S.SUBMITTED],            S.PUBLISHED, [CALL_MANAGER],  [],                     [CONFIRMED], [Mail("profile_published", (ADMINISTRATOR,))]),
    row("return",    [S.SUBMITTED],            S.RETURNED,  [CALL_MANAGER],  [],                     [],   [Mail("profile_returned", (ADMINISTRATOR,))],  [REASON]),
    row("suspend",   [S.PUBLISHED],            S.SUSPENDED, [CALL_MANAGER],  [],                     [],   [Mail("profile_suspended", (ADMINISTRATOR,))], [REASON]),
    row("reinstate", [S.SUSPENDED],            S.PUBLISHED, [CALL_MANAGER],  [],                     [],   [Mail("profile_published", (ADMINISTRATOR,))], [REASON]),
    row("confirm",        [S.PUBLISHED], None,      [ADMINISTRATOR], [profile_is_complete], [CONFIRMED]),
    row("ask_to_confirm", [S.PUBLISHED], None,      [CLOCK],         [confirmation_is_due], [ASKED], [Mail("profile_confirm", (ADMINISTRATOR,))]),
), names={
    S.DRAFT:     StateName(_("Draft"), _("Draft"), _("Not published"), Tone.NEUTRAL),
    S.SUBMITTED: StateName(_("Waiting for validation"), _("Waiting for validation"), _("Not published"), Tone.PROGRESS),
    S.PUBLISHED: StateName(_("Published"), _("Published"), _("Published"), Tone.GOOD),
    S.RETURNED:  StateName(_("Returned"), _("Returned for changes"), _("Not published"), Tone.WARNING),
    S.SUSPENDED: StateName(_("Suspended"), _("Suspended"), _("Not published"), Tone.BAD),
}, words={
    "submit":    Words(_("Send for validation"), _("sent for validation")),
    "publish":   Words(_("Publish the profile"), _("published")),
    "return":    Words(_("Return for changes"), _("returned for changes")),
    "suspend":   Words(_("Suspend the profile"), _("suspended")),
    "reinstate": Words(_("Publish again"), _("published again")),
    "confirm":   Words(_("Everything is still right"), _("confirmed")),
    "ask_to_confirm": Words(_("Ask to confirm"), _("asked to confirm the profile")),
})
# fmt: on
