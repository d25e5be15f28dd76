"""Bytes no row speaks of, such as those of an upload refused after it was stored, are taken away after a while."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import CompoundSelect, select, union
from sqlalchemy.orm import Session

from app.act import Act
from app.db import Database
from app.models import Document, Dossier, File, FiledCopy, PlainCopy, RedactedFile
from app.outbox import enqueue
from app.store import Store

Finish = Callable[[Act], dict[str, Any]]
# An upload is stored before its row is written: bytes younger than this may be waiting for theirs.
GRACE = timedelta(hours=6)
EVERY = timedelta(hours=6)


def spoken_of(session: Session) -> frozenset[str]:
    """Give the digests of everything a row speaks of."""
    every: CompoundSelect[str | None] = union(
        select(File.sha256),
        select(Document.issued_sha256).where(Document.issued_sha256.is_not(None)),
        select(Document.plain_sha256).where(Document.plain_sha256.is_not(None)),
        select(Dossier.sha256).where(Dossier.sha256.is_not(None)),
        select(PlainCopy.sha256).where(PlainCopy.sha256.is_not(None)),
        select(FiledCopy.sha256),
        select(RedactedFile.sha256).where(RedactedFile.sha256.is_not(None)),
    )
    return frozenset(str(digest) for digest in session.scalars(every))


def want_sweep(act: Act) -> None:
    """Enqueue a sweep for this part of the day, once."""
    part = int(act.now.timestamp() // EVERY.total_seconds())
    enqueue(act, "sweep", f"sweep:{part}", {})


def sweeping(database: Database, store: Store) -> Callable[[dict[str, Any], str], Finish]:
    """Give the handler of the outbox for jobs of the kind "sweep"."""

    def work(_args: dict[str, Any], _job_id: str) -> Finish:
        swept = sweep(database, store, datetime.now(UTC))
        return lambda _act: {"swept": swept}

    return work


def sweep(database: Database, store: Store, now: datetime) -> int:
    """Take away what no row speaks of and what is older than the grace; says how many files that were.

    `now` is the store's own time, that of its files, and never a made-up one.
    """
    store.give_back()
    candidates = list(store.all())
    with database.reading() as session:
        known = spoken_of(session)
    return sum(store.forget(digest, before=now - GRACE) for digest in candidates if digest not in known)
