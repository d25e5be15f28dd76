"""Forms of audits: an access for some days, the size of a sample, a note."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import DateField, SelectField, TextAreaField
from wtforms.validators import InputRequired, NumberRange

from forms.base import BaseForm, WholeField
from forms.checks import maybe, needed, shorter


class AccessForm(BaseForm):
    person = SelectField(_("Auditor"), [needed(_("Choose an auditor."))])
    since_on = DateField(_("From the beginning of"), maybe(), description=_("Empty: from now on."))
    until_on = DateField(_("Until the end of"), [InputRequired(_("Give the last day."))])


class SampleForm(BaseForm):
    size = WholeField(
        _("How many applications"),
        [InputRequired(_("Give a number.")), NumberRange(min=1, message=_("Draw at least one."))],
    )


class NoteForm(BaseForm):
    text = TextAreaField(_("Your note"), [needed(_("Write something.")), shorter(10000)])
