"""A cross check's finding: a path and a reason; the line is found by whoever read the file."""

from collections.abc import Iterable, Iterator

from workflows.verdict import Reason
from workflows.words import Text, _

Problem = tuple[str, Reason]


def problem(path: str, code: str, text: Text, /, **params: object) -> Problem:
    return path, Reason(code, text, params)


def twice(names: Iterable[tuple[str, str]]) -> Iterator[Problem]:
    """Names (path, name) that stand for a second time."""
    seen: dict[str, str] = {}
    for path, name in names:
        if name in seen:
            text = _("“{name}” is already used at {first}; choose another.")
            yield problem(path, "name-twice", text, name=name, first=seen[name])
        seen.setdefault(name, path)
