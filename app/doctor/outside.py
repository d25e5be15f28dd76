"""The record against what was taken down of it outside the database."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.doctor.finding import Found
from app.models import Job, RecordHead, Status
from app.services.dossiers.anchoring import LIST, differences, hashes_of, kept_in


def taken_down(session: Session, data: Path) -> Found:
    """The entries are those that were taken down: none is rewritten or gone, even where its chain is whole."""
    kept = kept_in(data)
    if kept.fault is not None:
        yield LIST, f"is not what was written, up to line {kept.fault}"
    if kept.fault is None:
        yield from _public_heads(session, kept.heads)
    for (noun, thing_id), place in differences(kept.hashes, hashes_of(session)):
        yield f"{noun} {thing_id}", f"entry {place} is not the one that was taken down"


def _public_heads(session: Session, taken_down: list[str]) -> Found:
    """Every head that is shown was taken down, in this order; the last one that was taken down is shown."""
    public = list(session.scalars(select(RecordHead.head).order_by(RecordHead.number)))
    waiting = iter(taken_down)
    for number, head in enumerate(public, start=1):
        if head not in waiting:  # goes on from where the one before was found
            yield f"public head {number}", "is not one that was taken down, or not in its order"
            return
    under_way = select(Job.id).where(Job.kind == "heads", Job.status.in_((Status.WAITING, Status.RUNNING)))
    if taken_down and taken_down[-1] not in public and session.scalar(under_way.limit(1)) is None:
        yield f"public head {len(public) + 1}", "was taken down, and is not shown"
