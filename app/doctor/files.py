"""Files and rows match, both ways, by hash and size (threats.md 34)."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.doctor.finding import Found
from app.models import Document, Dossier, File, FiledCopy, Job, PlainCopy, RedactedFile, Status
from app.services.uploads.sweeping import EVERY, GRACE, spoken_of
from app.store import DamagedError, Store
from workflows.file import State

SWEPT_AFTER = GRACE + 2 * EVERY


def _wanted(session: Session) -> dict[str, tuple[str, int]]:
    """Give digest → (what, size) of everything a row speaks of."""
    wanted = {file.sha256: (f"file {file.id}", file.size) for file in session.scalars(select(File))}
    for document in session.scalars(select(Document).where(Document.issued_sha256.is_not(None))):
        wanted[document.issued_sha256 or ""] = (f"document {document.id}", document.size or 0)
    for dossier in session.scalars(select(Dossier).where(Dossier.sha256.is_not(None))):
        wanted[dossier.sha256 or ""] = (f"dossier {dossier.id}", dossier.size or 0)
    for copy in session.scalars(select(PlainCopy).where(PlainCopy.sha256.is_not(None))):
        wanted[copy.sha256 or ""] = (f"plain copy {copy.id}", copy.size or 0)
    for redacted in session.scalars(select(RedactedFile).where(RedactedFile.sha256.is_not(None))):
        wanted[redacted.sha256 or ""] = (f"anonymised file {redacted.id}", redacted.size or 0)
    for filed in session.scalars(select(FiledCopy)):
        wanted[filed.sha256] = (f"filed copy {filed.id}", filed.size)
    return wanted


def _is_there(store: Store, digest: str) -> bool:
    """Say whether the store has it; what no file could be named by is missing as well."""
    try:
        return store.exists(digest)
    except ValueError:
        return False


def rows_have_their_files(session: Session, store: Store) -> Found:
    for digest, (what, size) in _wanted(session).items():
        if not _is_there(store, digest):
            yield what, f"its file {digest} is missing"
            continue
        try:
            data = store.get(digest)
        except DamagedError:
            data = b""
        if len(data) != size or hashlib.sha256(data).hexdigest() != digest:
            yield what, f"its file {digest} is damaged"


def files_have_their_rows(session: Session, store: Store) -> Found:
    """What an upload left that was refused is swept; only what the sweeps left behind is told."""
    known = spoken_of(session)
    for digest in store.all():
        if digest not in known and store.age_of(digest, datetime.now(UTC)) > SWEPT_AFTER:
            yield f"stored file {digest}", "no row speaks of it, and it was not swept: does a worker run?"


def waiting_files_are_scanned_again(session: Session, _store: Store) -> Found:
    """A file the scanner could not look at waits for a job that asks again."""
    asked = select(Job.id).where(Job.key == "scan:" + File.id, Job.status.in_([Status.WAITING, Status.RUNNING]))
    for file_id in session.scalars(select(File.id).where(File.state == State.QUARANTINED, ~asked.exists())):
        yield f"file {file_id}", "is not scanned, and no job will scan it"
