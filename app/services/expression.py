"""Expression."""

from __future__ import annotations

from typing import Any

from app.act import Act
from app.services.transitions import Done


def carry_over(act: Act, thing: Any, done: Done) -> None:
    """Written by its owner."""


def freeze_expression(act: Act, thing: Any, done: Done) -> None:
    """Written by its owner."""
