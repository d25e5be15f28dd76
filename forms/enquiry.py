"""The form of a question about a call."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from forms.base import BaseForm

Choices = list[tuple[str, str]]
TOO_LONG = _("Shorten the text: at most %(max)d characters.")


class AskForm(BaseForm):
    clause = SelectField(_("What is it about?"), [Optional()])
    text = TextAreaField(
        _("Your question"),
        [InputRequired(_("Write your question.")), Length(max=4000, message=TOO_LONG)],
        description=_("Question and answer may be published for everybody, without your name."),
    )

    def offer(self, places: Choices) -> None:
        self.clause.choices = [("", _("The call as a whole")), *places]
