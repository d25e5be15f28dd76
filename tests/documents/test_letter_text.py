"""A letter as a text document says what its PDF says, and twice the same."""

from __future__ import annotations

import io

import docx

from app import create_app
from app.documents.letter_text import letter_text
from config import rehearsal_settings
from tests.documents.examples import a_letter

TABLE = {"caption": "The decision", "columns": ["Place", "Application"], "rows": [["1", "ALPHA"], ["2", "ŁÓDŹ"]]}
ACT = a_letter(
    paragraphs=["The applications are decided.", "In short:\n\n- one is awarded\n- one is not"],
    tables=[TABLE],
    content_sha256="ab" * 32,
    practice=True,
)


def test_an_act_can_be_taken_as_a_text_document(tmp_path):
    with create_app(rehearsal_settings(tmp_path)).test_request_context():
        data, again = letter_text(ACT), letter_text(ACT)

    document = docx.Document(io.BytesIO(data))
    said = [(paragraph.style.name, paragraph.text) for paragraph in document.paragraphs]
    assert data == again
    assert (document.core_properties.author, document.core_properties.title) == ("", ACT["subject"])
    assert ("Heading 1", ACT["subject"]) in said
    assert ("List Bullet", "one is awarded") in said
    assert [text for style, text in said if style == "List Number"] == ACT["reasons"]
    assert any("ab" * 32 in text for _style, text in said)
    assert any("nothing in this document is real" in text for _style, text in said)
    assert {text for _style, text in said} >= {"In short:", "14 May 2018", *ACT["signatures"], ACT["redress"]}
    (table,) = document.tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [TABLE["columns"], *TABLE["rows"]]
