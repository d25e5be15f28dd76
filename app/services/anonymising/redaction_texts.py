"""The texts of a frozen version that people wrote, each with its place, and the version with other texts in them.

What an anonymous call hides whole is no text here: names, acronym, tasks, and questions that tell who applies.
"""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.services.applications.answer_lists import lists_for
from workflows.definition import CallDefinition
from workflows.definition_evaluation import HiddenField
from workflows.definition_questions import Choice, Question, QuestionType
from workflows.question_tables import TABLE_TYPES, columns_of
from workflows.question_values import Lists
from workflows.words import _

WORDS = frozenset({QuestionType.TEXT, QuestionType.LONG_TEXT})
TITLE = "title"


@dataclass(frozen=True)
class Passage:
    """One text: its place, what the question is called, and which row of a table it stands in (0: in none)."""

    place: str
    label: str
    text: str
    row: int = 0

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


def texts_in(call: CallDefinition, content: Mapping[str, Any]) -> tuple[Passage, ...]:
    """Give every text that experts of an anonymous call would read, in the order of the page; empty ones not."""
    return tuple(passage for passage, _path in _texts(call, content) if passage.text.strip())


def with_texts(call: CallDefinition, content: Mapping[str, Any], texts: Mapping[str, str]) -> dict[str, Any]:
    """Give the content with other texts in their places; the content itself stays as it is."""
    changed: dict[str, Any] = copy.deepcopy(dict(content))
    for passage, path in _texts(call, content):
        if passage.place in texts:
            _put(changed, path, texts[passage.place])
    return changed


Path = tuple[str | int, ...]


def _put(target: Any, path: Path, text: str) -> None:  # noqa: ANN401 - plain data
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = text


def _texts(call: CallDefinition, content: Mapping[str, Any]) -> Iterator[tuple[Passage, Path]]:
    hidden = call.evaluation.anonymity.fields if call.evaluation else ()
    if HiddenField.TITLE not in hidden:
        yield Passage(TITLE, _("Title"), content["title"] or ""), (TITLE,)
    lists = lists_for(call, tuple(Choice(code=one["id"], label=one["name"]) for one in content["partners"]))
    for question in call.questions():
        if not question.identifying:
            yield from _answer(question, content["answers"].get(question.id), lists)
    yield from _captions(call, content["files"])


def _answer(question: Question, value: object, lists: Lists) -> Iterator[tuple[Passage, Path]]:
    place = f"answer:{question.id}"
    if question.type in WORDS and isinstance(value, str):
        yield Passage(place, question.label, value), ("answers", question.id)
    if question.type not in TABLE_TYPES or not isinstance(value, list):
        return
    columns = [column for column in columns_of(question, lists) if column.type in WORDS]
    for at, row in enumerate(value):
        for column in columns:
            if isinstance(row, dict) and isinstance(text := row.get(column.id), str):
                found = Passage(f"{place}:{at}:{column.id}", f"{question.label}: {column.label}", text, at + 1)
                yield found, ("answers", question.id, at, column.id)


def _captions(call: CallDefinition, files: Sequence[Mapping[str, Any]]) -> Iterator[tuple[Passage, Path]]:
    labels = {question.id: question.label for question in call.questions() if not question.identifying}
    for at, file in enumerate(files):
        if file.get("caption") and file["slot"] in labels:
            yield Passage(f"caption:{file['id']}", labels[file["slot"]], file["caption"]), ("files", at, "caption")
