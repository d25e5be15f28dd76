"""Cut a style sheet to what pages use: the rules of the classes they name, and the custom properties these need."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import tinycss2

if TYPE_CHECKING:
    from collections.abc import Iterable

_CLASS = re.compile(r"\.(-?[_a-zA-Z][\w-]*)")
_NOT = re.compile(r":not\([^()]*(?:\([^()]*\)[^()]*)*\)")
_USES = re.compile(r"var\(\s*(--[\w-]+)")
_SETS = re.compile(r"(--[\w-]+)\s*:")


def _selectors(prelude: list[Any]) -> list[str]:
    """Split a selector list at its top-level commas; those inside brackets are single nodes."""
    parts, current = [], []
    for node in prelude:
        if node.type == "literal" and node.value == ",":
            parts.append(current)
            current = []
        else:
            current.append(node)
    return [tinycss2.serialize(part).strip() for part in [*parts, current]]


def _is_used(selector: str, classes: set[str]) -> bool:
    """A class that is only excluded need not occur; every other one must."""
    return all(name in classes for name in _CLASS.findall(_NOT.sub("", selector)))


def _declarations(content: list[Any]) -> str:
    """Keep declarations as they are, without those that load something: pages load nothing but our own files."""
    kept = []
    for node in tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True):
        text = node.serialize().strip()
        if node.type == "declaration" and "url(" not in text:
            kept.append(text.rstrip(";"))
    return ";".join(kept)


def _rules(nodes: Iterable[Any], classes: set[str]) -> list[str]:
    rules = []
    for node in nodes:
        if node.type == "qualified-rule":
            used = [selector for selector in _selectors(node.prelude) if _is_used(selector, classes)]
            body = _declarations(node.content) if used else ""
            if body:
                rules.append(f"{','.join(used)}{{{body}}}")
        elif node.type == "at-rule" and node.lower_at_keyword in ("media", "supports") and node.content:
            inside = _rules(tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True), classes)
            if inside:
                condition = tinycss2.serialize(node.prelude).strip()
                rules.append(f"@{node.lower_at_keyword} {condition}{{{''.join(inside)}}}")
    return rules


def _needed(rules: list[str], own: str) -> set[str]:
    """Follow custom properties from the rules that use them to those that these are made of."""
    made_of: dict[str, set[str]] = {}
    wanted = set(_USES.findall(own))
    for rule in rules:
        for declaration in re.split(r"[;{}]", rule):
            setting = _SETS.match(declaration)
            if setting:
                made_of.setdefault(setting[1], set()).update(_USES.findall(declaration))
            else:
                wanted |= set(_USES.findall(declaration))
    reached: set[str] = set()
    while wanted - reached:
        name = (wanted - reached).pop()
        reached.add(name)
        wanted |= made_of.get(name, set())
    return reached


def _without_unused(rule: str, needed: set[str]) -> str:
    return re.sub(r"(?<=[{;])(--[\w-]+):[^;{}]*(?:;|(?=\}))", lambda m: m[0] if m[1] in needed else "", rule)


def cut(css: str, classes: set[str], own: str) -> str:
    """Keep of `css` the rules whose classes all are in `classes`, and the properties that they or `own` use.

    `@font-face` and `@keyframes` fall away: fonts are our own, and nothing here moves.
    """
    rules = _rules(tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True), classes)
    needed = _needed(rules, own)
    shortened = (_without_unused(rule, needed) for rule in rules)
    return "".join(f"{rule}\n" for rule in shortened if not rule.endswith("{}"))
