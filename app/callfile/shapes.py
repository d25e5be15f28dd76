"""The format, read off the dataclasses of a call: reader, emitter and schema follow these shapes alone."""

import types
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, fields
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from workflows.definition import Band, CallDefinition, Extension, Source, Transfer

# Keys of the file that Python keeps for itself, and are therefore called otherwise in the dataclasses.
_KEYS = {
    (Band, "start"): "from",
    (Extension, "before"): "from",
    (Extension, "after"): "to",
    (Transfer, "giver"): "from",
    (Transfer, "taker"): "to",
}
# Gathered from the whole file, not a key of it.
_NOT_A_KEY = {(CallDefinition, "provenance")}

NAME = r"[A-Za-z0-9][A-Za-z0-9_-]*"
SLUG = r"[a-z0-9]+(-[a-z0-9]+)*"
MOMENT = r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}([+-][0-9]{2}:[0-9]{2})?)?"
DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
MAX_TEXT = 20_000


@dataclass(frozen=True, slots=True)
class ScalarShape:
    """One value: text, number, whole number, true or false, day, or one word of an enum."""

    type: type
    pattern: str | None = None


@dataclass(frozen=True, slots=True)
class ListShape:
    item: "Shape"


@dataclass(frozen=True, slots=True)
class SourcesShape:
    """The table of sources: code → text."""


@dataclass(frozen=True, slots=True)
class FieldShape:
    """A key of a mapping: its name in file and dataclass, what it holds, whether it may be null or absent."""

    key: str
    name: str
    shape: "Shape"
    nullable: bool
    required: bool
    default: Any
    doc: str


@dataclass(frozen=True, slots=True)
class MapShape:
    cls: type
    fields: tuple[FieldShape, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(field.key for field in self.fields)


Shape = ScalarShape | ListShape | SourcesShape | MapShape


@cache
def map_shape(cls: type) -> MapShape:
    """The shape of a mapping that is read into a dataclass."""
    hints = get_type_hints(cls, include_extras=True)
    return MapShape(cls, tuple(_field(cls, f, hints[f.name]) for f in fields(cls) if (cls, f.name) not in _NOT_A_KEY))


def call_shape() -> MapShape:
    return map_shape(CallDefinition)


def _field(cls: type, field: Field[Any], hint: Any) -> FieldShape:
    doc = ""
    if get_origin(hint) is Annotated:
        hint, doc = get_args(hint)[:2]
    nullable = get_origin(hint) in (Union, types.UnionType)
    if nullable:
        (hint,) = (part for part in get_args(hint) if part is not type(None))
    required = field.default is MISSING and field.default_factory is MISSING
    default = None if required else field.default
    key = _KEYS.get((cls, field.name), field.name)
    return FieldShape(key, field.name, _shape(cls, field.name, hint), nullable, required, default, doc)


def _shape(cls: type, name: str, hint: Any) -> Shape:
    if get_origin(hint) is tuple:
        item = get_args(hint)[0]
        return SourcesShape() if item is Source else ListShape(_shape(cls, name, item))
    if hasattr(hint, "__dataclass_fields__"):
        return map_shape(hint)
    return ScalarShape(hint, _PATTERNS.get((cls, name)) or _PATTERNS_BY_NAME.get(name) if hint is str else None)


_PATTERNS: Mapping[tuple[type, str], str] = {(CallDefinition, "code"): SLUG}
_PATTERNS_BY_NAME: Mapping[str, str] = {
    "id": NAME,
    "code": NAME,
    "at": MOMENT,
    "before": DAY,
    "after": DAY,
    "currency": "[A-Z]{3}",
    "languages": "[a-z]{2}",
    "formats": "[a-z0-9]+",
    "fund_period": r"[0-9]{4}-[0-9]{4}",
}
