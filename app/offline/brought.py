"""The file an off-line form gives back: read strictly, refused by path. What it says is compared elsewhere."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workflows.verdict import Reason
from workflows.words import _

FORMAT = "escp-s3-answers"
VERSION = 1
MOST_BYTES = 5_000_000
MOST_SAVED = 2**31  # versions of one answer: more than a database counts
_NOT_OURS = Reason("not-ours", _("This is not a file of the off-line form. Choose the file it saved."))
_OTHER_VERSION = Reason(
    "other-version",
    _("This file is of another version of the form. Take the form anew and copy your texts into it."),
)
_KEYS = {"format", "version", "application", "basics", "was", "answers", "numbers"}
# What a field of a form gives: one text, several, or rows of cells.
Raw = str | list[str] | list[dict[str, str]]


@dataclass(frozen=True)
class Brought:
    """What was typed off line, with what each field held when the form was taken."""

    application: str
    basics: Mapping[str, str]
    was: Mapping[str, str]
    answers: Mapping[str, Raw]
    numbers: Mapping[str, int]


class UnreadableError(ValueError):
    """The file is not one of ours, or was changed by something else than the form."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.code)
        self.reason = reason


def read(content: bytes) -> Brought:
    """Read the file; `UnreadableError` names what is wrong and where."""
    if len(content) > MOST_BYTES:
        raise UnreadableError(Reason("too-large", _("This file is larger than the form can make. Choose another one.")))
    try:
        loaded = json.loads(content.decode("utf-8"))
    except (ValueError, RecursionError):  # brackets within brackets without end
        raise UnreadableError(_NOT_OURS) from None
    if not isinstance(loaded, dict) or loaded.get("format") != FORMAT:
        raise UnreadableError(_NOT_OURS)
    if loaded.get("version") != VERSION:
        raise UnreadableError(_OTHER_VERSION)
    if odd := sorted(set(loaded) - _KEYS):
        raise _wrong(odd[0])
    return Brought(
        application=_text(loaded, "application"),
        basics=_mapping(loaded, "basics", _is_text),
        was=_mapping(loaded, "was", _is_text),
        answers=_mapping(loaded, "answers", _is_raw),
        numbers=_mapping(loaded, "numbers", _is_number),
    )


def _wrong(path: str) -> UnreadableError:
    text = _("“{path}” in this file is not as the form writes it. Choose the file the form saved, unchanged.")
    return UnreadableError(Reason("not-as-written", text, {"path": path}))


def _text(loaded: Mapping[str, Any], key: str) -> str:
    value = loaded.get(key)
    if not isinstance(value, str):
        raise _wrong(key)
    return value


def _mapping(loaded: Mapping[str, Any], key: str, fits: Any) -> dict[str, Any]:  # noqa: ANN401 - one of the predicates below
    value = loaded.get(key, {})
    if not isinstance(value, dict):
        raise _wrong(key)
    for name, one in value.items():
        if not fits(one):
            raise _wrong(f"{key}.{name}")
    return value


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < MOST_SAVED


def _is_raw(value: object) -> bool:
    if isinstance(value, str):
        return True
    return isinstance(value, list) and all(isinstance(one, str) or _is_row(one) for one in value)


def _is_row(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(cell, str) for cell in value.values())
