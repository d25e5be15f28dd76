"""A form made from what a row needs: shape only."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext, lazy_gettext
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import InputRequired, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from forms.base import BaseForm
from workflows.definition_time import LocalTimeProblem, local_problem
from workflows.machine import Kind, Need, Row

ZONE = ZoneInfo("Europe/Brussels")
Statements = list[tuple[str, str]]


class EveryStatement:
    """Each statement is to be ticked on its own."""

    def __call__(self, _form: BaseForm, field: Any) -> None:  # noqa: ANN401
        missing = len(field.choices) - len(set(field.data or ()))
        if missing:
            raise ValidationError(gettext("Tick each statement: %(missing)s left.", missing=missing))


class MomentField(DateTimeLocalField):
    """A wall-clock time in Brussels; it comes out aware. A time that does not exist or exists twice is refused."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata(valuelist)
        if self.data is None:
            return
        problem = local_problem(self.data, ZONE)
        if problem is LocalTimeProblem.DOES_NOT_EXIST:
            self.data = None
            raise ValueError(gettext("This time does not exist: clocks go forward that night. Give an hour later."))
        if problem is LocalTimeProblem.EXISTS_TWICE:
            self.data = None
            raise ValueError(gettext("This time exists twice: clocks go back that night. Give an hour later."))
        self.data = self.data.replace(tzinfo=ZONE)


def _field(need: Need, statements: Statements) -> Any:  # noqa: ANN401
    label, hint = lazy_gettext(need.label), lazy_gettext(need.hint) if need.hint else ""
    if need.kind is Kind.FLAGS:
        return _flags(label, statements, every=need.required)
    if need.kind is Kind.FLAG:
        return BooleanField(label, [InputRequired(lazy_gettext("Tick this to go on."))] if need.required else [])
    present: list[Any] = [
        InputRequired(lazy_gettext("Fill in: %(field)s.", field=label)) if need.required else Optional()
    ]
    if need.kind is Kind.CHOICE:
        choices = [SelectChoice(key, lazy_gettext(text)) for key, text in need.choices]
        return RadioField(label, present, choices=choices, description=hint)
    if need.kind in (Kind.TEXT, Kind.LONG_TEXT):
        present.append(Length(max=need.limit, message=lazy_gettext("Shorten the text: at most %(max)d characters.")))
    return FIELDS[need.kind](label, present, description=hint)


FIELDS: dict[Kind, type[Any]] = {
    Kind.TEXT: StringField,
    Kind.LONG_TEXT: TextAreaField,
    Kind.DATE: DateField,
    Kind.MOMENT: MomentField,
}


def _flags(label: Any, statements: Statements, *, every: bool) -> Any:  # noqa: ANN401
    return SelectMultipleField(
        label,
        [EveryStatement()] if every else [],
        choices=[SelectChoice(code, lazy_gettext(text)) for code, text in statements],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )


def transition_form(row: Row, statements: Statements) -> type[BaseForm]:
    """Make the form class of a row; `statements` are what a need of kind FLAGS lists."""
    fields: dict[str, Any] = {need.name: _field(need, statements) for need in row.needs}
    return type("TransitionForm", (BaseForm,), fields)
