"""The application as a text document (DOCX), to read and to circulate; nothing comes back from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from app.prose import Piece, pieces
from app.services.applications.answers_shown import Cell, ShownAnswer
from app.services.applications.content import ShownContent
from app.text_document import add_table, begin, finish

_SUB_HEADING = 3  # beneath that of the question


@dataclass(frozen=True)
class Words:
    """What the document says besides the application, in its reader's language."""

    draft: str  # the line under the title: what this is, and of when
    partners: str
    partner_columns: tuple[str, str, str]  # organisation, country, role
    not_answered: str
    total: str
    yes: str
    no: str
    facts: tuple[tuple[str, str], ...]
    language: str


def text_of(content: ShownContent, words: Words, say: Callable[[str], str], made_at: datetime) -> bytes:
    """Write the document: headings as headings, tables as tables, dates of `made_at`."""
    document = begin(content.acronym or content.title, words.language, made_at)
    document.add_heading(": ".join(part for part in (content.acronym, content.title) if part) or "–", 0)
    document.add_paragraph(words.draft)
    for label, value in words.facts:
        line = document.add_paragraph()
        line.add_run(f"{label}: ").bold = True
        line.add_run(value)
    document.add_heading(words.partners, 1)
    lines = [(partner.name, partner.country, say(partner.role)) for partner in content.partners]
    add_table(document, words.partner_columns, lines)
    for section in content.sections:
        document.add_heading(say(section.title), 1)
        for answer in section.answers:
            document.add_heading(say(answer.label), 2)
            _answer(document, answer, words, say)
    return finish(document, made_at)


def _answer(document: Any, answer: ShownAnswer, words: Words, say: Callable[[str], str]) -> None:  # noqa: ANN401 - the library names no public type
    if answer.kind == "none":
        document.add_paragraph(words.not_answered).runs[0].italic = True
    elif answer.kind == "table":
        rows = [[_word(cell, words) for cell in row] for row in answer.rows]
        if answer.total:
            rows.append([words.total, *(_word(cell, words) for cell in answer.total)])
        add_table(document, [say(column.label) for column in answer.columns], rows)
    elif answer.items:
        for item in answer.items:
            document.add_paragraph(item, style="List Bullet")
    else:
        for piece in (
            pieces(_word(answer.value, words)) if answer.kind == "long" else [Piece("text", _word(answer.value, words))]
        ):
            _piece(document, piece)


def _piece(document: Any, piece: Piece) -> None:  # noqa: ANN401 - see above
    if piece.kind == "heading":
        document.add_heading(piece.text, _SUB_HEADING)
    elif piece.kind == "text":
        document.add_paragraph(piece.text)
    else:
        style = "List Bullet" if piece.kind == "bullet" else "List Number"
        document.add_paragraph(piece.text, style=style if piece.depth == 0 else f"{style} {min(piece.depth + 1, 3)}")


def _word(cell: Cell, words: Words) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return words.yes if cell else words.no
    if isinstance(cell, Decimal):
        return f"{cell:,.2f}".removesuffix(".00")
    return cell.isoformat() if isinstance(cell, date) else cell
