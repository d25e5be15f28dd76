"""The job that makes a document: read its snapshot, print outside any transaction, then store digests and go on.

Done twice it does no harm: the same snapshot gives the same bytes, and a document that is made stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.act import Act
from app.db import Database
from app.documents.making import figures_in, make_pdf
from app.documents.renderer import Renderer
from app.documents.snapshots import Kind
from app.models import Document, DocumentKind, Label
from app.services.evaluating.reading_copy import bound_copy
from app.services.transitions import perform
from app.store import Store
from workflows import label as labels
from workflows.relations import Relation as R

Finish = Callable[[Act], dict[str, Any]]
TEMPLATES: Mapping[DocumentKind, Kind] = {
    DocumentKind.RECEIPT: "receipt",
    DocumentKind.READING_COPY: "reading_copy",
    DocumentKind.EVALUATOR_COPY: "reading_copy",
    DocumentKind.REFUSAL_LETTER: "letter",
    DocumentKind.RESULT_LETTER: "letter",
    DocumentKind.REVIEW_LETTER: "letter",
    DocumentKind.SUMMARY_REPORT: "summary_report",
    DocumentKind.CERTIFICATE: "certificate",
    DocumentKind.DECISION_ACT: "letter",
    DocumentKind.PANEL_MINUTES: "letter",
    DocumentKind.STATEMENT_OF_WORK: "letter",
}


@dataclass(frozen=True)
class Made:
    """Bytes that are in the store. They are sealed after this; without a seal both digests are the same."""

    plain_sha256: str
    issued_sha256: str
    size: int


def making(database: Database, store: Store, renderer: Renderer) -> Callable[[dict[str, Any], str], Finish]:
    """Give the handler of the outbox for jobs of the kind "document"."""

    def work(args: dict[str, Any], _job_id: str) -> Finish:
        document_id = str(args["document"])
        made = print_document(database, store, renderer, document_id)

        def finish(act: Act) -> dict[str, Any]:
            return finish_document(act, document_id, made)

        return finish

    return work


def make(database: Database, store: Store, renderer: Renderer, document_id: str, act_of: Callable[[Any], Act]) -> None:
    """Make one document at once, without the outbox. `act_of` gives the act for the session that finishes."""
    made = print_document(database, store, renderer, document_id)
    with database.writing() as session:
        finish_document(act_of(session), document_id, made)
        session.commit()


def print_document(database: Database, store: Store, renderer: Renderer, document_id: str) -> Made | None:
    """Print a document and store its bytes, outside any transaction. None where it is made already.

    DocumentError when it can't be printed.
    """
    with database.reading() as session:
        document = session.get_one(Document, document_id)
        if document.made_at is not None:
            return None
        kind, snapshot = TEMPLATES[document.kind], document.snapshot
    figures = {digest: store.get(digest) for digest in figures_in(snapshot)}
    content = make_pdf(kind, snapshot, renderer, figures)
    if kind == "reading_copy":
        content = bound_copy(content, snapshot, store, footer=snapshot.get("footer"))
    stored = store.put(content)
    return Made(stored.sha256, stored.sha256, stored.size)


def finish_document(act: Act, document_id: str, made: Made | None) -> dict[str, Any]:
    """Write the digests; a certificate that is stored makes its label valid, in the same transaction."""
    document = act.session.get_one(Document, document_id)
    if document.made_at is not None or made is None:
        return {"sha256": document.issued_sha256, "size": document.size}
    document.made_at = act.now
    document.plain_sha256, document.issued_sha256, document.size = made.plain_sha256, made.issued_sha256, made.size
    act.session.flush()
    if document.kind is DocumentKind.CERTIFICATE and document.replaced_at is None:
        _replace_older(act, document)
        _activate(act, act.session.get_one(Label, document.thing_id))
    return {"sha256": made.issued_sha256, "size": made.size}


def _replace_older(act: Act, document: Document) -> None:
    """Let a stored certificate take the place of the one before: a label has just one at every moment."""
    older = select(Document).where(
        Document.kind == DocumentKind.CERTIFICATE, Document.thing_id == document.thing_id,
        Document.id != document.id, Document.replaced_at.is_(None), Document.made_at.is_not(None),
    )  # fmt: skip
    for one in act.session.scalars(older):
        one.replaced_at = act.now


def _activate(act: Act, label: Label) -> None:
    if label.state is labels.State.CONFERRED:
        perform(act, label, "activate", by=R.CASCADE)
