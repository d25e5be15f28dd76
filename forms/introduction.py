"""The form by which an organisation asks to be introduced to another."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs

from forms.base import BaseForm
from forms.checks import needed, shorter


class IntroductionForm(BaseForm):
    organisation = SelectField(_("Your organisation"), [needed(_("Choose the organisation that asks."))])
    message = TextAreaField(
        _("What you would like to do together"),
        [needed(_("Say in a few sentences what you would like to do together.")), shorter(1000)],
        description=_(
            "They read this before they answer. Your name and address are shown only if they agree; "
            "an address or number typed here is hidden until then."
        ),
    )

    def offer(self, organisations: list[tuple[str, str]]) -> None:
        """Take the organisations the person acts for, by id and name."""
        self.organisation.choices = [SelectChoice(value, name) for value, name in organisations]
