"""A rectangle of cells as text, wherever it came from, that knows the names its cells have in the spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

MOST_COLUMNS = 60
MOST_ROWS = 400  # of a sheet: more than the most rows of any table, headings and gaps included


@dataclass(frozen=True)
class Grid:
    """Rows of texts; row 0, column 0 is cell A1 of a file, or the first cell of a pasted range."""

    rows: tuple[tuple[str, ...], ...]

    def __bool__(self) -> bool:
        return any(cell for row in self.rows for cell in row)


def cell_name(row: int, column: int) -> str:
    """Name a cell as spreadsheets do; row and column count from 0.

    >>> cell_name(0, 0), cell_name(11, 27)
    ('A1', 'AB12')
    """
    letters = ""
    at = column + 1
    while at:
        at, letter = divmod(at - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row + 1}"


def grid_of(rows: Sequence[Sequence[str]]) -> Grid:
    """Trim each cell; empty rows stay, or the cells below them would change their names."""
    return Grid(tuple(tuple(cell.strip() for cell in row) for row in rows))


def pasted(text: str) -> Grid:
    """Read a range as spreadsheets copy it: tabs between cells, quotes around those with line breaks."""
    whole = text.replace("\r\n", "\n").replace("\r", "\n")
    try:
        return grid_of(list(csv.reader(io.StringIO(whole, newline=""), delimiter="\t", strict=False)))
    except csv.Error:  # a cell longer than the reader takes: nothing is quoted then, and the limits refuse it
        return grid_of([line.split("\t") for line in whole.split("\n")])
