"""The form that asks for a later deadline."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from forms.base import BaseForm


class ExceptionForm(BaseForm):
    text = TextAreaField(
        _("Why"),
        [
            InputRequired(_("Say what kept the application from being submitted in time.")),
            Length(max=4000, message=_("Shorten the text: at most %(max)d characters.")),
        ],
        description=_("Name what happened and when, and how long you need. Two people of the office decide."),
    )
