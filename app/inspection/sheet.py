"""The cells of an uploaded spreadsheet as text. Runs in the confined child: the file is a stranger's."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

import openpyxl

from app.inspection.finding import Finding
from app.inspection.office import judge_sheet
from app.sheets.grid import MOST_COLUMNS, MOST_ROWS


def read_cells(data: bytes) -> Mapping[str, list[list[str]]]:
    """Give the first sheet's cells, formulas by their last value; `Finding` for what may not be read."""
    judge_sheet(data)
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    if not book.worksheets:
        raise Finding("file-unreadable")
    rows = book.worksheets[0].iter_rows(max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS, values_only=True)
    found = [[_text(value) for value in row] for row in rows]
    while found and not any(found[-1]):
        found.pop()
    if len(found) > MOST_ROWS:
        raise Finding("sheet-too-long", n=MOST_ROWS)
    return {"cells": found}


def _text(value: object) -> str:
    """Write a cell as a person would have typed it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float):
        # A spreadsheet keeps binary numbers; fifteen digits are what it shows and what was meant.
        number = Decimal(f"{value:.15g}")
        return format(number.normalize() if number else Decimal(0), "f")
    return str(value)
