"""Forms of the office about the pool: looking somebody up, a file of people, days of the panel, training cases."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _
from wtforms import DateField, EmailField, FieldList, FileField, Form, SelectField, StringField, TextAreaField

from forms.base import BaseForm
from forms.checks import MailAddress, NameText, maybe, needed, shorter

MOST_DAYS = 20
MOST_TEXT = 200_000  # characters of a pasted file


class CheckForm(BaseForm):
    call = SelectField(_("Call"), [needed(_("Choose a call."))])
    name = StringField(_("Name"), [needed(_("Enter the name of the person.")), shorter(200), NameText()])
    email = EmailField(_("E-mail address"), [needed(_("Enter the e-mail address of the person.")), MailAddress()])
    employers = TextAreaField(_("Employers, now and in the last years, one a line"), maybe(shorter(2000)))


class ImportForm(BaseForm):
    file = FileField(_("CSV file"), maybe())
    text = TextAreaField(
        _("Or its contents"), [needed(_("Choose the file, or paste its contents.")), shorter(MOST_TEXT)]
    )


class PanelDaysForm(BaseForm):
    days = FieldList(DateField(_("Day"), maybe()), _("Days of the panel"), min_entries=3, max_entries=MOST_DAYS)


class CaseForm(BaseForm):
    title = StringField(_("Title of the training case"), [needed(_("Enter a title.")), shorter(200)])
    text = TextAreaField(
        _("Its text: made up, nothing of an application"), [needed(_("Enter the text.")), shorter(20_000)]
    )


def training_form(criteria: Sequence[tuple[str, str]]) -> type[Form]:
    """Make the form of a call's criteria, given as code and label: points and reasons for each."""
    fields: dict[str, object] = {}
    for code, label in criteria:
        fields[f"points_{code}"] = StringField(label, [needed(_("Give points."))])
        fields[f"reasons_{code}"] = TextAreaField(_("Reasons"), maybe(shorter(4000)))
    return type("TrainingForm", (BaseForm,), fields)
