"""Label."""

from __future__ import annotations

from typing import Any

from app.act import Act
from app.services.transitions import Done


def offer_label(act: Act, thing: Any, done: Done) -> None:
    """Written by its owner."""


def allot_number(act: Act, thing: Any) -> None:
    """Written by its owner."""
