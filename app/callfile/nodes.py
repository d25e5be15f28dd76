"""YAML and JSON as one small tree with line numbers: text, numbers, true, false, null, lists and mappings.

Anchors, aliases, tags and doubled keys are refused, and nothing is guessed: a day stays the text it was written as.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from app.callfile.faults import Fault, beneath, fault, item_of
from workflows.words import _

MAX_BYTES = 1_000_000
_MAX_DEPTH = 12
_MAX_NODES = 50_000
_NUMBER = re.compile(r"[+-]?(0|[1-9][0-9]*)(\.[0-9]+)?")


class ScalarKind(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    NULL = "null"


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value. `loose` text comes from JSON of ours, where numbers with decimals are written as text."""

    kind: ScalarKind
    text: str
    line: int
    loose: bool = False


@dataclass(frozen=True, slots=True)
class ListNode:
    items: tuple["Node", ...]
    line: int


@dataclass(frozen=True, slots=True)
class MapNode:
    entries: Mapping[str, "Node"]
    line: int
    key_lines: Mapping[str, int] = field(default_factory=dict)


Node = Scalar | ListNode | MapNode


class _RefusedError(Exception):
    """Carries the one fault after which reading on makes no sense."""

    def __init__(self, found: Fault) -> None:
        super().__init__(str(found))
        self.fault = found


def plain_kind(text: str) -> ScalarKind:
    """What an unquoted scalar is."""
    if text in ("", "~", "null", "Null", "NULL"):
        return ScalarKind.NULL
    if text in ("true", "false", "True", "False", "TRUE", "FALSE"):
        return ScalarKind.BOOLEAN
    return ScalarKind.NUMBER if _NUMBER.fullmatch(text) else ScalarKind.TEXT


class _Composer:
    """Turns the events of one document into nodes, gathering faults that need not stop the reading."""

    def __init__(self, events: Iterator[Any]) -> None:
        self.events = events
        self.faults: list[Fault] = []
        self.nodes = 0

    def document(self) -> Node | None:
        documents = 0
        root: Node | None = None
        for event in self.events:
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents > 1:
                    text = _("The file holds more than one document; remove the line “---” and what follows it.")
                    raise _RefusedError(fault("", _line(event), "two-documents", text))
                root = self.node(next(self.events), "", 0)
        return root

    def node(self, event: Any, path: str, depth: int) -> Node:
        self._refuse_unwanted(event, path, depth)
        line = _line(event)
        if isinstance(event, ScalarEvent):
            plain = event.style in (None, "")
            return Scalar(plain_kind(event.value) if plain else ScalarKind.TEXT, event.value, line)
        if isinstance(event, SequenceStartEvent):
            return self._sequence(path, depth, line)
        return self._mapping(path, depth, line)

    def _sequence(self, path: str, depth: int, line: int) -> ListNode:
        items: list[Node] = []
        while not isinstance(event := next(self.events), SequenceEndEvent):
            items.append(self.node(event, item_of(path, len(items)), depth + 1))
        return ListNode(tuple(items), line)

    def _mapping(self, path: str, depth: int, line: int) -> MapNode:
        entries: dict[str, Node] = {}
        lines: dict[str, int] = {}
        while not isinstance(event := next(self.events), MappingEndEvent):
            key = self.node(event, path, depth + 1)
            if not isinstance(key, Scalar):
                text = _("A key must be a single word, not a list or mapping.")
                raise _RefusedError(fault(path, _line(event), "key-not-a-word", text))
            value = self.node(next(self.events), beneath(path, key.text), depth + 1)
            if key.text in entries:
                text = _("The key “{key}” stands twice; the first is on line {first}. Remove one of them.")
                found = fault(beneath(path, key.text), key.line, "key-twice", text, key=key.text, first=lines[key.text])
                self.faults.append(found)
                continue
            entries[key.text], lines[key.text] = value, key.line
        return MapNode(entries, line, lines)

    def _refuse_unwanted(self, event: Any, path: str, depth: int) -> None:
        self.nodes += 1
        if isinstance(event, AliasEvent) or event.anchor is not None:
            text = _("Anchors (&name) and aliases (*name) are not used in call files; write the value out.")
            raise _RefusedError(fault(path, _line(event), "alias", text))
        if _tag(event) is not None:
            text = _("Tags (!name) are not used in call files; remove “{tag}”.")
            raise _RefusedError(fault(path, _line(event), "tag", text, tag=_tag(event)))
        if depth > _MAX_DEPTH or self.nodes > _MAX_NODES:
            raise _RefusedError(
                fault(path, _line(event), "too-deep", _("The file is nested too deeply or is too long."))
            )


def _tag(event: Any) -> str | None:
    """The tag written in the file, if one was; what the parser adds of its own does not count."""
    tag = getattr(event, "tag", None)
    return str(tag) if tag is not None and str(tag) != "!" else None


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def parse_yaml(data: bytes) -> tuple[Node | None, tuple[Fault, ...]]:
    """The tree of a YAML file, and what is wrong with it as YAML. Never raises for any bytes."""
    if len(data) > MAX_BYTES:
        text = _("The file is larger than {limit} bytes; a call file is far smaller.")
        return None, (fault("", 0, "too-large", text, limit=MAX_BYTES),)
    try:
        content = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        return None, (fault("", line, "not-utf-8", _("This line is not UTF-8 text; save the file as UTF-8.")),)
    composer = _Composer(YAML(typ="safe", pure=True).parse(content))
    try:
        root = composer.document()
    except _RefusedError as refused:
        return None, (*composer.faults, refused.fault)
    except (YAMLError, ValueError, RecursionError) as error:
        return None, (*composer.faults, _not_yaml(error, content))
    if root is None:
        return None, (fault("", 1, "empty", _("The file is empty; start from an exported call.")),)
    return root, tuple(composer.faults)


def _not_yaml(error: Exception, content: str) -> Fault:
    mark = error.problem_mark or error.context_mark if isinstance(error, MarkedYAMLError) else None
    if mark is not None and isinstance(error, MarkedYAMLError):
        text = _("This is not valid YAML: {problem}. Look at the indentation, quotes and brackets here and just above.")
        return fault("", mark.line + 1, "not-yaml", text, problem=error.problem or error.context)
    position = getattr(error, "position", None)
    line = content[:position].count("\n") + 1 if isinstance(position, int) else 0
    return fault("", line, "not-yaml", _("The file holds a character that YAML does not allow; remove it."))


def from_plain(value: object) -> Node:
    """The tree of JSON that was written by us: numbers with decimals are text there."""
    if isinstance(value, Mapping):
        return MapNode({str(key): from_plain(child) for key, child in value.items()}, 0)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ListNode(tuple(from_plain(child) for child in value), 0)
    if isinstance(value, bool):
        return Scalar(ScalarKind.BOOLEAN, "true" if value else "false", 0)
    if value is None:
        return Scalar(ScalarKind.NULL, "", 0)
    kind = ScalarKind.NUMBER if isinstance(value, int) else ScalarKind.TEXT
    return Scalar(kind, str(value), 0, loose=True)
