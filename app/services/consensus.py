"""Consensus."""

from __future__ import annotations

from typing import Any

from app.act import Act
from app.services.transitions import Done


def record_signature(act: Act, thing: Any, done: Done) -> None:
    """Written by its owner."""


def void_signatures(act: Act, thing: Any, done: Done) -> None:
    """Written by its owner."""
