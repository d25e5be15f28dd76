"""What scores mean in words: the call's own bands, else five that follow the share of the points."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal

from app.services.reason_json import trimmed
from workflows.definition import Criterion
from workflows.words import _

MOST_RADIOS = 11

_FIFTHS = (
    (Decimal(0), _("It fails the criterion, or cannot be judged for lack of information.")),
    (Decimal("0.2"), _("Poor: there are serious weaknesses.")),
    (Decimal("0.4"), _("Fair: it meets the criterion in the main, with significant weaknesses.")),
    (Decimal("0.6"), _("Good: it meets the criterion well, with some shortcomings.")),
    (Decimal("0.8"), _("Excellent: it meets the criterion in every respect, or nearly so.")),
)


def bands_of(criterion: Criterion) -> list[tuple[str, str]]:
    """Give (score from which it holds, sentence), lowest first."""
    if criterion.bands:
        return [(trimmed(band.start), band.text) for band in sorted(criterion.bands, key=lambda band: band.start)]
    return [(trimmed(_on_step(criterion, share)), text) for share, text in _FIFTHS]


def _on_step(criterion: Criterion, share: Decimal) -> Decimal:
    steps = (criterion.max_points * share / criterion.step).to_integral_value(rounding=ROUND_CEILING)
    return steps * criterion.step


def marks_of(criterion: Criterion) -> list[str] | None:
    """Give every possible score where there are few enough for radios; None where a number is typed."""
    count = int(criterion.max_points / criterion.step) + 1
    if count > MOST_RADIOS:
        return None
    return [trimmed(criterion.step * place) for place in range(count)]
