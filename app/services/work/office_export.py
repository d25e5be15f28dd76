"""A list of the office as data: the lines that are seen with their filters, and the moment they speak of."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from app.models import Call
from app.services.labels.register import harmless
from app.services.work.office_list import Line, Sheet, Value, Word
from app.sheets.table import Cell, table_book

Say = Callable[[str], str]


@dataclass(frozen=True)
class Texts:
    """Words of a file in its reader's language."""

    title: str
    as_of: str  # heading of the column with the moment
    about: str  # name of the sheet with the lines below
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Export:
    call: Call
    sheet: Sheet
    lines: Sequence[Line]
    moment: datetime  # of which it speaks
    texts: Texts
    say: Say

    @property
    def headings(self) -> list[str]:
        return [*(self.say(column.label) for column in self.sheet.columns), self.texts.as_of]

    @property
    def rows(self) -> list[list[Cell]]:
        return [
            [*(_cell(line.cells.get(column.key), self.say) for column in self.sheet.columns), _moment(self.moment)]
            for line in self.lines
        ]


def as_csv(export: Export) -> str:
    """Write CSV for spreadsheets, with a mark against formulas before dangerous signs."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow([harmless(heading) for heading in export.headings])
    for row in export.rows:
        writer.writerow(["" if cell is None else harmless(str(cell)) for cell in row])
    return target.getvalue()


def as_data(export: Export) -> dict[str, Any]:
    """Give the lines with the keys of their columns; states also stand as their codes."""
    return {
        "call": export.call.code,
        "as_of": _moment(export.moment),
        "total": len(export.lines),
        "lines": [
            {"id": line.id, "application": line.application}
            | {column.key: _plain(line.cells.get(column.key), export.say) for column in export.sheet.columns}
            | {"codes": {key: sorted(values) for key, values in line.values.items()}}
            for line in export.lines
        ],
    }


def as_book(export: Export, made_at: datetime) -> bytes:
    texts = export.texts
    return table_book(texts.title, export.headings, export.rows, (texts.about, texts.lines), made_at)


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _cell(value: Value, say: Say) -> Cell:
    if isinstance(value, datetime):
        return _moment(value)
    return say(value.text) if isinstance(value, Word) else value


def _plain(value: Value, say: Say) -> str | int | None:
    found = _cell(value, say)
    return str(found) if isinstance(found, Decimal) else found
