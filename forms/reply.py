"""The form of a reply to an expression of interest."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired, Length

from forms.base import BaseForm
from forms.expression import TOO_LONG, Choices


class ReplyForm(BaseForm):
    organisation = RadioField(
        _("Your organisation"), [InputRequired(_("Choose the organisation that would like to join."))]
    )
    message = TextAreaField(
        _("What you would bring"),
        [InputRequired(_("Write what your organisation would bring.")), Length(max=2000, message=TOO_LONG)],
        description=_(
            "Only the authors of the expression of interest and the programme office read this. "
            "An address or number typed here is hidden until they accept."
        ),
    )

    def offer(self, organisations: Choices) -> None:
        self.organisation.choices = organisations
        if len(organisations) == 1 and not self.organisation.data:
            self.organisation.data = organisations[0][0]
