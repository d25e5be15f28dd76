"""A letter or an act as a text document, from the snapshot its PDF is printed from: to be signed elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask_babel import format_date
from flask_babel import gettext as _

from app.text_document import add_table, begin, finish
from workflows.letter_texts import blocks


def letter_text(snapshot: Mapping[str, Any]) -> bytes:
    """Write what the PDF says, in its order. `snapshot` is a Letter of app/documents/snapshots.py."""
    made_at = datetime.fromisoformat(snapshot["made_at"])
    document = begin(snapshot["subject"], snapshot["lang"], made_at)
    for line in (*snapshot["sender"], *snapshot["addressee"]):
        document.add_paragraph(line)
    if snapshot["practice"]:
        document.add_paragraph().add_run(_("Practice: nothing in this document is real")).bold = True
    document.add_paragraph(format_date(date.fromisoformat(snapshot["date"]), "d MMMM yyyy"))
    document.add_paragraph(_("Our reference: %(reference)s", reference=snapshot["reference"]))
    document.add_heading(snapshot["subject"], 1)
    for text in snapshot["paragraphs"]:
        _prose(document, text)
    if snapshot["reasons"]:
        document.add_heading(_("Reasons"), 2)
    for reason in snapshot["reasons"]:
        document.add_paragraph(reason, style="List Number")
    for table in snapshot.get("tables", ()):
        document.add_heading(table["caption"], 2)
        total = [table["total"]] if table.get("total") else []
        add_table(document, table["columns"], [*table["rows"], *total])
    _foot(document, snapshot)
    return finish(document, made_at)


def _prose(document: Any, text: str) -> None:  # noqa: ANN401 - the library names no public type
    for block in blocks(text):
        if block.is_list:
            for line in block.lines:
                document.add_paragraph(line, style="List Bullet")
        else:
            document.add_paragraph("\n".join(block.lines))


def _foot(document: Any, snapshot: Mapping[str, Any]) -> None:  # noqa: ANN401 - see above
    if digest := snapshot.get("content_sha256"):
        document.add_paragraph(
            _(
                "The digest (SHA-256) of the content of this act, without this sentence, is %(digest)s. "
                "Every letter of this decision cites it.",
                digest=digest,
            )
        )
    if snapshot["redress"]:
        document.add_heading(_("If you disagree"), 2)
        _prose(document, snapshot["redress"])
    for line in (snapshot.get("closing", ""), *snapshot["signatures"]):
        if line:
            document.add_paragraph(line)
    if snapshot["attachments"]:
        document.add_heading(_("Attached"), 2)
    for entry in snapshot["attachments"]:
        note = f": {entry['note']}" if entry.get("note") else ""
        document.add_paragraph(f"{entry['title']}{note}", style="List Bullet")
