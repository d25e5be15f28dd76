"""Everything an expert needs to read and score without a connection, in one file; each application is noted as read."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence

from app.access import visible
from app.act import Act
from app.models import Assessment, Document, Reading
from app.services.evaluating.reading_pack import own_copies
from app.services.evaluating.report_queries import Mine, my_reports
from app.store import Store
from workflows.relations import Relation as R

_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the same content gives the same bytes


def to_take_along(act: Act) -> list[Mine]:
    """Give the reports the acting expert may still write and whose applications are open to them, as in their list."""
    query = visible(act, Assessment, "assessment.write").with_only_columns(Assessment.id)
    writable = set(act.session.scalars(query.where(Assessment.person_id == act.person_id)))
    return [mine for mine in my_reports(act) if mine.report.id in writable]


def pdfs_of(act: Act, reports: Sequence[Mine]) -> dict[str, Document]:
    """Give the copies to read that are made, by report."""
    wanted = {mine.report.id for mine in reports}
    return {
        line.report.id: line.document
        for line in own_copies(act)
        if line.report.id in wanted and line.document is not None and line.document.issued_sha256 is not None
    }


def pack_of(act: Act, store: Store, reports: Sequence[Mine], files: Mapping[str, bytes]) -> bytes:
    """Put the given files and the copies to read into one ZIP."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in files.items():
            _add(target, name, content)
        pdfs = pdfs_of(act, reports)
        for mine in reports:
            document = pdfs.get(mine.report.id)
            if document is not None and document.issued_sha256 is not None:
                _add(target, f"{mine.application.number}.pdf", store.get(document.issued_sha256))
                _note(act, "document", document.id)
            _note(act, "application", mine.application.id)
    return made.getvalue()


def _add(target: zipfile.ZipFile, name: str, content: bytes) -> None:
    target.writestr(zipfile.ZipInfo(name, _LONG_AGO), content, zipfile.ZIP_DEFLATED)


def _note(act: Act, noun: str, thing_id: str) -> None:
    act.session.add(
        Reading(
            id=act.new_id(), person_id=act.person_id, action=f"{noun}.view", noun=noun, thing_id=thing_id,
            relation=R.ASSESSOR if noun == "document" else R.EXPERT, request_id=act.request_id, at=act.now,
        )
    )  # fmt: skip
