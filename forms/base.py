"""What every form shares: cleaned data as a dict, errors as (field, text), typed text kept."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext
from wtforms import Form, IntegerField


def clean_text(value: str | None) -> str | None:
    """Trim, make NFC, and count a newline as one, whatever the browser sent."""
    if value is None:
        return None
    return unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n")).strip()


def has_control(text: str) -> bool:
    """Is there a control character or half a character in it? Line breaks and tabs are none."""
    return any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\r\n\t" for c in text)


class WholeField(IntegerField):
    """A whole number of at most nine digits: `int()` alone takes other scripts, underscores and no end of digits."""

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist and not re.fullmatch(r"\s*[+-]?[0-9]{1,9}\s*", valuelist[0]):
            self.data = None
            raise ValueError(self.gettext("Not a valid integer value."))
        super().process_formdata(valuelist)


class BaseForm(Form):
    """A form knows shapes only: present, type, length. Meaning is judged in `workflows`."""

    class Meta:
        def bind_field(self, form: Form, unbound_field: Any, options: Mapping[str, Any]) -> Any:  # noqa: ANN401
            filters = [*unbound_field.kwargs.get("filters", [])]
            if unbound_field.field_class.__name__ in (
                "StringField",
                "TextAreaField",
                "EmailField",
                "SearchField",
                "URLField",
            ):
                filters.insert(0, clean_text)
            return (
                unbound_field.bind(form=form, filters=filters, **options)
                if filters
                else unbound_field.bind(form=form, **options)
            )

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401 - the signature of WTForms
        """Judge every field; what no database can store is refused in any of them, whatever else it allows."""
        fine = bool(super().validate(extra_validators))
        for field in self:
            if isinstance(field.data, str) and has_control(field.data):
                text = lazy_gettext(
                    "“%(field)s” holds a character that can't be stored: type it anew.", field=field.label.text
                )
                field.errors = [*field.errors, text]
                fine = False
        return fine

    @property
    def answers(self) -> dict[str, Any]:
        """Give the cleaned data."""
        return dict(self.data)

    @property
    def problems(self) -> list[tuple[str, str]]:
        """Give every error with the id of its field, in the order of the form."""
        return [(field.id, str(text)) for field in self for text in field.errors if isinstance(text, str) or text]
