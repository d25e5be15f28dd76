"""What differs between two versions of a call: by path, in plain words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from app.callfile import to_json
from workflows.definition import CallDefinition
from workflows.verdict import Reason
from workflows.words import _


class Kind(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True)
class Change:
    """One difference. `part` and `thing` name what it is about: ("questions", "goal")."""

    kind: Kind
    path: str
    part: str
    thing: str
    text: Reason


_THING = re.compile(r"^(?:sections\[[^\]]+\]\.)?(questions|documents|rules|criteria|declarations|sections)\[([^\]]+)\]")
_NOT_SHOWN = ("sources", "format_version")
# fmt: off
_ADDED = {
    "questions": _("New question: “{label}”."),
    "documents": _("New document: “{label}”."),
    "rules": _("New rule: “{label}”."),
    "criteria": _("New criterion: “{label}”."),
    "declarations": _("New declaration: “{label}”."),
    "sections": _("New part of the form: “{label}”."),
}
_REMOVED = {
    "questions": _("No longer asked: “{label}”."),
    "documents": _("Document no longer needed: “{label}”."),
    "rules": _("Rule taken out: “{label}”."),
    "criteria": _("Criterion taken out: “{label}”."),
    "declarations": _("Declaration taken out: “{label}”."),
    "sections": _("Part of the form taken out: “{label}”."),
}
_CHANGED = {
    "questions": _("Question “{label}”, {key}: was {before}, is now {after}."),
    "documents": _("Document “{label}”, {key}: was {before}, is now {after}."),
    "rules": _("Rule “{label}”, {key}: was {before}, is now {after}."),
    "criteria": _("Criterion “{label}”, {key}: was {before}, is now {after}."),
    "declarations": _("Declaration “{label}”, {key}: was {before}, is now {after}."),
    "sections": _("Part “{label}” of the form, {key}: was {before}, is now {after}."),
    "": _("{key}: was {before}, is now {after}."),
}
_KEYS = {
    "label": "wording",
    "max_chars": "most characters",
    "max_rows": "most rows",
    "max_mb": "largest size in MB",
    "max_count": "most files",
    "required": "needed",
    "value": "number",
    "max_points": "points",
    "page_limit": "page limit",
    "title": "title",
    "hint": "explanation",
}
# fmt: on


def changes_between(before: CallDefinition, after: CallDefinition) -> tuple[Change, ...]:
    """Every difference, in the order of the newer file; what is gone comes last."""
    old, new = _tree(before), _tree(after)
    return tuple(_changes(old, new))


def _tree(definition: CallDefinition) -> dict[str, object]:
    found = leaves("", to_json(replace(definition, provenance={})))
    return {path: value for path, value in found if not path.startswith(_NOT_SHOWN)}


def _changes(old: Mapping[str, object], new: Mapping[str, object]) -> Iterator[Change]:
    things = {"old": _things(old), "new": _things(new)}
    told: set[str] = set()
    for path in (*new, *(path for path in old if path not in new)):
        if old.get(path) == new.get(path):
            continue
        prefix, part, thing = _about(path)
        if prefix and (prefix in things["old"]) != (prefix in things["new"]):
            if prefix not in told:
                told.add(prefix)
                kind = Kind.ADDED if prefix in things["new"] else Kind.REMOVED
                table = _ADDED if kind is Kind.ADDED else _REMOVED
                label = _label(new if kind is Kind.ADDED else old, prefix, thing)
                yield Change(kind, prefix, part, thing, Reason(kind.value, table[part], {"label": label}))
            continue
        yield _changed(path, (prefix, part, thing), old, new)


def _changed(path: str, about: tuple[str, str, str], old: Mapping[str, object], new: Mapping[str, object]) -> Change:
    prefix, part, thing = about
    key = path[len(prefix) :].lstrip(".")
    given = {
        "label": _label(new, prefix, thing),
        "key": _KEYS.get(key, key.replace("_", " ")),
        "before": _said(old.get(path), new.get(path)),
        "after": _said(new.get(path), old.get(path)),
    }
    return Change(Kind.CHANGED, path, part, thing, Reason("changed", _CHANGED[part], given))


def _said(value: object, other: object) -> object:
    """A value, or what its absence means: of yes and no the opposite, for what is usual is left out of files."""
    if value is None and isinstance(other, bool):
        return not other
    return "–" if value in (None, "") else value


def _about(path: str) -> tuple[str, str, str]:
    """The thing a path is in: its own path, its kind of part, and its id; nothing for values of the call itself."""
    found = _THING.match(path)
    return (found.group(0), found.group(1), found.group(2)) if found else ("", "", "")


def _things(tree: Mapping[str, object]) -> set[str]:
    return {_about(path)[0] for path in tree}


def _label(tree: Mapping[str, object], prefix: str, thing: str) -> str:
    names = (tree.get(f"{prefix}.{key}") for key in ("label", "title", "name"))
    return next((str(name) for name in names if name), thing)


def leaves(path: str, value: Any) -> list[tuple[str, object]]:  # noqa: ANN401 - JSON
    """Paths as call files' faults name them, with the plain value at each."""
    if isinstance(value, dict):
        return [leaf for key, inner in value.items() for leaf in leaves(f"{path}.{key}" if path else key, inner)]
    if isinstance(value, list) and any(isinstance(item, dict) for item in value):
        return [leaf for at, item in enumerate(value) for leaf in leaves(f"{path}[{_name(item, at)}]", item)]
    if isinstance(value, list):
        return [(path, ", ".join(str(item) for item in value))]
    return [(path, value)]


def _name(item: Any, place: int) -> object:  # noqa: ANN401 - JSON
    return (item.get("id") or item.get("code") or place) if isinstance(item, dict) else place
