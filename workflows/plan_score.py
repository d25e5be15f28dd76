"""What a pair of application and expert is worth, in whole points, and why: the call says how many for what."""

from __future__ import annotations

from dataclasses import dataclass

from workflows.definition_evaluation import Panel
from workflows.interests import POINTS_OFF
from workflows.verdict import Reason
from workflows.words import _, plural


@dataclass(frozen=True)
class Fit:
    """What is known of one pair."""

    has_theme: bool
    shared_words: tuple[str, ...]
    abroad: bool  # no partner is from the expert's country
    newcomer: bool
    open_ties: int  # possible conflicts, none of them direct, that nobody has decided
    gravest: int = 0  # the grade of the strongest of them


def points(fit: Fit, panel: Panel) -> int:
    """Add up the points of a pair; never below zero."""
    words = min(len(fit.shared_words), 2) * panel.word_points // 2
    total = (
        fit.has_theme * panel.theme_points
        + words
        + fit.abroad * panel.abroad_points
        + fit.newcomer * panel.newcomer_points
        - POINTS_OFF[fit.gravest]
    )
    return max(0, total)


def why(fit: Fit) -> list[Reason]:
    """Say what speaks for a pair and what against it."""
    found = [
        Reason("theme", _("has the thematic area")) if fit.has_theme else Reason("no-theme", _("another thematic area"))
    ]
    if fit.shared_words:
        found.append(Reason("words", _("shares the words {words}"), {"words": ", ".join(fit.shared_words)}))
    found.append(
        Reason("abroad", _("no partner from the same country"))
        if fit.abroad
        else Reason("at-home", _("a partner is from the same country"))
    )
    if fit.newcomer:
        found.append(Reason("newcomer", _("has not evaluated before")))
    if fit.open_ties:
        text = plural("{n} possible conflict to decide", "{n} possible conflicts to decide")
        found.append(Reason("ties", text, {"n": fit.open_ties}))
    return found
