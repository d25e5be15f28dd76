"""The copies an expert reads off the screen: which there are, and all of them in one file."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass

from sqlalchemy import Select, select

from app.access import can, visible
from app.act import Act
from app.models import Assessment, Document, DocumentKind, Reading, Redaction
from app.services.evaluating.report_queries import my_reports
from app.services.transitions import Refused
from app.store import Store
from workflows.relations import Relation as R
from workflows.verdict import refuse
from workflows.words import _

_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the same copies give the same bytes


@dataclass(frozen=True)
class CopyLine:
    """One application of the expert with the newest copy, where one was ordered."""

    report: Assessment
    document: Document | None


def outdated() -> Select[str]:
    """Copies made before the office gave evaluators other texts: nobody reads them any more."""
    return (
        select(Document.id)
        .join(Redaction, Redaction.application_id == Document.application_id)
        .where(Document.kind == DocumentKind.EVALUATOR_COPY, Document.wanted_at < Redaction.ready_at)
    )


def own_copies(act: Act) -> list[CopyLine]:
    """Give the acting expert's applications in the order of their list, as far as their text is open."""
    reports = [mine.report for mine in my_reports(act)]
    query = visible(act, Document, "document.view").where(
        Document.kind == DocumentKind.EVALUATOR_COPY,
        Document.thing_id.in_([report.id for report in reports]),
        Document.replaced_at.is_(None),
        Document.id.not_in(outdated()),
    )
    found = {document.thing_id: document for document in act.session.scalars(query)}
    return [CopyLine(report, found.get(report.id)) for report in reports]


def own_copy(act: Act, report: Assessment) -> Document | None:
    query = select(Document).where(
        Document.kind == DocumentKind.EVALUATOR_COPY,
        Document.thing_id == report.id,
        Document.replaced_at.is_(None),
        Document.id.not_in(outdated()),
    )
    document = act.session.scalar(query)
    return document if document is not None and can(act, "document.view", document) else None


def refuse_outdated(act: Act, document: Document) -> None:
    """Raise `Refused` for a copy that says what evaluators are not to read any more."""
    if act.session.scalar(outdated().where(Document.id == document.id)) is not None:
        text = _("The office has given other texts of this application since: order a new copy.")
        raise Refused(refuse("copy-outdated", text))


def copies_in_one(act: Act, store: Store) -> bytes:
    """Give a ZIP of all copies that are made. Each is noted as read: it leaves the service here."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as target:
        for line in own_copies(act):
            if line.document is None or line.document.issued_sha256 is None:
                continue
            entry = zipfile.ZipInfo(f"{line.report.application.number}.pdf", _LONG_AGO)
            target.writestr(entry, store.get(line.document.issued_sha256))
            act.session.add(
                Reading(
                    id=act.new_id(), person_id=act.person_id, action="document.view", noun="document",
                    thing_id=line.document.id, relation=R.ASSESSOR, request_id=act.request_id, at=act.now,
                )
            )  # fmt: skip
    return made.getvalue()
