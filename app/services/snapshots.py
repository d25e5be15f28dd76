"""What each kind of document says, as a plain dict: (snapshot, application id or None, call id)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.act import Act
from app.services.transitions import Done

SnapshotFunction = Callable[[Act, Any, Done], tuple[dict[str, Any], str | None, str]]

SNAPSHOTS: dict[str, SnapshotFunction] = {}
