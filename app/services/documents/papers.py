"""Documents: a row of the register of documents and a job, from a snapshot taken in the transaction of the act."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from app.act import Act
from app.models import Document, DocumentKind
from app.outbox import enqueue
from app.services.documents.snapshots import SNAPSHOTS
from app.services.transitions import Done

TEMPLATE_VERSION = "1"
Snapshot = Callable[[Act, Any, Done], dict[str, Any]]


def want_document(act: Act, thing: Any, done: Done, kind: str) -> Document:  # noqa: ANN401
    """Write down what a document will say, and leave the making to the outbox."""
    snapshot, application_id, call_id = SNAPSHOTS[kind](act, thing, done)
    document = Document(
        id=act.new_id(),
        kind=DocumentKind(kind),
        noun=thing.__noun__,
        thing_id=thing.id,
        call_id=call_id,
        application_id=application_id,
        event_id=done.event.id,
        template_version=TEMPLATE_VERSION,
        snapshot=snapshot,
        file_name=f"{kind}-{snapshot['number']}.pdf".lower(),
        wanted_at=act.now,
    )
    for older in act.session.scalars(
        select(Document).where(
            Document.kind == document.kind, Document.thing_id == thing.id, Document.replaced_at.is_(None)
        )
    ):
        if document.kind is not DocumentKind.CERTIFICATE or older.made_at is None:  # one stands until the next is made
            older.replaced_at = act.now
    act.session.add(document)
    act.session.flush()
    enqueue(act, "document", f"document:{document.id}", {"document": document.id})
    return document
