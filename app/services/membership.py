"""Membership."""

from __future__ import annotations

from typing import Any

from app.act import Act
from app.services.transitions import Done


def end_participation(act: Act, thing: Any, done: Done) -> None:
    """Written by its owner."""


def record_consent(act: Act, thing: Any, done: Done) -> None:
    """Written by its owner."""
