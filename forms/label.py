"""The number or code of a certificate, as somebody types it."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from forms.base import BaseForm

LONGEST = 64


class MarkForm(BaseForm):
    mark = StringField(
        _("Number or code on the certificate"),
        [
            InputRequired(_("Enter the number or code that stands on the certificate")),
            Length(max=LONGEST, message=_("Shorten the number or code to %(max)d characters")),
        ],
        description=_("Such as ESCP-S3-2018-K7QF3, or the code of four times four letters. Spaces do not matter."),
    )
