"""Writing to the office, or from it."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import InputRequired, Length

from forms.base import BaseForm


class MessageForm(BaseForm):
    text = TextAreaField(
        lazy_gettext("Message"),
        [
            InputRequired(lazy_gettext("Write the message.")),
            Length(max=8000, message=lazy_gettext("Shorten the message to %(max)d characters.")),
        ],
    )


class OfficeMessageForm(MessageForm):
    """The office says what it writes: a message goes out, a note stays inside."""

    kind = RadioField(
        lazy_gettext("What it is"),
        [InputRequired(lazy_gettext("Choose what it is."))],
        choices=[
            SelectChoice("message", lazy_gettext("Message to the applicants: they get a mail")),
            SelectChoice("call_note", lazy_gettext("Note of a telephone call, for the office")),
            SelectChoice("internal", lazy_gettext("Internal note, for the office")),
        ],
        default="message",
    )
