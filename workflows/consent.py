"""A partner's word on its own part: what it confirmed, what was changed since, and what it agreed to beforehand.

Nothing here is stored: whose word no longer holds follows from the part as it is and the last part that was confirmed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from workflows.words import _

CONFIRM_WITHIN = 5  # working days after a submission that went out with parts to confirm
_PERCENT = Decimal(100)

FACT_WORDS: Mapping[str, str] = {
    "role": _("role"),
    "kinds": _("kind of organisation"),
    "country": _("country"),
    "region": _("region of the seat"),
    "region_acted_for": _("region acted for"),
    "share": _("share of the grant"),
    "task": _("task"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """What is a partner's own in an application. Money in the currency of the call; kinds in the order of codes."""

    role: str
    kinds: tuple[str, ...]
    country: str | None
    region: str | None
    region_acted_for: str | None
    share: Decimal | None
    task: str


@dataclass(frozen=True, slots=True)
class Leeway:
    """What a partner agreed to beforehand: its share within so many per cent of the confirmed one, and its texts."""

    share_percent: Decimal | None
    texts: bool


def changed(confirmed: Part, now: Part) -> tuple[str, ...]:
    """Name the facts that differ, in the order of the part."""
    return tuple(f.name for f in fields(Part) if getattr(confirmed, f.name) != getattr(now, f.name))


def to_confirm(confirmed: Part | None, now: Part, leeway: Leeway | None = None) -> tuple[str, ...]:
    """Name the facts whose change the partner still has to confirm; nothing where its word holds.

    The share is measured against the one the partner confirmed itself, so that small steps do not add up unseen.
    """
    if confirmed is None:
        return tuple(f.name for f in fields(Part))
    return tuple(name for name in changed(confirmed, now) if not _agreed_beforehand(name, confirmed, now, leeway))


def _agreed_beforehand(name: str, confirmed: Part, now: Part, leeway: Leeway | None) -> bool:
    if leeway is None:
        return False
    if name == "task":
        return leeway.texts
    if name == "share" and leeway.share_percent is not None:
        return within(confirmed.share, now.share, leeway.share_percent)
    return False


def within(confirmed: Decimal | None, now: Decimal | None, percent: Decimal) -> bool:
    """Say whether an amount lies within so many per cent of the confirmed one, both ends included."""
    if confirmed is None or now is None:
        return False
    return abs(now - confirmed) * _PERCENT <= confirmed * percent


def as_data(part: Part) -> dict[str, Any]:
    """Write a part as plain data: amounts as strings with two digits."""
    return {
        "role": part.role,
        "kinds": list(part.kinds),
        "country": part.country,
        "region": part.region,
        "region_acted_for": part.region_acted_for,
        "share": None if part.share is None else f"{part.share:.2f}",
        "task": part.task,
    }


def from_data(data: Mapping[str, Any]) -> Part:
    """Read what `as_data` wrote."""
    share = data["share"]
    return Part(
        role=data["role"],
        kinds=tuple(data["kinds"]),
        country=data["country"],
        region=data["region"],
        region_acted_for=data["region_acted_for"],
        share=None if share is None else Decimal(share),
        task=data["task"],
    )
