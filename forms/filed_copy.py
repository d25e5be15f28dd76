"""Form that files a signed copy: what it is filed under, when it was signed, and why it replaces another."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import DateField, FileField, StringField, TextAreaField
from wtforms.validators import InputRequired

from forms.base import BaseForm
from forms.checks import NameText, needed, shorter


class FiledCopyForm(BaseForm):
    file = FileField(_("Signed copy (PDF)"))
    reference = StringField(
        _("Reference"),
        [needed(_("Give the reference it is filed under.")), shorter(120), NameText()],
        description=_("The number under which the office's register keeps it."),
    )
    signed_on = DateField(_("Signed on"), [InputRequired(_("Give the day on which it was signed."))])


class NewerCopyForm(FiledCopyForm):
    reason = TextAreaField(
        _("Why it takes the place of the copy before"), [needed(_("Give the reason.")), shorter(1000)]
    )
