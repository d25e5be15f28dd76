"""The form by which the office reopens named answers."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from forms.base import BaseForm
from forms.transition import MomentField

Choices = list[tuple[str, str]]


class ClarificationForm(BaseForm):
    questions = SelectMultipleField(
        _("Answers and documents to reopen"),
        [InputRequired(_("Choose at least one answer or document."))],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        description=_("Only these can be changed; everything else stays as it was sent."),
    )
    text = TextAreaField(
        _("What has to be clarified"),
        [
            InputRequired(_("Say what you want to know.")),
            Length(max=4000, message=_("Shorten the text: at most %(max)d characters.")),
        ],
    )
    due_at = MomentField(
        _("To be answered before (Brussels time)"), [InputRequired(_("Give the moment until when to answer."))]
    )

    def offer(self, questions: Choices) -> None:
        self.questions.choices = [SelectChoice(code, label) for code, label in questions]
