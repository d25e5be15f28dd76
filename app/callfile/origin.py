"""Where each value of a call comes from, for the page that shows it: stated by a source, assumed, or said by nobody."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from app.callfile.faults import beneath, item_of
from app.callfile.shapes import ListShape, MapShape, Shape, SourcesShape, call_shape
from workflows.definition import CallDefinition, Provenance
from workflows.rules_text import plain


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a call by its path, as text, with what is known of its origin."""

    path: str
    text: str
    origin: Provenance

    @property
    def assumed(self) -> bool:
        return self.origin.assumed


def origin_of(call: CallDefinition, path: str) -> Provenance:
    """What is said of a path: source or assumption of the nearest that has one, and the nearest note."""
    note = ""
    for place in _upwards(path):
        said = call.provenance.get(place)
        if said is None:
            continue
        note = note or said.note
        if said.source or said.assumed:
            return Provenance(source=said.source, assumed=said.assumed, note=note)
    return Provenance(note=note)


def _upwards(path: str) -> Iterator[str]:
    while path:
        yield path
        cut = max(path.rfind("."), path.rfind("["))
        path = path[:cut] if cut > 0 else ""
    yield ""


def values(call: CallDefinition) -> tuple[Value, ...]:
    """Every value the call's file says, in its order: what is left to a default is not among them."""
    return tuple(Value(path, text, origin_of(call, path)) for path, text in _walk(call, call_shape(), ""))


def assumed_values(call: CallDefinition) -> tuple[Value, ...]:
    """The values that no source states."""
    return tuple(value for value in values(call) if value.assumed)


def _walk(value: Any, shape: Shape, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(shape, MapShape) and value is not None:
        for field in shape.fields:
            child = getattr(value, field.name)
            if field.required or child != field.default:
                yield from _walk(child, field.shape, beneath(path, field.key))
    elif isinstance(shape, ListShape) and isinstance(shape.item, MapShape):
        for place, item in enumerate(value):
            name = getattr(item, "id", None) or getattr(item, "code", None) or place
            yield from _walk(item, shape.item, item_of(path, name))
    elif not isinstance(shape, SourcesShape):
        yield path, _text(value)


def _text(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(_text(item) for item in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, Enum | date):
        return str(value)
    return "" if value is None else str(value)
