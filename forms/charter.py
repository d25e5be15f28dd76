"""What a partner says to the charter. Each form carries the digest of the text that was read."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms import HiddenField, TextAreaField
from wtforms.validators import InputRequired, Length

from forms.base import BaseForm

MOST_LETTERS = 1000


class YesForm(BaseForm):
    text = HiddenField()


class NoForm(BaseForm):
    text = HiddenField()
    reason = TextAreaField(
        lazy_gettext("Reason (the coordinator and the office will read it)"),
        [
            InputRequired(lazy_gettext("Give the reason.")),
            Length(max=MOST_LETTERS, message=lazy_gettext("Shorten the text: at most %(max)d characters.")),
        ],
    )
