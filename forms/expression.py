"""Forms about expressions of interest, besides the questions of the call."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from forms.base import BaseForm

Choices = list[tuple[str, str]]
TOO_LONG = _("Shorten the text: at most %(max)d characters.")


class StartForm(BaseForm):
    """For which organisation, and in which call."""

    call = RadioField(_("Call"), [InputRequired(_("Choose the call."))])
    organisation = RadioField(_("Your organisation"), [InputRequired(_("Choose the organisation you write for."))])

    def offer(self, calls: Choices, organisations: Choices) -> None:
        """Set what can be chosen; what is alone is chosen."""
        for field, choices in ((self.call, calls), (self.organisation, organisations)):
            field.choices = choices
            if len(choices) == 1 and not field.data:
                field.data = choices[0][0]


class CommentForm(BaseForm):
    text = TextAreaField(
        _("Your comment"),
        [InputRequired(_("Write your comment.")), Length(max=2000, message=TOO_LONG)],
        description=_("Everybody reads it. E-mail addresses, telephone numbers and links in it are hidden."),
    )
    organisation = RadioField(_("In whose name"), [Optional()])

    def offer(self, organisations: Choices) -> None:
        self.organisation.choices = [*organisations, ("", _("In my own name"))]
        if self.organisation.data is None:
            self.organisation.data = self.organisation.choices[0][0]
