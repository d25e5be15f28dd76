"""Answers as pages, previews and documents show them: codes become names, tables get their columns, budgets add up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from workflows.definition_questions import Column, Question, QuestionType, Section
from workflows.question_budget import budget_of
from workflows.question_tables import TABLE_TYPES, categories_of, columns_of
from workflows.question_values import Asked, Lists, Single, choices_of
from workflows.questions import Answer, is_empty
from workflows.words import _

Cell = str | bool | date | Decimal | None


@dataclass(frozen=True)
class Figure:
    """A picture shown in its place. `caption` says what it shows; its name does where nobody said it."""

    file_id: str
    caption: str


@dataclass(frozen=True)
class ShownAnswer:
    """One question with its answer. `kind` is text, long, list, table, files or none (not answered)."""

    question: Question
    kind: str
    value: Cell = None
    items: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    figures: tuple[Figure, ...] = ()
    total: tuple[Cell, ...] = ()  # of a budget: the line of all partners, from the second column on

    @property
    def id(self) -> str:
        return self.question.id

    @property
    def label(self) -> str:
        return self.question.label


@dataclass(frozen=True)
class ShownSection:
    id: str
    title: str
    answers: tuple[ShownAnswer, ...]


def shown_sections(
    sections: Sequence[Section],
    values: Mapping[str, Answer],
    lists: Lists,
    files: Mapping[str, Sequence[str]] | None = None,
) -> tuple[ShownSection, ...]:
    """All sections with their answers; `files` are the names of uploaded files by question."""
    named = files or {}
    return tuple(
        ShownSection(s.id, s.title, tuple(shown(q, values.get(q.id), lists, named.get(q.id, ())) for q in s.questions))
        for s in sections
    )


def with_figures(sections: tuple[ShownSection, ...], files: Sequence[Mapping[str, Any]]) -> tuple[ShownSection, ...]:
    """Put the pictures that answer a question into their place; a caption is text of the answer."""
    pictures = [raw for raw in files if str(raw["media_type"]) in ("image/png", "image/jpeg")]
    if not pictures:
        return sections
    return tuple(
        replace(section, answers=tuple(replace(one, figures=_figures(one.id, pictures)) for one in section.answers))
        for section in sections
    )


def _figures(question: str, pictures: Sequence[Mapping[str, Any]]) -> tuple[Figure, ...]:
    return tuple(Figure(raw["id"], raw.get("caption") or "") for raw in pictures if raw["slot"] == question)


def shown(question: Question, value: Answer, lists: Lists, files: Sequence[str] = ()) -> ShownAnswer:
    """One answer in words."""
    if question.type is QuestionType.DOCUMENT:
        return ShownAnswer(question, "files" if files else "none", items=tuple(files))
    if is_empty(value):
        return ShownAnswer(question, "none")
    if question.type is QuestionType.BUDGET and isinstance(value, list):
        return _budget(question, [row for row in value if isinstance(row, dict)], lists)
    if question.type in TABLE_TYPES and isinstance(value, list):
        return _table(question, [row for row in value if isinstance(row, dict)], lists)
    if isinstance(value, list):
        return ShownAnswer(question, "list", items=tuple(str(_cell(question, str(one), lists)) for one in value))
    kind = "long" if question.type is QuestionType.LONG_TEXT else "text"
    return ShownAnswer(question, kind, _cell(question, value, lists))


def _table(question: Question, rows: list[dict[str, Any]], lists: Lists) -> ShownAnswer:
    columns = columns_of(question, lists)
    cells = tuple(tuple(_cell(column, row.get(column.id), lists) for column in columns) for row in rows)
    return ShownAnswer(question, "table", columns=columns, rows=cells)


def _budget(question: Question, rows: list[dict[str, Any]], lists: Lists) -> ShownAnswer:
    """Partners down, categories across, then what is computed; the rate in per cent."""
    first, budget = columns_of(question, lists)[0], budget_of(question, rows)
    computed = (_("Indirect costs"), _("Total"), _("Grant"), _("Grant, % of the cost"))
    labels = (*(category.label for category in categories_of(question)), *computed)
    columns = (first, *(Column(id="", label=label, type=QuestionType.NUMBER) for label in labels))
    lines = tuple(
        (_cell(first, row.get(first.id), lists), *p.costs, p.indirect, p.total, p.grant, _per_cent(p.rate))
        for row, p in zip(rows, budget.partners, strict=True)
    )
    total = (*budget.by_category, budget.indirect, budget.total, budget.grant, _per_cent(budget.rate))
    return ShownAnswer(question, "table", columns=columns, rows=lines, total=total)


def _per_cent(rate: Decimal | None) -> Decimal | None:
    return None if rate is None else rate * 100


def _cell(asked: Asked, value: Single, lists: Lists) -> Cell:
    """A code by its name, a number and a day as what they are; what can't be read stands as it was typed."""
    if value is None or isinstance(value, bool):
        return value
    match asked.type:
        case QuestionType.CHOICE | QuestionType.MULTI_CHOICE | QuestionType.COUNTRY:
            return next((choice.label for choice in choices_of(asked, lists) if choice.code == value), value)
        case QuestionType.NUMBER if value.lstrip("-").replace(".", "", 1).isdigit():
            return Decimal(value)
        case QuestionType.DATE if len(value) == len("2018-03-08") and value.replace("-", "").isdigit():
            return date.fromisoformat(value)
        case _:
            return value
