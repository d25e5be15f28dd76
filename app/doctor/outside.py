"""The record against what was taken down of it outside the database."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.orm import Session

from app.doctor.finding import Found
from app.services.anchoring import LIST, differences, hashes_of, kept_in


def taken_down(session: Session, data: Path) -> Found:
    """The entries are those that were taken down: none is rewritten or gone, even where its chain is whole."""
    kept = kept_in(data)
    if kept.fault is not None:
        yield LIST, f"is not what was written, up to line {kept.fault}"
    for (noun, thing_id), place in differences(kept.hashes, hashes_of(session)):
        yield f"{noun} {thing_id}", f"entry {place} is not the one that was taken down"
