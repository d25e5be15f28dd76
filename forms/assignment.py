"""Forms of the assignment: why a finding is no conflict, and the declarations of an expert in one go."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import DateField, TextAreaField

from forms.base import BaseForm
from forms.checks import maybe, needed, shorter


class DismissForm(BaseForm):
    reason = TextAreaField(_("Why this is no conflict of interest"), [needed(_("Give the reason.")), shorter(2000)])


class DueForm(BaseForm):
    due_on = DateField(_("Report due by the end of"), maybe())
