"""The XLSX file of a list as it is seen: its rows, and a page that says what was asked and when."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from app.sheets.book import harmless_book

Cell = str | int | Decimal | None
_NARROW, _WIDE = 12, 40


def table_book(
    title: str,
    headings: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    about: tuple[str, Sequence[str]],
    made_at: datetime,
) -> bytes:
    """Write the file. Numbers stay numbers, texts stay texts. `about` names the second sheet, and gives its lines."""
    target = io.BytesIO()
    book = harmless_book(target, title, made_at)
    table, second = book.add_worksheet(title[:31]), book.add_worksheet(about[0])
    head, body = book.add_format({"bold": True, "text_wrap": True, "bottom": 1}), book.add_format({"valign": "top"})
    for at, heading in enumerate(headings):
        table.write_string(0, at, heading, head)
        longest = max((len(str(row[at])) for row in rows if row[at] is not None), default=0)
        table.set_column(at, at, min(max(longest + 2, len(heading) + 2, _NARROW), _WIDE), body)
    for line, row in enumerate(rows, start=1):
        for at, cell in enumerate(row):
            if isinstance(cell, int | Decimal):
                table.write_number(line, at, cell)
            elif cell is not None:
                table.write_string(line, at, cell)
    table.freeze_panes(1, 0)
    table.autofilter(0, 0, max(len(rows), 1), len(headings) - 1)
    for line, text in enumerate(about[1]):
        second.write_string(line, 0, text)
    second.set_column(0, 0, 100)
    book.close()
    return target.getvalue()
