"""From the dataclasses of a call back to a tree: the one way in which calls are written, as YAML or as JSON."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.representer import RoundTripRepresenter

from app.callfile.faults import beneath, item_of
from app.callfile.nodes import ScalarKind, plain_kind
from app.callfile.reader import VALUE
from app.callfile.shapes import FieldShape, ListShape, MapShape, Shape, SourcesShape, call_shape
from workflows.definition import CallDefinition, Provenance

_WIDTH = 120
_Plain = Callable[[Decimal], object]


class _Emitter:
    """Writes keys in the order of the dataclasses, leaves out defaults, and puts provenance where it was read."""

    def __init__(self, provenance: Mapping[str, Provenance], number: _Plain) -> None:
        self.provenance = provenance
        self.number = number

    def tree(self, value: Any, shape: Shape, path: str) -> Any:
        if isinstance(shape, MapShape) and value is not None:
            return self._mapping(value, shape, path)
        return self._wrapped(self._plain(value, shape, path), path)

    def _plain(self, value: Any, shape: Shape, path: str) -> Any:
        if isinstance(shape, ListShape):
            return [self.tree(item, shape.item, item_of(path, _name(item, at))) for at, item in enumerate(value)]
        if isinstance(shape, SourcesShape):
            return {source.code: source.text for source in value}
        if isinstance(value, Decimal):
            return self.number(value)
        if isinstance(value, date):
            return value.isoformat()
        return value.value if isinstance(value, Enum) else value

    def _mapping(self, value: Any, shape: MapShape, path: str) -> dict[str, Any]:
        found = {}
        for field in shape.fields:
            child, where = getattr(value, field.name), beneath(path, field.key)
            if self._is_written(child, field, where):
                found[field.key] = self.tree(child, field.shape, where)
        return found | self._said(path)

    def _is_written(self, value: Any, field: FieldShape, path: str) -> bool:
        if field.required or value != field.default:
            return True
        return any(known == path or known.startswith((f"{path}.", f"{path}[")) for known in self.provenance)

    def _wrapped(self, plain: Any, path: str) -> Any:
        said = self._said(path)
        return {VALUE: plain} | said if said else plain

    def _said(self, path: str) -> dict[str, Any]:
        known = self.provenance.get(path, Provenance())
        said: dict[str, Any] = {}
        if known.source:
            said["source"] = known.source[0] if len(known.source) == 1 else list(known.source)
        if known.assumed:
            said["assumed"] = True
        if known.note:
            said["note"] = known.note
        return said


def _name(item: Any, place: int) -> str | int:
    found = getattr(item, "id", None) or getattr(item, "code", None)
    return str(found) if found else place


def plain_tree(call: CallDefinition, provenance: Mapping[str, Provenance], number: _Plain) -> dict[str, Any]:
    """The call as dicts, lists and single values; `number` says what becomes of decimals."""
    tree: dict[str, Any] = _Emitter(provenance, number).tree(call, call_shape(), "")
    return tree


class _Representer(RoundTripRepresenter):
    """Writes decimals as the digits they are and quotes every text that would be read as something else."""

    def decimal(self, value: Decimal) -> ScalarNode:
        text = format(value, "f")
        return self.represent_scalar("tag:yaml.org,2002:float" if "." in text else "tag:yaml.org,2002:int", text)

    def text(self, value: str) -> ScalarNode:
        needs_quotes = plain_kind(value) is not ScalarKind.TEXT or not value.isprintable()
        return self.represent_scalar("tag:yaml.org,2002:str", value, style='"' if needs_quotes else None)


_Representer.add_representer(Decimal, _Representer.decimal)
_Representer.add_representer(str, _Representer.text)


def to_yaml(tree: Mapping[str, Any]) -> bytes:
    """YAML of a plain tree, in block style."""
    yaml = YAML()
    yaml.Representer = _Representer
    yaml.width = _WIDTH
    yaml.default_flow_style = False
    yaml.indent(mapping=2, sequence=4, offset=2)
    stream = StringIO()
    yaml.dump(dict(tree), stream)
    return stream.getvalue().encode()
