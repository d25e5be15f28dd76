"""The copies an expert reads off the screen: which there are, and all of them in one file."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass

from sqlalchemy import select

from app.access import can, visible
from app.act import Act
from app.models import Assessment, Document, DocumentKind, Reading
from app.services.report_queries import my_reports
from app.store import Store
from workflows.relations import Relation as R

_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the same copies give the same bytes


@dataclass(frozen=True)
class CopyLine:
    """One application of the expert with the newest copy, where one was ordered."""

    report: Assessment
    document: Document | None


def own_copies(act: Act) -> list[CopyLine]:
    """Give the acting expert's applications in the order of their list, as far as their text is open."""
    reports = [mine.report for mine in my_reports(act)]
    query = visible(act, Document, "document.view").where(
        Document.kind == DocumentKind.EVALUATOR_COPY,
        Document.thing_id.in_([report.id for report in reports]),
        Document.replaced_at.is_(None),
    )
    found = {document.thing_id: document for document in act.session.scalars(query)}
    return [CopyLine(report, found.get(report.id)) for report in reports]


def own_copy(act: Act, report: Assessment) -> Document | None:
    query = select(Document).where(
        Document.kind == DocumentKind.EVALUATOR_COPY, Document.thing_id == report.id, Document.replaced_at.is_(None)
    )
    document = act.session.scalar(query)
    return document if document is not None and can(act, "document.view", document) else None


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
