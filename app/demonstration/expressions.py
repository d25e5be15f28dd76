"""Expressions of interest of the demonstration."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.partnerships import PartnerEntry, Partnership
from app.rehearsal.cast import Cast
from app.rehearsal.expressing import play_expressions
from app.rehearsal.stage import Stage


def play_real(stage: Stage, cast: Cast, call_file: bytes, real: Sequence[Partnership]) -> None:
    """Play the real call with the one expression that a source tells of."""
    play_expressions(stage, cast, call_file, [p for p in real if p.eoi_only])


def play_practice(
    stage: Stage, cast: Cast, call_file: bytes, made_up: Sequence[Partnership], own: PartnerEntry
) -> None:
    """Leave an open call with expressions of made-up partnerships, one of them of the account's own."""
    first, *others = made_up
    mine = replace(
        first,
        acronym="SMART-MAT",
        title="Smart materials for regions that build (made up)",
        partners=(own,),
        thematic_areas=("advanced-materials",),
    )
    play_expressions(stage, cast, call_file, [mine, *others[:3]], closes=False, practice=True)
