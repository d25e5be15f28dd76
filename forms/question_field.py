"""One field for one question or one column. Every field keeps what was typed as it was typed."""

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask_babel import gettext, lazy_gettext
from markupsafe import escape
from wtforms import DateField, DecimalField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from workflows.definition_questions import Question, QuestionType
from workflows.question_values import Asked, Lists, choices_of

# Up to so many choices stand open as radio buttons; more go into a list to unfold.
RADIOS = 7


class TypedNumberField(DecimalField):
    """A number as text: a value that is none stays in the field for its person to mend."""

    data: Any

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.data = valuelist[0] if valuelist else None

    def _value(self) -> str:
        return "" if self.data is None else str(self.data)


class TypedDayField(DateField):
    """A day as text, for the same reason."""

    data: Any

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.data = valuelist[0] if valuelist else None

    def _value(self) -> str:
        return "" if self.data is None else str(self.data)


class PastedWords:
    """What the script says of a paste, in the reader's language: it stands in an attribute of the field."""

    def __html__(self) -> str:
        said = {
            "all": gettext("Pasted with its paragraphs, lists and headings."),
            "some": gettext("Pasted with its paragraphs, lists and headings. Left out: {what}."),
            "style": gettext("bold and italics"),
            "table": gettext("the grid of a table"),
            "picture": gettext("pictures"),
            "link": gettext("addresses of links"),
        }
        return str(escape(json.dumps(said, ensure_ascii=False)))


def typed(answer: object) -> object:
    """A stored value as it would have been typed."""
    if isinstance(answer, bool):
        return "yes" if answer else "no"
    return format(answer, "f") if isinstance(answer, Decimal) else answer


def _said(text: str) -> Any:  # noqa: ANN401  # a lazy string
    """Words of ours are translated, words of a call stand as they are; an empty text has a meaning of its own there."""
    return lazy_gettext(text) if text else ""


def _word(value: object) -> str:
    return "" if value is None else str(value)


def field_of(asked: Asked, lists: Lists) -> Any:  # noqa: ANN401  # WTForms' unbound field
    """The field of a question or column that is not itself a table or a document."""
    hint = asked.hint if isinstance(asked, Question) else ""
    common: dict[str, Any] = {"label": _said(asked.label), "description": hint}
    marks: list[Any] = [] if asked.required else [Optional()]
    if asked.max_chars is not None and asked.type in (QuestionType.TEXT, QuestionType.LONG_TEXT):
        marks.append(Length(max=asked.max_chars))
    match asked.type:
        case QuestionType.LONG_TEXT:
            return TextAreaField(validators=marks, render_kw={"data-escp-prose": PastedWords()}, **common)
        case QuestionType.NUMBER:
            return TypedNumberField(validators=marks, **common)
        case QuestionType.DATE:
            return TypedDayField(validators=marks, **common)
        case QuestionType.CHOICE | QuestionType.COUNTRY | QuestionType.YES_NO | QuestionType.MULTI_CHOICE:
            return _choosing(asked, lists, marks, common)
        case _:
            return StringField(validators=marks, **common)


def _choosing(asked: Asked, lists: Lists, marks: list[Any], common: dict[str, Any]) -> Any:  # noqa: ANN401
    offered = [SelectChoice(choice.code, _said(choice.label)) for choice in choices_of(asked, lists)]
    if asked.type is QuestionType.YES_NO:
        offered = [SelectChoice("yes", lazy_gettext("Yes")), SelectChoice("no", lazy_gettext("No"))]
    common |= {"validators": marks, "validate_choice": False}
    if asked.type is QuestionType.MULTI_CHOICE:
        boxes: dict[str, Any] = {"widget": ListWidget(prefix_label=False), "option_widget": CheckboxInput()}
        return SelectMultipleField(choices=offered, **boxes, **common)
    if isinstance(asked, Question) and len(offered) <= RADIOS:
        return RadioField(choices=offered, coerce=_word, **common)
    return SelectField(choices=[SelectChoice("", lazy_gettext("Choose")), *offered], coerce=_word, **common)
