"""The readiness list, as services and pages ask for it; it is worked out in `app/facts/readiness.py`."""

from __future__ import annotations

from app.facts.readiness import BASICS, CONSORTIUM, DOCUMENTS, Item, everything_missing, readiness

__all__ = ["BASICS", "CONSORTIUM", "DOCUMENTS", "Item", "everything_missing", "readiness"]
