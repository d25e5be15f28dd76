"""The sample of files an auditor reads: a public rule and a recorded seed, so that anybody can draw it again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from workflows.verdict import ALLOWED, Verdict, refuse
from workflows.words import _


def place_of(number: str, seed: str) -> str:
    """Give what an application is sorted by: SHA-256 over the seed, a colon and its number."""
    return hashlib.sha256(f"{seed}:{number}".encode()).hexdigest()


def sample(numbers: Iterable[str], size: int, seed: str) -> list[str]:
    """Draw `size` of the numbers, the first drawn first; the order in which they are given plays no part."""
    return sorted(set(numbers), key=lambda number: (place_of(number, seed), number))[: max(0, size)]


def may_draw(*, drawn: bool, closed: bool, of: int, size: int) -> Verdict:
    """Judge a draw: once for each access, from what was received by the deadline, of a size that there is."""
    if drawn:
        return refuse("sample-drawn", _("The sample of this access was drawn already: it stays as it is."))
    if not closed:
        return refuse("still-open", _("The deadline has not passed yet: what is received later could not be drawn."))
    if not 1 <= size <= of:
        return refuse("sample-size", _("Draw at least 1 and at most {most} applications."), most=of)
    return ALLOWED
