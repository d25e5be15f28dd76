"""Cross checks of sections, questions, documents and statements."""

from collections.abc import Iterator
from dataclasses import fields

from app import taxonomy
from app.callfile.checks_rules import check_kinds
from app.callfile.problems import Problem, problem, twice
from workflows.definition import CallDefinition, Column, DocumentSlot, Question, QuestionType
from workflows.questions import COLUMN_TYPES, KEYS_OF_TYPE
from workflows.words import _

FORMATS = ("pdf", "png", "jpg", "docx", "xlsx")
MOST_MB = 100
_EVERY_TYPE = {"id", "label", "type", "required", "hint", "identifying"}
_CHOOSING = (QuestionType.CHOICE, QuestionType.MULTI_CHOICE)


def check_questions(call: CallDefinition) -> Iterator[Problem]:
    places = [
        (f"sections[{section.id}].questions[{question.id}]", question)
        for section in call.sections
        for question in section.questions
    ]
    yield from twice((f"{path}.id", question.id) for path, question in places)
    for path, question in places:
        yield from _question(path, question)
    for slot in call.documents:
        yield from _files(f"documents[{slot.id}]", slot)
        yield from check_kinds(f"documents[{slot.id}].waived_for", slot.waived_for)
    for name, statements in (("exclusions", call.exclusions), ("selection_criteria", call.selection_criteria)):
        for statement in statements:
            yield from check_kinds(f"{name}[{statement.code}].waived_for", statement.waived_for)


def _question(path: str, question: Question) -> Iterator[Problem]:
    allowed = KEYS_OF_TYPE[question.type] | _EVERY_TYPE
    for field in fields(question):
        if field.name not in allowed and getattr(question, field.name) != field.default:
            text = _("A question of type {type} has no use for “{name}”; remove it.")
            yield problem(f"{path}.{field.name}", "key-unused", text, type=question.type.value, name=field.name)
    yield from _choices(path, question)
    yield from _limits(path, question)
    if question.type is QuestionType.TABLE and not question.columns:
        yield problem(f"{path}.columns", "no-columns", _("A table needs columns; add at least one."))
    for column in question.columns:
        yield from _column(f"{path}.columns[{column.id}]", column)
    if question.type is QuestionType.DOCUMENT:
        yield from _files(path, question)
    if question.indirect_rate is not None and not 0 <= question.indirect_rate <= 1:
        yield problem(f"{path}.indirect_rate", "rate-above-one", _("A rate is a part of one, such as 0.07 for 7 %."))


def _choices(path: str, question: Question) -> Iterator[Problem]:
    if question.taxonomy is not None and question.taxonomy not in taxonomy.names():
        text = _("The taxonomy has no list “{name}”; known: {known}.")
        known = ", ".join(taxonomy.names())
        yield problem(f"{path}.taxonomy", "unknown-taxonomy", text, name=question.taxonomy, known=known)
    if question.type in _CHOOSING and bool(question.choices) == (question.taxonomy is not None):
        yield problem(path, "choices-or-taxonomy", _("Give either `choices` or `taxonomy`, not both and not neither."))


def _limits(path: str, question: Question | Column) -> Iterator[Problem]:
    if question.max_chars == 0:
        yield problem(f"{path}.max_chars", "no-room", _("Allow at least one character, or remove the key."))
    if question.min is not None and question.max is not None and question.min > question.max:
        yield problem(f"{path}.min", "limits-order", _("`min` is greater than `max`; exchange them."))
    if question.step is not None and question.step <= 0:
        yield problem(f"{path}.step", "step-not-positive", _("A step must be greater than 0."))


def _column(path: str, column: Column) -> Iterator[Problem]:
    if column.type not in COLUMN_TYPES:
        text = _("A column cannot be of type {type}; write one of: {known}.")
        known = ", ".join(sorted(kind.value for kind in COLUMN_TYPES))
        yield problem(f"{path}.type", "column-type", text, type=column.type.value, known=known)
    if (column.type is QuestionType.CHOICE) != bool(column.choices):
        yield problem(path, "column-choices", _("A column of type choice, and no other, needs `choices`."))
    yield from _limits(path, column)


def _files(path: str, slot: DocumentSlot | Question) -> Iterator[Problem]:
    for name in slot.formats:
        if name not in FORMATS:
            text = _("Files of format “{name}” are not accepted; write one of: {known}.")
            yield problem(f"{path}.formats", "unknown-format", text, name=name, known=", ".join(FORMATS))
    if not slot.formats:
        yield problem(f"{path}.formats", "no-format", _("Name at least one format, such as pdf."))
    if not 1 <= slot.max_mb <= MOST_MB:
        yield problem(f"{path}.max_mb", "file-size", _("A file may have from 1 to {most} MB."), most=MOST_MB)
    if slot.max_count < 1:
        yield problem(f"{path}.max_count", "no-file", _("Allow at least one file."))
