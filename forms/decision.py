"""The panel's order of equals: one place for each of them, and the reason."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from forms.base import BaseForm


class TieForm(BaseForm):
    """Places come as fields named `place-<application>`; they belong to no fixed list."""

    reason = TextAreaField(
        _("Why the panel orders them so"),
        [InputRequired(_("Enter the panel's reason for this order")), Length(max=4000)],
    )

    def __init__(self, formdata: object = None, **given: object) -> None:
        super().__init__(formdata, **given)
        getlist = getattr(formdata, "items", None)
        self._places = {
            key.removeprefix("place-"): value.strip()
            for key, value in (getlist() if getlist else ())
            if key.startswith("place-")
        }

    def places(self) -> list[str] | None:
        """Give the applications in the order of their places; None, with a message, unless the places are 1, 2, 3 …."""
        wanted = [str(number) for number in range(1, len(self._places) + 1)]
        if not wanted or sorted(self._places.values(), key=lambda text: (len(text), text)) != wanted:
            self.refuse([str(_("Give each application a place of its own: 1 for the first, then 2, and so on"))])
            return None
        return sorted(self._places, key=lambda key: int(self._places[key]))

    def place_of(self, application_id: str, otherwise: int) -> str:
        return self._places.get(application_id, str(otherwise))

    def refuse(self, messages: list[str]) -> None:
        self.form_errors = [*self.form_errors, *messages]
