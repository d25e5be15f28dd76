"""Form that names a stand-in for some days."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import DateField, SelectField, TextAreaField
from wtforms.validators import InputRequired

from forms.base import BaseForm
from forms.checks import needed, shorter


class StandInForm(BaseForm):
    person = SelectField(_("Who stands in for you"), [needed(_("Choose a person."))])
    first = DateField(_("From the beginning of"), [InputRequired(_("Give the first day."))])
    last = DateField(_("Until the end of"), [InputRequired(_("Give the last day."))])
    reason = TextAreaField(_("Reason"), [needed(_("Give the reason.")), shorter(1000)])
