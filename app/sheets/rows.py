"""A grid becomes the rows of an answer; what stands in the way is named by its cell."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.sheets.grid import Grid, cell_name
from workflows.definition_questions import Column, Question, QuestionType
from workflows.question_tables import Row, clean_rows, columns_of
from workflows.question_values import Lists, choices_of
from workflows.verdict import Reason
from workflows.words import _

_CHOOSING = frozenset({QuestionType.CHOICE, QuestionType.COUNTRY})


@dataclass(frozen=True)
class Fault:
    """One thing against a cell; `cell` is empty where it is the whole table."""

    cell: str
    reason: Reason


@dataclass(frozen=True)
class Taken:
    """What a grid holds for a question, and everything that stands in the way of saving it."""

    rows: list[Row]
    faults: tuple[Fault, ...]


def taken_from(question: Question, lists: Lists, grid: Grid) -> Taken:
    """Read the rows of an answer. A first row that holds the table's headings decides the order of the columns."""
    columns = columns_of(question, lists)
    head, faults = _headings(columns, grid)
    begins = 0 if head is None else 1
    order = dict(enumerate(columns)) if head is None else head
    raw, places, extra = [], [], []
    for at, cells in enumerate(grid.rows[begins:], start=begins):
        row = {order[i].id: _typed(order[i], lists, cell) for i, cell in enumerate(cells) if i in order}
        if head is None:
            extra += [_no_column(at, i, cell) for i, cell in enumerate(cells) if i not in order and cell]
        if any(row.values()):
            raw.append(row)
            places.append(at)
    rows, verdict = clean_rows(question, raw, lists)
    where = {column.id: i for i, column in order.items()}
    found = tuple(_fault(reason, places, where) for reason in verdict.reasons)
    return Taken(rows, (*faults, *extra, *found))


def _headings(columns: Sequence[Column], grid: Grid) -> tuple[dict[int, Column] | None, list[Fault]]:
    """Find which column stands where, if the first row is one of headings: at least half of its cells name a column."""
    known = {_folded(name): column for column in columns for name in (column.label, column.id)}
    first = grid.rows[0] if grid.rows else ()
    named = {i: known[_folded(cell)] for i, cell in enumerate(first) if _folded(cell) in known}
    filled = [i for i, cell in enumerate(first) if cell]
    if not named or len(named) * 2 < len(filled):
        return None, []
    return named, [_no_column(0, i, first[i]) for i in filled if i not in named] + _twice(named)


def _twice(named: Mapping[int, Column]) -> list[Fault]:
    seen: set[str] = set()
    faults = []
    for at, column in sorted(named.items()):
        if column.id in seen:
            text = _("“{label}” stands over two columns; keep one of them.")
            faults.append(Fault(cell_name(0, at), Reason("column-twice", text, {"label": column.label})))
        seen.add(column.id)
    return faults


def _no_column(row: int, at: int, cell: str) -> Fault:
    text = _("“{given}” belongs to no column of this table; leave that column out.")
    return Fault(cell_name(row, at), Reason("no-such-column", text, {"given": cell[:60]}))


def _typed(column: Column, lists: Lists, cell: str) -> str:
    """Give a cell as somebody would have typed it: a name becomes its code."""
    if not cell:
        return ""
    if column.type in _CHOOSING:
        wanted = _folded(cell)
        found = [c.code for c in choices_of(column, lists) if wanted in (_folded(c.code), _folded(c.label))]
        return found[0] if found else cell
    return cell


def _fault(reason: Reason, places: Sequence[int], where: Mapping[str, int]) -> Fault:
    row, column = reason.params.get("row"), reason.params.get("column")
    if not isinstance(row, int):
        return Fault("", reason)
    at = where.get(str(column))
    if at is None:
        return Fault(str(places[row - 1] + 1), reason)
    return Fault(cell_name(places[row - 1], at), reason)


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
