"""Forms of the assignment: why a finding is no conflict, and the declarations of an expert in one go."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import DateField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs

from forms.base import BaseForm
from forms.checks import maybe, needed, shorter


class DismissForm(BaseForm):
    reason = TextAreaField(_("Why this is no conflict of interest"), [needed(_("Give the reason.")), shorter(2000)])


class DecideForm(BaseForm):
    """One decision on all that is alike."""

    decision = RadioField(
        _("Your decision"),
        [needed(_("Choose what you decide."))],
        choices=[
            SelectChoice("none", _("No conflict of interest: they may evaluate")),
            SelectChoice("conflict", _("A conflict of interest: they may not evaluate")),
        ],
        validate_choice=True,
    )
    reason = TextAreaField(_("Reason"), [needed(_("Give the reason.")), shorter(2000)])


class DueForm(BaseForm):
    due_on = DateField(_("Report due by the end of"), maybe())
