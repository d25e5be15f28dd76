"""One PDF of an application as evaluators read it: the text, then every file, bound by a job for whoever asks.

An evaluator's own copy has their number on each page, and no names where the call hides who applies.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from app.act import Act
from app.binding.binder import own_binder
from app.binding.pages import Part
from app.inspection.slots import MIME_TYPES
from app.models import Application, Assessment, Document, DocumentKind
from app.services.applications.canonical import content_of
from app.services.applications.content import shown_content
from app.services.applications.receipt import printed
from app.services.applications.submission import content_of_version, current_version, definition_of_version
from app.services.calls.call import definition_of
from app.services.documents.paper_heads import common
from app.services.evaluating.readable import readable_by
from app.services.transitions import Done
from app.store import Store
from workflows.application import EDITABLE, State

BOUND = {MIME_TYPES[kind]: kind for kind in ("pdf", "png", "jpg")}


def copy_of(act: Act, application: Application) -> Document | None:
    """Give the newest copy somebody ordered."""
    query = select(Document).where(
        Document.thing_id == application.id,
        Document.kind == DocumentKind.READING_COPY,
        Document.replaced_at.is_(None),
    )
    return act.session.scalar(query)


def copy_snapshot(act: Act, application: Application, done: Done) -> tuple[dict[str, Any], str | None, str]:
    """Give what the copy says: the draft as long as it can be edited, else the newest submitted version."""
    call, definition = application.call, definition_of(application.call)
    version = None if application.state in EDITABLE - {State.SUBMITTED} else current_version(act, application)
    content = content_of(act, application) if version is None else content_of_version(version)
    shown = shown_content(definition, content)
    titles = {file.id: f"{file.slot}: {file.name}" for file in shown.files}
    snapshot = (
        common(act, call, done, "reading_copy")
        | printed(shown)
        | {
            "number": application.number,
            "reference": application.number,
            "acronym": shown.acronym,
            "title": shown.title,
            "call_title": call.title,
            "call_reference": definition.reference or call.code,
            "version": version.number if version else None,
            "bound": [
                {"title": titles[raw["id"]], "kind": BOUND[raw["media_type"]], "sha256": raw["sha256"]}
                for raw in content["files"]
                if raw["media_type"] in BOUND
            ],
        }
    )
    return snapshot, application.id, application.call_id


def evaluator_copy_snapshot(act: Act, report: Assessment, done: Done) -> tuple[dict[str, Any], str | None, str]:
    """Give what the copy of one evaluator says: the version in force, as this evaluator may read it."""
    application = report.application
    readable = readable_by(act, application)
    version, shown = readable.version, readable.shown
    definition = definition_of_version(act, version)
    titles = {file.id: f"{file.slot}: {file.name}" for file in shown.files}
    snapshot = (
        common(act, application.call, done, "evaluator_copy")
        | printed(shown)
        | {
            "number": f"{application.number}-{report.reader_number}",
            "reference": application.number,
            "acronym": shown.acronym,
            "title": shown.title,
            "call_title": application.call.title,
            "call_reference": definition.reference or application.call.code,
            "version": version.number,
            "bound": list(_bound(readable.files, titles)),
            "footer": f"{application.number}   {report.reader_number}",
        }
    )
    return snapshot, application.id, application.call_id


def _bound(files: Sequence[Mapping[str, Any]], titles: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Give the files to bind, those of kinds that can be."""
    for raw in files:
        if raw["media_type"] in BOUND:
            yield {"title": titles[raw["id"]], "kind": BOUND[raw["media_type"]], "sha256": raw["sha256"]}


def bound_copy(first: bytes, snapshot: Mapping[str, Any], store: Store, *, footer: str | None = None) -> bytes:
    """Bind the printed text and the files of a snapshot; `footer` stands on each page before its number."""
    files: Sequence[Mapping[str, str]] = snapshot["bound"]
    title = snapshot["acronym"] or snapshot["reference"]
    parts = [Part(title, "pdf", first)]
    parts += [Part(file["title"], file["kind"], store.get(file["sha256"])) for file in files]
    return own_binder().bind(parts, footer if footer is not None else title)
