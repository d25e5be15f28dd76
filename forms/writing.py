"""Sharing the writing of an application: who owns a section, comments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext
from wtforms import DateField, SelectField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput

from forms.base import BaseForm

LONGEST_COMMENT = 4000


class SectionCommentForm(BaseForm):
    text = TextAreaField(
        lazy_gettext("Your comment"),
        [
            InputRequired(lazy_gettext("Write the comment.")),
            Length(max=LONGEST_COMMENT, message=lazy_gettext("Shorten the comment to %(max)d characters.")),
        ],
        description=lazy_gettext(
            "For those who write this application, and for nobody else: neither the office nor evaluators ever see it."
        ),
    )
    question = SelectField(lazy_gettext("What it is about"), [Optional()])
    mentions = SelectMultipleField(
        lazy_gettext("Who should see it"),
        [Optional()],
        option_widget=CheckboxInput(),
        description=lazy_gettext("Each gets an e-mail, one a day at most."),
    )

    def offer(self, questions: Sequence[tuple[str, str]], people: Sequence[tuple[str, str]]) -> None:
        self.question.choices = [
            SelectChoice("", lazy_gettext("The whole section")),
            *(SelectChoice(code, label) for code, label in questions),
        ]
        self.mentions.choices = [SelectChoice(code, label) for code, label in people]


class PlanLine(BaseForm):
    """One section: its owner and its day."""

    owner = SelectField(lazy_gettext("Who writes it"), [Optional()])
    due_on = DateField(lazy_gettext("To be ready by"), [Optional()])

    def offer(self, people: Sequence[tuple[str, str]]) -> None:
        self.owner.choices = [
            SelectChoice("", lazy_gettext("Nobody yet")),
            *(SelectChoice(code, label) for code, label in people),
        ]


def plan_line(section: str, people: Sequence[tuple[str, str]], typed: Any, owner: str, due_on: date | None) -> PlanLine:  # noqa: ANN401
    """One line of the plan, its fields named after the section."""
    line = PlanLine(typed, prefix=f"{section}-", data={"owner": owner, "due_on": due_on})
    line.offer(people)
    return line
