"""What was typed off line beside what is stored: shown answer by answer before any of it is taken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.act import Act
from app.models import Answer, Application, Person
from app.offline.brought import Brought
from app.services.applications.answers import is_changed, latest, opened_with, save, value_of
from app.services.applications.answers_shown import ShownAnswer, shown
from app.services.applications.application import save_basics
from workflows.definition_questions import Question, QuestionType, Section
from workflows.questions import Answer as Value
from workflows.questions import Lists, clean
from workflows.verdict import Reason


@dataclass(frozen=True)
class Line:
    """One answer that would change. `number` is that of the stored answer: whoever takes the line has seen it."""

    question: Question
    value: Value
    stored: ShownAnswer
    brought: ShownAnswer
    reasons: tuple[Reason, ...] = ()
    number: int = 0
    clash: bool = False  # somebody saved this after the form was taken off line
    by: Person | None = None
    at: datetime | None = None
    basic: bool = False  # a fact every application has, not a question of the call

    @property
    def key(self) -> str:
        """Tell lines apart on a page: a call may have a question named as a basic fact is."""
        return f"{'about' if self.basic else 'answer'}.{self.question.id}"

    @property
    def sound(self) -> bool:
        return not self.reasons


def compare(
    act: Act, application: Application, brought: Brought, sections: tuple[Section, ...], lists: Lists
) -> list[Line]:
    """Give every answer of the sections that says something else than what is stored and was touched off line."""
    stored = latest(act, application)
    opened = opened_with(act, application, brought.numbers)
    questions = (q for s in sections for q in s.questions if q.type is not QuestionType.DOCUMENT)
    return [
        line
        for question in questions
        if question.id in brought.answers
        for line in _line(act, question, brought, stored.get(question.id), opened.get(question.id), lists)
    ]


def _line(
    act: Act, question: Question, brought: Brought, stored: Answer | None, opened: Answer | None, lists: Lists
) -> Iterator[Line]:
    value, verdict = clean(question, brought.answers[question.id], lists)
    if verdict and not is_changed(value, opened, stored):
        return
    yield Line(
        question,
        value,
        shown(question, value_of(stored), lists),
        shown(question, value, lists),
        verdict.reasons,
        stored.number if stored else 0,
        stored is not None and stored.number > brought.numbers.get(question.id, 0),
        act.session.get(Person, stored.saved_by) if stored and stored.saved_by else None,
        stored.saved_at if stored else None,
    )


def compare_basics(brought: Brought, section: Section, stored: Mapping[str, str], lists: Lists) -> list[Line]:
    """Give the basic facts that differ; `stored` holds each as it would be typed."""
    lines = []
    for question in section.questions:
        raw, was, now = (given.get(question.id, "") for given in (brought.basics, brought.was, stored))
        if question.id not in brought.basics or raw in (was, now):
            continue
        value, verdict = clean(question, raw, lists)
        before, _unused = clean(question, now, lists)
        lines.append(
            Line(question, value, shown(question, before, lists), shown(question, value, lists), verdict.reasons,
                 clash=was != now, basic=True)
        )  # fmt: skip
    return lines


def take(
    act: Act, application: Application, lines: list[Line], basics: Mapping[str, Any], was: Mapping[str, Any]
) -> None:
    """Store the chosen lines, which are sound, and basic facts, in one transaction.

    Raises what `save` and `save_basics` raise; then nothing is stored.
    """
    if basics:
        save_basics(act, application, basics, was)
    if lines:
        values = {line.question.id: line.value for line in lines}
        save(act, application, values, {line.question.id: line.number for line in lines})
