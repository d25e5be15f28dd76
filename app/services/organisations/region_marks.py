"""Regions to colour on the map, counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from app import geography
from app.maps import STEPS, Mark
from app.models import Call
from app.services.calls.call import definition_of


def marks_of(regions: Iterable[tuple[str, int]], *, step: int | None = None) -> tuple[Mark, ...]:
    """One mark for each region (code, vintage), its blue as given or by how often it occurs; most often first."""
    counted = Counter(regions)
    return tuple(
        Mark(code=code, name=name_of_region(code, vintage), fact=str(number), step=step or min(number, len(STEPS)))
        for (code, vintage), number in sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    )


def name_of_region(code: str, vintage: int) -> str:
    """The region's name; the code itself where the list does not know it."""
    known = geography.region(code, vintage)
    return known.full_name if known else code


def region_of_call(call: Call, code: str | None) -> str:
    """Name a region from the list the call uses: "Norte (North), PT11"; empty where none is known."""
    if not code:
        return ""
    name = name_of_region(code, definition_of(call).regions.vintage)
    return name if name == code else f"{name}, {code}"
