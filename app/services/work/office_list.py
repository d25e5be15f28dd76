"""A list of the office: what stands in it, its filters, and what is shown of it; one engine for all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from app.services.organisations.names import fold

PAGE = 50
LONGEST = 200  # characters of a search


@dataclass(frozen=True)
class Word:
    """A word of ours, with its colour: the name of a state, an answer of the system."""

    text: str
    tone: str = "neutral"


Value = str | int | Decimal | datetime | Word | None


@dataclass(frozen=True)
class Column:
    key: str
    label: str
    numeric: bool = False


@dataclass(frozen=True)
class Facet:
    """A filter: its values with their names. `plain`: names of persons, which are not translated."""

    key: str
    label: str
    names: Mapping[str, str]
    plain: bool = False


class Line(NamedTuple):
    """One row of a list; a tuple, for there are thousands of them."""

    id: str
    application: str
    title: str
    words: str  # to search in
    cells: Mapping[str, Value]
    values: Mapping[str, frozenset[str]]  # of each filter


@dataclass(frozen=True)
class Sheet:
    """All of a list that the person may see."""

    columns: tuple[Column, ...]
    facets: tuple[Facet, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Chosen:
    """What somebody asked of a list, as it stands in its address."""

    words: str = ""
    picked: Mapping[str, frozenset[str]] = field(default_factory=dict)
    sort: str = ""  # a column's key, with "-" before it from the greatest down
    page: int = 1


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    plain: bool
    count: int
    checked: bool


@dataclass(frozen=True)
class Shown:
    """One page of a list, how many there are in all, and every filter with its counts."""

    lines: tuple[Line, ...]
    total: int
    page: int
    pages: int
    groups: tuple[tuple[Facet, tuple[Option, ...]], ...]


def shown(sheet: Sheet, chosen: Chosen, *, whole: bool = False) -> Shown:
    """Give what fits, in the order that was asked for. A filter's counts leave its own choice out of account."""
    words = fold(chosen.words)
    found = [line for line in sheet.lines if words in fold(line.words)] if words else sheet.lines
    picked = {key: values for key, values in chosen.picked.items() if values}
    fitting = _ordered([line for line in found if _fits(line, picked)] if picked else found, chosen.sort)
    pages = max(1, -(-len(fitting) // PAGE))
    page = min(max(chosen.page, 1), pages)
    first = (page - 1) * PAGE
    lines = fitting if whole else fitting[first : first + PAGE]
    groups = tuple((facet, _options(facet, found, chosen.picked)) for facet in sheet.facets)
    return Shown(tuple(lines), len(fitting), page, pages, groups)


def _fits(line: Line, picked: Mapping[str, frozenset[str]]) -> bool:
    return all(not values.isdisjoint(line.values.get(key, ())) for key, values in picked.items() if values)


def _options(facet: Facet, found: Sequence[Line], picked: Mapping[str, frozenset[str]]) -> tuple[Option, ...]:
    others = {key: values for key, values in picked.items() if key != facet.key and values}
    chosen = picked.get(facet.key, frozenset())
    fitting = [line for line in found if _fits(line, others)] if others else found
    sets = Counter(line.values.get(facet.key, frozenset()) for line in fitting)  # few differ: each is counted once
    counts = dict.fromkeys(facet.names, 0)
    for values, times in sets.items():
        for value in values:
            counts[value] += times
    return tuple(
        Option(value, facet.names[value], facet.plain, count, value in chosen)
        for value, count in counts.items()
        if count or value in chosen
    )


def _ordered(lines: Sequence[Line], sort: str) -> list[Line]:
    """Sort by a column; lines without a value there come last, either way."""
    key = sort.removeprefix("-")
    having = [line for line in lines if line.cells.get(key) is not None]
    if not having:
        return list(lines)
    rest = [line for line in lines if line.cells.get(key) is None]
    return sorted(having, key=lambda line: _sortable(line.cells[key]), reverse=sort.startswith("-")) + rest


def _sortable(value: Value) -> tuple[int, Decimal | float, str]:
    if isinstance(value, datetime):
        return 0, value.timestamp(), ""
    if isinstance(value, int | Decimal):
        return 0, Decimal(value), ""
    return 1, 0, fold(value.text if isinstance(value, Word) else str(value))
