"""Whether an organisation may ask another to be introduced: limits against bothering."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from workflows.verdict import Verdict, refuse, together
from workflows.words import _

MOST_A_WEEK = 5
NOT_AGAIN_WITHIN = timedelta(days=180)  # after a refusal
NOT_AGAIN_AFTER_SILENCE = timedelta(days=60)


@dataclass(frozen=True)
class Before:
    """What is known before an organisation asks another."""

    acts_for_asking: bool
    asking_is_published: bool
    asked_is_published: bool
    asked_is_open: bool
    same: bool
    waiting_or_agreed: bool  # in either direction
    refused_at: datetime | None  # the last refusal by the one to be asked
    lapsed_at: datetime | None  # the last time it did not answer
    asked_this_week: int
    now: datetime


def may_be_asked(before: Before) -> Verdict:
    """Everything that stands against asking; a refusal and a silence are told in the same words."""
    return together(_against(before))


def _against(before: Before) -> list[Verdict]:
    quiet = (
        (before.refused_at, NOT_AGAIN_WITHIN),
        (before.lapsed_at, NOT_AGAIN_AFTER_SILENCE),
    )
    too_soon = any(at is not None and before.now < at + time for at, time in quiet)
    checks = (
        (before.acts_for_asking, "not-your-organisation", _("You don't act for this organisation: ask its administrator.")),
        (before.asking_is_published, "profile-not-published", _("The profile of your organisation is not published yet. Send it for validation first.")),
        (before.asked_is_published, "not-listed", _("The organisation is not listed.")),
        (before.asked_is_open, "not-open", _("The organisation has said that it does not want to be contacted through this site.")),
        (not before.same, "itself", _("This is your own organisation.")),
        (not before.waiting_or_agreed, "asked-already", _("Your two organisations are introduced already, or one waits for the other's answer.")),
        (not too_soon, "too-soon", _("Your organisation has asked before and was not introduced. Give it some months.")),
        (before.asked_this_week < MOST_A_WEEK, "enough-this-week", _("Your organisation has asked several others within seven days: wait for their answers first.")),
    )  # fmt: skip
    return [refuse(code, text) for fine, code, text in checks if not fine]
