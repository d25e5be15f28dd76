"""Starting an application, its basic facts, and choosing what to send."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext
from wtforms import RadioField, StringField
from wtforms.validators import InputRequired, Length, Optional

from forms.base import BaseForm
from forms.question import SectionForm, field_name
from workflows.definition import CallDefinition
from workflows.definition_questions import Question, QuestionType, Section
from workflows.questions import Answer
from workflows.words import _

BASICS = "basics"
WAS = "was_"  # hidden: what a field held when the page was opened
KEEP = "keep_"  # after a clash: mine or theirs
_LONGEST_PROJECT = Decimal(120)  # months
_CENT, _ONE = Decimal("0.01"), Decimal(1)
_TEXT, _NUMBER, _CHOICE = QuestionType.TEXT, QuestionType.NUMBER, QuestionType.CHOICE
_ON_CERTIFICATE = _("As it should stand on the certificate.")


class StartForm(BaseForm):
    """Choices are passed in by the view."""

    call = RadioField(lazy_gettext("Call"), [InputRequired(lazy_gettext("Choose a call."))])
    organisation = RadioField(
        lazy_gettext("Organisation that coordinates"), [InputRequired(lazy_gettext("Choose an organisation."))]
    )
    expression = RadioField(
        lazy_gettext("Expression of interest it grew from"),
        [Optional()],
        description=lazy_gettext("Leave it at “None” to start without one."),
    )
    acronym = StringField(
        lazy_gettext("Acronym of the project"),
        [Optional(), Length(max=60, message=lazy_gettext("Shorten the acronym to %(max)d characters."))],
        description=lazy_gettext("It can be changed until you submit."),
    )

    def offer(
        self, calls: list[tuple[str, str]], organisations: list[tuple[str, str]], expressions: list[tuple[str, str]]
    ) -> None:
        self.call.choices = calls
        self.organisation.choices = organisations
        self.expression.choices = [("", lazy_gettext("None")), *expressions]
        for field, offered in ((self.call, calls), (self.organisation, organisations)):
            if field.data is None and len(offered) == 1:
                field.data = offered[0][0]
        if self.expression.data is None:
            self.expression.data = ""


def basics_section(call: CallDefinition) -> Section:
    """Give the fields that every application has, as questions, so that they are asked and judged like all others."""
    money = [_money("requested_grant", _("Grant requested")), _money("eligible_cost", _("Total eligible cost"))]
    questions = (
        Question(id="acronym", label=_("Acronym"), type=_TEXT, required=True, max_chars=60),
        Question(id="title", label=_("Full title"), type=_TEXT, required=True, max_chars=400, hint=_ON_CERTIFICATE),
        Question(id="theme", label=_("Thematic area"), type=_CHOICE, required=True, taxonomy="thematic_areas"),
        Question(id="starts_on", label=_("First day of the project"), type=QuestionType.DATE),
        _months(call),
        *(money if call.budget else []),
    )
    return Section(id=BASICS, title=_("About the project"), questions=questions)


def _months(call: CallDefinition) -> Question:
    longest, hint = _LONGEST_PROJECT, str(lazy_gettext("Whole months."))
    if call.months:
        longest = Decimal(call.months.max)
        hint = str(
            lazy_gettext("Whole months; the call allows %(min)d to %(max)d.", min=call.months.min, max=call.months.max)
        )
    return Question(
        id="months", label=_("Length"), type=_NUMBER, required=True, min=_ONE, max=longest, step=_ONE, hint=hint
    )


def _money(name: str, label: str) -> Question:
    return Question(id=name, label=label, type=_NUMBER, required=True, min=Decimal(0), step=_CENT)


def basic_values(answers: Mapping[str, Answer]) -> dict[str, Any]:
    """Turn clean answers into what the columns of an application hold."""
    found: dict[str, Any] = dict(answers)
    for name in ("acronym", "title"):
        if name in found:
            found[name] = found[name] or ""
    if found.get("starts_on"):
        found["starts_on"] = date.fromisoformat(found["starts_on"])
    if found.get("months"):
        found["months"] = int(found["months"])
    for name in ("requested_grant", "eligible_cost"):
        if found.get(name):
            found[name] = Decimal(found[name])
    return found


def typed_value(value: Any) -> str:  # noqa: ANN401 - a column of an application
    """Give a stored value as it would be typed."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, date) else str(value)


def started_from(formdata: Mapping[str, str], questions: tuple[Question, ...]) -> dict[str, Any]:
    """Read back what each field held when the page was opened; a field without its memory counts as untouched then."""
    texts = {q.id: formdata[WAS + q.id] for q in questions if WAS + q.id in formdata}
    try:
        return basic_values({name: text or None for name, text in texts.items()})
    except (ArithmeticError, ValueError):
        return {}


def kept_theirs(formdata: Mapping[str, str]) -> frozenset[str]:
    """Name the fields for which the other person's value was chosen after a clash."""
    return frozenset(key.removeprefix(KEEP) for key in formdata if key.startswith(KEEP) and formdata[key] == "theirs")


def field_of(form: SectionForm, name: str) -> Any:  # noqa: ANN401 - a WTForms field
    return form[field_name(name)]
