"""Forms of the administration of accounts."""

from __future__ import annotations

from flask_babel import lazy_gettext
from flask_babel import lazy_gettext as _
from wtforms import RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs

from forms.base import BaseForm
from forms.checks import needed, shorter
from workflows.relations import Relation as R
from workflows.two_persons import SETTABLE

OFFICE_NAMES = {
    R.CALL_MANAGER: _("Call manager"),
    R.PROGRAMME_MANAGER: _("Programme manager"),
    R.AUDITOR: _("Auditor"),
    R.ADMINISTRATOR: _("Administrator"),
}


class OfficeForm(BaseForm):
    office = SelectField(
        _("Office"),
        [needed(_("Choose an office."))],
        choices=[
            SelectChoice("", _("Choose")),
            *(SelectChoice(office.value, name) for office, name in OFFICE_NAMES.items()),
        ],
    )


class ReasonForm(BaseForm):
    reason = TextAreaField(_("Reason"), [needed(_("Give the reason.")), shorter(1000)])


class CloseForm(BaseForm):
    why = TextAreaField(_("Reason"), [needed(_("Give the reason.")), shorter(1000)])


class EraseReasonForm(BaseForm):
    ground = TextAreaField(
        _("Reason"),
        [needed(_("Give the reason, without naming the person.")), shorter(1000)],
        description=_("It stays in the record: a reference of the request, for example, and no names."),
    )


class TwoPersonsForm(BaseForm):
    of = SelectField(
        _("Act"),
        [needed(_("Choose an act."))],
        choices=[
            SelectChoice("", _("Choose")),
            *(SelectChoice(name, lazy_gettext(words)) for name, words in SETTABLE.items()),
        ],
    )
    persons = RadioField(
        _("Who may do it"),
        [needed(_("Choose one or two persons."))],
        choices=[
            SelectChoice("1", _("One person alone")),
            SelectChoice("2", _("Two persons: one proposes, another of the same office does it")),
        ],
    )
    reason = TextAreaField(_("Reason"), [needed(_("Give the reason.")), shorter(1000)])
