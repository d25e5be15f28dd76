"""The panel's order of equals: one place for each of them, and the reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import InputRequired, Length

from forms.base import BaseForm

LONGEST = 4000


class TieForm(BaseForm):
    """One field for the place of each application, made by `tie_form`, then the reason."""

    keys: ClassVar[tuple[str, ...]] = ()
    reason: TextAreaField

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401 - as wtforms has it
        valid = bool(super().validate(extra_validators))
        if valid and len(set(self.order)) != len(self.keys):
            self.form_errors = [gettext("Give each application a place of its own")]
        return valid and not self.form_errors

    @property
    def order(self) -> list[str]:
        """Give the applications in the order of their places; one is missing where two have the same place."""
        at_place = {int(self[f"place_{key}"].data): key for key in self.keys}
        return [at_place[place] for place in sorted(at_place)]


def tie_form(named: Sequence[tuple[str, str]]) -> type[TieForm]:
    """Make the form of one group of equals from their (key, acronym), in the order they stand in now."""
    places = [SelectChoice(str(place), str(place)) for place in range(1, len(named) + 1)]
    fields: dict[str, Any] = {
        f"place_{key}": SelectField(
            _("Place of %(acronym)s among these", acronym=acronym), choices=places, default=str(number)
        )
        for number, (key, acronym) in enumerate(named, start=1)
    }
    reason = TextAreaField(
        _("Why the panel orders them so"),
        [
            InputRequired(_("Enter the panel's reason for this order")),
            Length(max=LONGEST, message=_("Shorten the reason to %(max)d characters")),
        ],
    )
    return type("TieForm", (TieForm,), {**fields, "reason": reason, "keys": tuple(key for key, _acronym in named)})
