"""Forms made from the questions of a call: shape and typed text here, meaning in workflows/questions.py."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from flask_babel import lazy_gettext
from wtforms import Field, FieldList, FormField, MultipleFileField

from forms.base import BaseForm
from forms.question_field import field_of, typed
from workflows.definition_questions import Column, Question, QuestionType, Section
from workflows.question_tables import TABLE_TYPES, columns_of
from workflows.questions import NO_LISTS, Answer, Lists, clean
from workflows.verdict import Reason

# Names of fields begin so that no id of a call can meet an attribute of a form or a hidden field.
QUESTION_PREFIX = "q_"
COLUMN_PREFIX = "c_"
FIRST_ROWS = 3
MORE_ROWS = 3

Say = Callable[[Reason], str]


def field_name(question_id: str) -> str:
    """Name of a question's field."""
    return QUESTION_PREFIX + question_id


class SectionForm(BaseForm):
    """One section of a call. Made by `section_form`; WTForms' validators only mark fields, `clean` judges."""

    section: ClassVar[Section]
    lists: ClassVar[Lists]
    say: ClassVar[Say]

    def __init__(
        self,
        formdata: Any = None,  # noqa: ANN401  # a MultiDict; WTForms has no name for it
        *,
        stored: Mapping[str, Answer] | None = None,
        more: str | None = None,
    ) -> None:
        """Fill from what was sent, else from stored answers. `more` is a question that gets further empty rows."""
        known = stored or {}
        raw = {field_name(q.id): _raw(q, known.get(q.id)) for q in self.section.questions}
        super().__init__(formdata, data=raw)
        self._cleaned: dict[str, Answer] = {}
        for question in self.section.questions:
            if question.type in TABLE_TYPES:
                self._add_rows(question, sent=formdata is not None, more=more == question.id)

    def _add_rows(self, question: Question, *, sent: bool, more: bool) -> None:
        rows = self._rows(question)
        wanted = MORE_ROWS if more else 0
        if not sent:
            wanted += 1 if rows.entries else FIRST_ROWS
        for _place in range(wanted):
            rows.append_entry()
        for place, entry in enumerate(rows.entries, start=1):
            entry.label.text = lazy_gettext("Row %(number)d", number=place)

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401, ARG002  # the signature of WTForms
        """Judge every answer. What may be missing in a draft is no error here."""
        fine = True
        for question in self.section.questions:
            if question.type is QuestionType.DOCUMENT:
                continue
            self._cleaned[question.id], verdict = clean(question, self.sent(question), self.lists)
            for reason in verdict.reasons:
                self._blame(question, reason)
            fine = fine and bool(verdict)
        return fine

    def sent(self, question: Question) -> object:
        """What stands in the fields of a question: text, texts, or rows of texts."""
        field = self[field_name(question.id)]
        if isinstance(field, FieldList):
            return [_cells(entry) for entry in field.entries]
        return field.data

    @property
    def answers(self) -> dict[str, Any]:
        """Clean answers by question, after `validate`; documents are not among them."""
        return dict(self._cleaned)

    def uploads(self) -> dict[str, list[Any]]:
        """Files chosen for questions of type document."""
        found = {}
        for question in self.section.questions:
            if question.type is QuestionType.DOCUMENT:
                chosen = self[field_name(question.id)].data or []
                found[question.id] = [one for one in chosen if one and getattr(one, "filename", "")]
        return found

    def _rows(self, question: Question) -> Any:  # noqa: ANN401  # a FieldList, which stubs do not know as generic
        return self[field_name(question.id)]

    def _blame(self, question: Question, reason: Reason) -> None:
        """Put a reason at the field it speaks of: a cell where it names one, else the question."""
        field, text = self[field_name(question.id)], type(self).say(reason)
        cell = self._cell(question, reason)
        if cell is not None:
            place, field = cell
            text = lazy_gettext("Row %(number)d: %(problem)s", number=place, problem=text)
        field.errors = [*field.errors, text]

    def _cell(self, question: Question, reason: Reason) -> tuple[int, Field] | None:
        """The cell a reason names, with its row's number as the page shows it, empty rows counted."""
        row, column = reason.params.get("row"), reason.params.get("column")
        if not isinstance(row, int) or not isinstance(column, str):
            return None
        # Empty rows are not counted by whoever judged, so they are passed over here as well.
        entries = enumerate(self._rows(question).entries, start=1)
        filled = [(place, entry) for place, entry in entries if _is_filled(entry)]
        place, entry = filled[row - 1]
        return place, entry.form[COLUMN_PREFIX + column]


def _cells(entry: Any) -> dict[str, object]:  # noqa: ANN401  # a FormField, whose form WTForms does not type
    return {name.removeprefix(COLUMN_PREFIX): value for name, value in entry.form.data.items()}


def _is_filled(entry: Any) -> bool:  # noqa: ANN401  # see above
    return any(str(value or "").strip() for value in _cells(entry).values())


def _raw(question: Question, answer: Answer) -> object:
    """A stored answer as it would have been typed."""
    if question.type not in TABLE_TYPES:
        return typed(answer)
    rows = answer if isinstance(answer, list) else []
    return [{COLUMN_PREFIX + name: typed(cell) for name, cell in row.items()} for row in rows if isinstance(row, dict)]


def section_form(section: Section, lists: Lists = NO_LISTS, say: Say = Reason.plain) -> type[SectionForm]:
    """The form class of a section. `say` puts reasons into the reader's language."""
    fields: dict[str, Any] = {field_name(question.id): _field(question, lists) for question in section.questions}
    known = {"section": section, "lists": lists, "say": staticmethod(say)}
    return type("SectionForm", (SectionForm,), {**fields, **known})


def _field(question: Question, lists: Lists) -> Any:  # noqa: ANN401  # WTForms' unbound field
    if question.type is QuestionType.DOCUMENT:
        return MultipleFileField(question.label, description=question.hint)
    if question.type not in TABLE_TYPES:
        return field_of(question, lists)
    row = type("RowForm", (BaseForm,), _cells_of(columns_of(question, lists), lists))
    return FieldList(FormField(row), label=question.label, description=question.hint)


def _cells_of(columns: tuple[Column, ...], lists: Lists) -> dict[str, Any]:
    return {COLUMN_PREFIX + column.id: field_of(column, lists) for column in columns}
