"""Files and rows match, both ways, by hash and size (threats.md 34)."""

from __future__ import annotations

import hashlib

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.doctor.finding import Found
from app.models import Document, File
from app.store import DamagedError, Store


def _wanted(session: Session) -> dict[str, tuple[str, int]]:
    """Give digest → (what, size) of everything a row speaks of."""
    wanted = {file.sha256: (f"file {file.id}", file.size) for file in session.scalars(select(File))}
    for document in session.scalars(select(Document).where(Document.issued_sha256.is_not(None))):
        wanted[document.issued_sha256 or ""] = (f"document {document.id}", document.size or 0)
    return wanted


def rows_have_their_files(session: Session, store: Store) -> Found:
    for digest, (what, size) in _wanted(session).items():
        if not store.exists(digest):
            yield what, f"its file {digest} is missing"
            continue
        try:
            data = store.get(digest)
        except DamagedError:
            data = b""
        if len(data) != size or hashlib.sha256(data).hexdigest() != digest:
            yield what, f"its file {digest} is damaged"


def files_have_their_rows(session: Session, store: Store) -> Found:
    wanted = _wanted(session)
    for digest in store.all():
        if digest not in wanted:
            yield f"stored file {digest}", "no row speaks of it"
