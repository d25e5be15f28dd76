"""Lists of codes people choose from: themes, technologies, kinds of organisation. Data: app/data/taxonomy.yaml."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from app.data_files import load_shipped


@dataclass(frozen=True, slots=True)
class Term:
    """One entry of a list. `group` is the part of the list it stands in, empty where the list has no parts."""

    code: str
    name: str
    group: str = ""
    platform: str = ""


def _parts(content: object) -> dict[str, list[dict[str, Any]]]:
    """The parts of a list by name; a list without parts is one part without a name."""
    found = content if isinstance(content, dict) else {"": content}
    return {str(name): part for name, part in found.items() if isinstance(part, list)}


def _is_list(content: object) -> bool:
    parts = _parts(content).values()
    return bool(parts) and all(part and "name" in part[0] for part in parts)


def _terms(content: object) -> tuple[Term, ...]:
    return tuple(
        Term(entry["code"], entry["name"], group, entry.get("platform", ""))
        for group, entries in _parts(content).items()
        for entry in entries
    )


@cache
def _lists() -> dict[str, tuple[Term, ...]]:
    raw = load_shipped("taxonomy.yaml")
    return {name: _terms(content) for name, content in raw.items() if name != "sources" and _is_list(content)}


def names() -> tuple[str, ...]:
    """Names of all lists."""
    return tuple(_lists())


def terms(name: str) -> tuple[Term, ...]:
    """The entries of a list in their order. KeyError if there is no such list."""
    return _lists()[name]


def codes(name: str) -> frozenset[str]:
    return frozenset(term.code for term in terms(name))


def term_name(name: str, code: str) -> str:
    """Name of a code in a list; the code itself where the list does not know it (any more)."""
    return next((term.name for term in _lists().get(name, ()) if term.code == code), code)
