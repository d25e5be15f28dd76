"""The history of one answer: every version that was saved, and what changed between any two of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select

from app.act import Act
from app.facts.answers import answers_of
from app.models import Answer, Application, Person
from app.services.applications.answers import save, value_of
from app.services.applications.answers_shown import Cell, ShownAnswer, shown
from workflows.definition_questions import Question
from workflows.questions import Lists
from workflows.word_diff import Piece, difference


@dataclass(frozen=True)
class Version:
    """One saved version of an answer, as text that can be compared."""

    number: int
    by: Person | None
    at: datetime
    text: str
    is_newest: bool


@dataclass(frozen=True)
class Compared:
    old: Version
    new: Version
    pieces: tuple[Piece, ...]


def versions_of(act: Act, application: Application, question: Question, lists: Lists) -> list[Version]:
    """Give every saved version, newest first."""
    query = (
        select(Answer, Person)
        .outerjoin(Person, Person.id == Answer.saved_by)
        .where(answers_of(application), Answer.question == question.id)
        .order_by(Answer.number.desc())
    )
    found = list(act.session.execute(query))
    return [
        Version(a.number, person, a.saved_at, text_of(shown(question, value_of(a), lists)), place == 0)
        for place, (a, person) in enumerate(found)
    ]


def compare(versions: Sequence[Version], old: int | None, new: int | None) -> Compared | None:
    """Compare two versions by number: the newest with the one before it unless told; None where there are not two."""
    if len(versions) < 2:  # noqa: PLR2004
        return None
    by_number = {version.number: version for version in versions}
    right = by_number.get(new or 0, versions[0])
    earlier = next((v for v in versions if v.number < right.number), versions[-1])
    left = by_number.get(old or 0, earlier)
    return Compared(left, right, difference(left.text, right.text))


def put_back(act: Act, application: Application, question: str, number: int, newest: int) -> None:
    """Save an old version once more, as the newest: what stands now stays in the history.

    Raises `LookupError` where there is no such version, and as `answers.save`.
    """
    query = select(Answer).where(answers_of(application), Answer.question == question, Answer.number == number)
    found = act.session.scalar(query)
    if found is None:
        raise LookupError(f"{question}: no version {number}")
    save(act, application, {question: value_of(found)}, {question: newest})


def text_of(answer: ShownAnswer) -> str:
    """Write an answer as plain text; of a table, each row's cells as lines with their column."""
    if answer.kind in ("list", "files"):
        return "\n".join(answer.items)
    if answer.kind == "table":
        return "\n\n".join(
            "\n".join(
                f"{column.label}: {_cell(cell)}"
                for column, cell in zip(answer.columns, row, strict=True)
                if _cell(cell)
            )
            for row in answer.rows
        )
    return _cell(answer.value)


def _cell(value: Cell) -> str:
    if value is None or value is False:
        return ""
    if isinstance(value, Decimal | date):
        return str(value)
    return "✓" if value is True else value
