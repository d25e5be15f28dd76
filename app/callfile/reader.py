"""From the tree of a file to the dataclasses of a call, gathering every fault instead of stopping at the first."""

import difflib
from typing import Any

from app.callfile import scalars
from app.callfile.faults import Fault, beneath, fault, item_of
from app.callfile.nodes import ListNode, MapNode, Node, Scalar, ScalarKind
from app.callfile.shapes import FieldShape, ListShape, MapShape, ScalarShape, Shape, SourcesShape
from workflows.definition import Provenance, Source
from workflows.words import Text, _

PROVENANCE_KEYS = ("source", "assumed", "note")
VALUE = "value"
_UNREADABLE: Any = object()


class Reader:
    """Reads one tree. Afterwards `faults`, `provenance` and `lines` (path → line) tell about it."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.provenance: dict[str, Provenance] = {}
        self.lines: dict[str, int] = {}

    def call(self, root: Node, shape: MapShape) -> Any:
        """The call, or None if a fault stands in its way."""
        found = self._value(root, shape, "", nullable=False)
        return None if found is _UNREADABLE or self.faults else found

    def refuse(self, path: str, code: str, text: Text, /, **params: object) -> Any:
        """Note a fault at a path; the line is that of the nearest thing that was read."""
        self.faults.append(fault(path, self.line_of(path), code, text, **params))
        return _UNREADABLE

    def line_of(self, path: str) -> int:
        """Line of a path, or of the nearest that holds it."""
        while path and path not in self.lines:
            cut = max(path.rfind("."), path.rfind("["))
            path = path[:cut] if cut > 0 else ""
        return self.lines.get(path, 0)

    def _value(self, node: Node, shape: Shape, path: str, *, nullable: bool) -> Any:
        self.lines.setdefault(path, node.line)
        if _is_wrapped(node, shape):
            node = self._unwrapped(node, path)
        if isinstance(node, Scalar) and node.kind is ScalarKind.NULL:
            if nullable:
                return None
            return self.refuse(path, "no-value", _("A value is missing here; write one or remove the key."))
        if isinstance(shape, MapShape):
            return self._mapping(node, shape, path)
        if isinstance(shape, ListShape):
            return self._list(node, shape, path)
        return self._sources(node, path) if isinstance(shape, SourcesShape) else self._scalar(node, shape, path)

    def _unwrapped(self, node: Node, path: str) -> Node:
        """`{value: 3, assumed: true}` stands for 3 and says where it comes from."""
        assert isinstance(node, MapNode)  # noqa: S101  # _is_wrapped has looked
        self._keep_provenance(node, path)
        for key in node.entries:
            if key not in (VALUE, *PROVENANCE_KEYS):
                self._unknown_key(path, node, key, (VALUE, *PROVENANCE_KEYS))
        return node.entries[VALUE]

    def _mapping(self, node: Node, shape: MapShape, path: str) -> Any:
        if not isinstance(node, MapNode):
            text = _("A mapping with keys is needed here, such as “{key}: …”.")
            return self.refuse(path, "not-a-mapping", text, key=shape.keys[0])
        self._keep_provenance(node, path)
        found: dict[str, Any] = {}
        for field in shape.fields:
            self.lines[beneath(path, field.key)] = node.key_lines.get(field.key, node.line)
            if field.key in node.entries:
                child = node.entries[field.key]
                found[field.name] = self._value(child, field.shape, beneath(path, field.key), nullable=field.nullable)
            elif field.required:
                self._missing_key(path, field)
        for key in node.entries:
            if key not in shape.keys and key not in PROVENANCE_KEYS:
                self._unknown_key(path, node, key, (*shape.keys, *PROVENANCE_KEYS))
        complete = all(field.name in found for field in shape.fields if field.required)
        readable = complete and all(value is not _UNREADABLE for value in found.values())
        return shape.cls(**found) if readable else _UNREADABLE

    def _missing_key(self, path: str, field: FieldShape) -> None:
        text = _("The key “{key}” is missing; add it.")
        place = beneath(path, field.key)
        self.faults.append(fault(place, self.line_of(path), "key-missing", text, key=field.key))

    def _unknown_key(self, path: str, node: MapNode, key: str, known: tuple[str, ...]) -> None:
        self.lines[beneath(path, key)] = node.key_lines.get(key, node.line)
        near = difflib.get_close_matches(key, known, n=1, cutoff=0.6)
        if near:
            text = _("There is no key “{key}” here. Did you mean “{near}”?")
            self.refuse(beneath(path, key), "unknown-key", text, key=key, near=near[0])
        else:
            text = _("There is no key “{key}” here; remove it. Known keys: {known}.")
            self.refuse(beneath(path, key), "unknown-key", text, key=key, known=", ".join(known))

    def _list(self, node: Node, shape: ListShape, path: str) -> Any:
        if not isinstance(node, ListNode):
            return self.refuse(
                path, "not-a-list", _("A list is needed here: write [a, b] or one item a line after “- ”.")
            )
        found = []
        for place, item in enumerate(node.items):
            where = item_of(path, _name_of(item) or place)
            if where in self.lines and _name_of(item):
                text = _("“{name}” stands twice in this list; give each its own.")
                self.faults.append(fault(where, item.line, "name-twice", text, name=_name_of(item)))
            self.lines.setdefault(where, item.line)
            found.append(self._value(item, shape.item, where, nullable=False))
        return _UNREADABLE if any(value is _UNREADABLE for value in found) else tuple(found)

    def _sources(self, node: Node, path: str) -> Any:
        if not isinstance(node, MapNode):
            text = _("A mapping with keys is needed here, such as “{key}: …”.")
            return self.refuse(path, "not-a-mapping", text, key="S1")
        found = []
        for code, child in node.entries.items():
            where = beneath(path, code)
            self.lines[where] = child.line
            found.append((code, self._value(child, ScalarShape(str), where, nullable=False)))
        return tuple(Source(code=code, text=text) for code, text in found if text is not _UNREADABLE)

    def _scalar(self, node: Node, shape: ScalarShape, path: str) -> Any:
        if not isinstance(node, Scalar):
            return self.refuse(path, "not-a-value", _("A single value is needed here, not a list or mapping."))
        value, problem = scalars.read(node, shape)
        if problem is None:
            return value
        return self.refuse(path, problem.code, problem.text, **problem.params)

    def _keep_provenance(self, node: MapNode, path: str) -> None:
        if not any(key in node.entries for key in PROVENANCE_KEYS):
            return
        given = {key: node.entries[key] for key in PROVENANCE_KEYS if key in node.entries}
        for key in given:
            self.lines[beneath(path, key)] = node.key_lines.get(key, node.line)
        source = self._source_codes(given.get("source"), beneath(path, "source"))
        assumed = self._plain(given.get("assumed"), bool, beneath(path, "assumed"), default=False)
        note = self._plain(given.get("note"), str, beneath(path, "note"), default="")
        found = Provenance(source=source, assumed=assumed, note=note)
        if found != Provenance():
            self.provenance[path] = found

    def _source_codes(self, node: Node | None, path: str) -> tuple[str, ...]:
        items = node.items if isinstance(node, ListNode) else (node,) if node is not None else ()
        return tuple(self._plain(item, str, path, default="") for item in items)

    def _plain(self, node: Node | None, kind: type, path: str, *, default: Any) -> Any:
        if node is None:
            return default
        found = self._scalar(node, ScalarShape(kind), path)
        return default if found is _UNREADABLE else found


def _is_wrapped(node: Node, shape: Shape) -> bool:
    if not isinstance(node, MapNode) or VALUE not in node.entries:
        return False
    return not isinstance(shape, MapShape | SourcesShape) or (
        VALUE not in shape_keys(shape) and set(node.entries) <= {VALUE, *PROVENANCE_KEYS}
    )


def shape_keys(shape: Shape) -> tuple[str, ...]:
    return shape.keys if isinstance(shape, MapShape) else ()


def _name_of(item: Node) -> str | None:
    """The id or code of an item of a list, by which its path calls it."""
    if not isinstance(item, MapNode):
        return None
    found = item.entries.get("id") or item.entries.get("code")
    return found.text if isinstance(found, Scalar) else None
