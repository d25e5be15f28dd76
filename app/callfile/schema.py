"""The published JSON Schema of call files, made from the same shapes the reader follows."""

import json
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from app.callfile.reader import VALUE
from app.callfile.shapes import (
    DAY,
    MAX_TEXT,
    FieldShape,
    ListShape,
    MapShape,
    ScalarShape,
    Shape,
    SourcesShape,
    call_shape,
)

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_SAID: dict[str, Any] = {
    "source": {
        "description": "Code or codes of `sources` this and what is beneath it come from.",
        "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}],
    },
    "assumed": {"description": "True where no source was found and the value was chosen.", "type": "boolean"},
    "note": {"description": "Anything a reader should know about it.", "type": "string"},
}
_PROVENANCE = {key: {"$ref": f"#/$defs/{key}"} for key in _SAID}
_NAMES: dict[type, str] = {str: "text", bool: "flag", int: "whole_number", Decimal: "number", date: "day"}


def call_schema() -> dict[str, Any]:
    """The schema as a dict."""
    definitions: dict[str, Any] = dict(_SAID)
    root = call_shape()
    _reference(root, definitions)
    return {
        "$schema": _DIALECT,
        "title": "Call file",
        "description": (
            "One call for expressions of interest or proposals. `source`, `assumed` and `note` may stand on any mapping"
            " and hold for what is beneath it; a single value or a list carries them when it is written as"
            " {value: …, source: …}."
        ),
        "$ref": f"#/$defs/{root.cls.__name__}",
        "$defs": dict(sorted(definitions.items())),
    }


def schema_text() -> str:
    """The schema as it is published in app/data/call.schema.json."""
    return json.dumps(call_schema(), indent=2, ensure_ascii=False) + "\n"


def _reference(shape: MapShape, definitions: dict[str, Any]) -> dict[str, Any]:
    name = shape.cls.__name__
    if name not in definitions:
        definitions[name] = {}  # holds the place while what is beneath is described
        definitions[name] = {
            "type": "object",
            "description": (shape.cls.__doc__ or "").strip(),
            "properties": {f.key: _field(f, definitions) for f in shape.fields} | _PROVENANCE,
            "required": [f.key for f in shape.fields if f.required],
            "additionalProperties": False,
        }
    return {"$ref": f"#/$defs/{name}"}


def _field(field: FieldShape, definitions: dict[str, Any]) -> dict[str, Any]:
    found = _held(field, definitions)
    return found | {"description": field.doc} if field.doc else found


def _held(field: FieldShape, definitions: dict[str, Any]) -> dict[str, Any]:
    """What a key holds; plain values are described once, by name, and not at each key."""
    inner = _described(field.shape, definitions)
    if isinstance(field.shape, MapShape) and not field.nullable:
        return inner
    name = _name(field.shape)
    if field.nullable:
        inner = {"anyOf": [inner, {"type": "null"}]}
        name = f"{name}_or_null" if name else None
    if name is None:
        return _or_wrapped(inner)
    definitions.setdefault(name, _or_wrapped(inner))
    return {"$ref": f"#/$defs/{name}"}


def _name(shape: Shape) -> str | None:
    if isinstance(shape, ListShape):
        inner = _name(shape.item)
        return f"list_of_{inner}" if inner else None
    plain = isinstance(shape, ScalarShape) and shape.pattern is None
    return _NAMES.get(shape.type) if plain and isinstance(shape, ScalarShape) else None


def _or_wrapped(inner: dict[str, Any]) -> dict[str, Any]:
    wrapped = {
        "type": "object",
        "properties": {VALUE: inner} | _PROVENANCE,
        "required": [VALUE],
        "additionalProperties": False,
    }
    return {"anyOf": [inner, wrapped]}


def _described(shape: Shape, definitions: dict[str, Any]) -> dict[str, Any]:
    if isinstance(shape, MapShape):
        return _reference(shape, definitions)
    if isinstance(shape, SourcesShape):
        return {"type": "object", "additionalProperties": {"type": "string"}}
    if isinstance(shape, ListShape):
        inner = _described(shape.item, definitions)
        return {"type": "array", "items": inner if isinstance(shape.item, MapShape) else _or_wrapped(inner)}
    return _single(shape)


def _single(shape: ScalarShape) -> dict[str, Any]:
    if issubclass(shape.type, StrEnum):
        return {"enum": [word.value for word in shape.type]}
    if shape.type is str and shape.pattern:
        return {"type": "string", "pattern": f"^({shape.pattern})$"}
    return dict(_SINGLE[shape.type])


_SINGLE: dict[type, dict[str, Any]] = {
    str: {"type": "string", "maxLength": MAX_TEXT},
    bool: {"type": "boolean"},
    int: {"type": "integer", "minimum": 0},
    Decimal: {"type": "number"},
    date: {"type": "string", "pattern": f"^{DAY}$"},
}
