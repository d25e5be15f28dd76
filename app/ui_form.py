"""What the `field` and `error_summary` macros need to know of a WTForms form, worked out once and outside templates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from wtforms import Field, FieldList, FormField
from wtforms.fields import (
    BooleanField,
    DateField,
    DateTimeField,
    DecimalField,
    FileField,
    HiddenField,
    IntegerField,
    MultipleFileField,
    PasswordField,
    RadioField,
    SelectFieldBase,
    SelectMultipleField,
    TextAreaField,
    TimeField,
)
from wtforms.form import BaseForm
from wtforms.widgets import CheckboxInput

# The first class that matches names the control; what is no class of this list is one line of text.
_KINDS: tuple[tuple[type[Field], str], ...] = (
    (FormField, "group"),
    (FieldList, "list"),
    (HiddenField, "hidden"),
    (BooleanField, "box"),
    (RadioField, "choices"),
    (SelectFieldBase, "select"),
    (TextAreaField, "long"),
    (FileField, "file"),
    (MultipleFileField, "file"),
    (PasswordField, "password"),
)
_WIDTHS: tuple[tuple[type[Field], str], ...] = (
    (IntegerField, "xs"),
    (DecimalField, "xs"),
    (TimeField, "xs"),
    (DateField, "s"),
    (DateTimeField, "s"),
    (PasswordField, "m"),
)


@dataclass(frozen=True)
class Control:
    """One field as a page shows it. `attrs` go to the control itself, or to the fieldset of a group of choices."""

    kind: str
    width: str
    hint: str
    limit: int | None
    optional: bool
    text: str
    errors: tuple[str, ...]
    attrs: Mapping[str, object]


def kind_of(field: Field) -> str:
    """Name the control of a field: one of the words of `_KINDS`, or "text"."""
    if isinstance(field, SelectMultipleField) and isinstance(field.option_widget, CheckboxInput):
        return "choices"
    return next((kind for cls, kind in _KINDS if isinstance(field, cls)), "text")


def texts(errors: Iterable[object]) -> tuple[str, ...]:
    """Keep the messages of a field: a list of fields mixes them with those of its entries."""
    return tuple(str(error) for error in errors if not isinstance(error, Mapping | list | tuple))


def _limit(field: Field, given: int | None) -> int | None:
    if given is not None:
        return given or None
    return getattr(field.flags, "maxlength", None)


def _described_by(field: Field, *, hint: object, errors: object, limit: object) -> str:
    parts = (("hint", hint), ("error", errors), ("counter", limit))
    return " ".join(f"{field.id}-{name}" for name, present in parts if present)


def _attributes(field: Field, kind: str, limit: int | None) -> dict[str, object]:
    """Say what the browser must know, and take back what would stop people: `maxlength` cuts what is pasted."""
    attrs: dict[str, object] = {"maxlength": False, "minlength": False} if kind in ("text", "long", "password") else {}
    if isinstance(field, DecimalField | IntegerField):  # a comma is as good as a point, and a wheel changes nothing
        attrs |= {"type": "text", "inputmode": "decimal" if isinstance(field, DecimalField) else "numeric"}
        attrs |= {"min": False, "max": False, "step": False}
    if limit:
        attrs["data-escp-limit"] = limit
    return attrs


def control(
    field: Field,
    hint: str | None = None,
    limit: int | None = None,
    width: str | None = None,
    optional: bool | None = None,
    attrs: Mapping[str, object] | None = None,
) -> Control:
    """Work out how to show a field. A `limit` of 0 hides the counter, None takes it from the field's Length."""
    kind = kind_of(field)
    shown_hint = str(field.description or "") if hint is None else hint
    shown_limit = _limit(field, limit) if kind in ("text", "long") else None
    errors = texts(field.errors)
    given: dict[str, object] = _attributes(field, kind, shown_limit) | dict(attrs or {})
    if described := _described_by(field, hint=shown_hint, errors=errors, limit=shown_limit):
        given["aria-describedby"] = described
    if errors and kind != "choices":
        given["aria-invalid"] = "true"
    raw: Any = getattr(field, "_value", str)() if kind in ("text", "long") else ""
    return Control(
        kind=kind,
        width=width or next((name for cls, name in _WIDTHS if isinstance(field, cls)), "l"),
        hint=shown_hint,
        limit=shown_limit,
        optional=bool(field.flags.optional) if optional is None else optional,
        text=str(raw),
        errors=errors,
        attrs=given,
    )


def _anchor(field: Field) -> str:
    """Give the id that a link of the summary leads to: of choices the first."""
    return f"{field.id}-0" if kind_of(field) == "choices" else str(field.id)


def _lines(field: Field) -> list[tuple[str | None, str]]:
    if isinstance(field, FormField):
        return form_errors(field.form)
    own: list[tuple[str | None, str]] = [(_anchor(field), text) for text in texts(field.errors)]
    if isinstance(field, FieldList):
        return [line for entry in field.entries for line in _lines(entry)] + own
    return own


def form_errors(errors: BaseForm | Iterable[tuple[str | None, str]] | None) -> list[tuple[str | None, str]]:
    """List the errors of a form in its order as (id to lead to, text); a ready list is passed on."""
    if not isinstance(errors, BaseForm):
        return list(errors or [])
    return [line for field in errors for line in _lines(field)] + [(None, str(text)) for text in errors.form_errors]
