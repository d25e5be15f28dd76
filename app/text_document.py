"""Text documents (DOCX): what all of them have in common. The same content gives the same bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import docx
from docx.shared import Pt

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_SMALL = Pt(9)


def begin(title: str, language: str, made_at: datetime) -> Any:  # noqa: ANN401 - the library names no public type
    """Give an empty document that names neither author nor program."""
    document = docx.Document()
    properties = document.core_properties
    properties.title = title
    properties.author, properties.comments, properties.language = "", "", language
    properties.created = properties.modified = made_at.replace(tzinfo=None)
    return document


def add_table(document: Any, columns: Iterable[str], rows: Iterable[Iterable[str]]) -> None:  # noqa: ANN401 - see above
    heads = list(columns)
    table = document.add_table(rows=1, cols=len(heads), style="Table Grid")
    for cell, head in zip(table.rows[0].cells, heads, strict=True):
        cell.paragraphs[0].add_run(head).bold = True
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    for row in table.rows:
        for cell in row.cells:
            for paragraph in cell.paragraphs:
                for run in paragraph.runs:
                    run.font.size = _SMALL


def finish(document: Any, made_at: datetime) -> bytes:  # noqa: ANN401 - see above
    """Give the bytes. The parts of the archive are dated as the document: the library takes the machine's clock."""
    target = io.BytesIO()
    document.save(target)
    dated_target = io.BytesIO()
    with zipfile.ZipFile(target) as source, zipfile.ZipFile(dated_target, "w", zipfile.ZIP_DEFLATED) as dated:
        for part in source.infolist():
            entry = zipfile.ZipInfo(part.filename, made_at.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            dated.writestr(entry, source.read(part))
    return dated_target.getvalue()
