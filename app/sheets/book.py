"""The XLSX file of a table: its headings, the rows there are, lists to choose from, and a page on how to use it."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]

from workflows.definition_questions import Choice, Column, Question, QuestionType
from workflows.question_tables import MAX_ROWS, Row, columns_of
from workflows.question_values import Lists, choices_of

_WIDTH = {QuestionType.LONG_TEXT: 60, QuestionType.NUMBER: 16, QuestionType.DATE: 14, QuestionType.YES_NO: 10}
_USUAL_WIDTH = 34


@dataclass(frozen=True)
class Texts:
    """Words of the file in its reader's language."""

    table: str  # name of the sheet with the rows
    lists: str  # name of the sheet with what may be chosen
    about: str  # name of the sheet with the lines below
    lines: tuple[str, ...]
    yes: str
    no: str


def harmless_book(target: io.BytesIO, title: str, made_at: datetime) -> Any:  # noqa: ANN401 - the library has no types
    """Begin a file in which a text never becomes a formula, a link or a number; the same input gives the same bytes."""
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(target, options)
    book.set_properties({"title": title, "created": made_at.replace(tzinfo=None)})
    return book


def book_of(
    question: Question, rows: Sequence[Row], lists: Lists, texts: Texts, say: Callable[[str], str], made_at: datetime
) -> bytes:
    """Write the file. Texts stay texts: a cell that begins with = is never a formula. Same input, same bytes."""
    target = io.BytesIO()
    book = harmless_book(target, say(question.label), made_at)
    table, about, choices = (book.add_worksheet(name) for name in (texts.table, texts.about, texts.lists))
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    body = book.add_format({"text_wrap": True, "valign": "top"})
    for at, column in enumerate(columns_of(question, lists)):
        offered = [(choice.code, say(choice.label)) for choice in _offered(column, lists, texts)]
        table.write_string(0, at, say(column.label), head)
        table.set_column(at, at, _WIDTH.get(column.type, _USUAL_WIDTH), body)
        _offer(table, choices, at, [name for _code, name in offered], texts.lists)
        for line, row in enumerate(rows, start=1):
            _write(table, (line, at), column, row.get(column.id), dict(offered))
    table.freeze_panes(1, 0)
    for line, text in enumerate(texts.lines):
        about.write_string(line, 0, text, body)
    about.set_column(0, 0, 100)
    book.close()
    return target.getvalue()


def _offered(column: Column, lists: Lists, texts: Texts) -> tuple[Choice, ...]:
    if column.type is QuestionType.YES_NO:
        return (Choice(code="yes", label=texts.yes), Choice(code="no", label=texts.no))
    if column.type in (QuestionType.CHOICE, QuestionType.COUNTRY):
        return choices_of(column, lists)
    return ()


def _offer(table: Any, choices: Any, at: int, names: Sequence[str], sheet: str) -> None:  # noqa: ANN401 - the library has no types
    """Put the choices on their sheet and let the cells of the column choose from there."""
    if not names:
        return
    for line, name in enumerate(names):
        choices.write_string(line, at, name)
    column = xlsxwriter.utility.xl_col_to_name(at, col_abs=True)
    source = f"='{sheet}'!{column}$1:{column}${len(names)}"
    table.data_validation(1, at, MAX_ROWS, at, {"validate": "list", "source": source, "error_type": "warning"})


def _write(table: Any, place: tuple[int, int], column: Column, value: object, names: Mapping[str, str]) -> None:  # noqa: ANN401 - see above
    if value is None:
        return
    text = ("yes" if value else "no") if isinstance(value, bool) else str(value)
    if column.type is QuestionType.NUMBER and text.lstrip("-").replace(".", "", 1).isdigit():
        table.write_number(*place, Decimal(text))
    else:
        table.write_string(*place, names.get(text, text))
