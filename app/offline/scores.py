"""The file an off-line form of scores gives back: sealed when it was taken, read strictly, compared elsewhere."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app import keys
from app.offline.brought import MOST_BYTES, UnreadableError
from workflows.verdict import Reason
from workflows.words import _

FORMAT, VERSION = "escp-s3-scores", 1
_FIELDS = ("points", "reasons", "note")
_NOT_OURS = Reason("not-ours", _("This is not a file of the off-line form. Choose the file it saved."))
_BROKEN = Reason(
    "seal-broken",
    _("This file was not taken from this service, or was changed by something else than the form. Take the form anew."),
)


@dataclass(frozen=True)
class BroughtScores:
    """What was typed off line for each criterion, with the numbers of the lines when the form was taken."""

    assessment: str
    numbers: Mapping[str, int]
    seal: str
    scores: Mapping[str, Mapping[str, str]]

    def as_json(self) -> str:
        return json.dumps(
            {"format": FORMAT, "version": VERSION, "assessment": self.assessment, "numbers": dict(self.numbers),
             "seal": self.seal, "scores": {code: dict(one) for code, one in self.scores.items()}}
        )  # fmt: skip


def seal(assessment: str, numbers: Mapping[str, int]) -> str:
    """Sign which report a form belongs to and what it started from."""
    told = json.dumps([assessment, sorted(numbers.items())]).encode()
    return keys.digest(keys.server_key(), "off-line scores", told).hex()


def read(content: bytes) -> BroughtScores:
    """Read the file; `UnreadableError` says what is wrong with it."""
    if len(content) > MOST_BYTES:
        raise UnreadableError(_NOT_OURS)
    try:
        loaded = json.loads(content.decode("utf-8"))
    except (ValueError, RecursionError):  # brackets within brackets without end
        raise UnreadableError(_NOT_OURS) from None
    if not isinstance(loaded, dict) or (loaded.get("format"), loaded.get("version")) != (FORMAT, VERSION):
        raise UnreadableError(_NOT_OURS)
    found = BroughtScores(
        str(loaded.get("assessment")), _numbers(loaded), str(loaded.get("seal")), _scores(loaded.get("scores"))
    )
    expected = seal(found.assessment, found.numbers)
    if not hmac.compare_digest(expected.encode(), found.seal.encode()):
        raise UnreadableError(_BROKEN)
    return found


def _numbers(loaded: Mapping[str, Any]) -> dict[str, int]:
    numbers = loaded.get("numbers")
    if not isinstance(numbers, dict) or not all(type(one) is int for one in numbers.values()):
        raise UnreadableError(_BROKEN)
    return numbers


def _scores(raw: object) -> dict[str, dict[str, str]]:
    if not isinstance(raw, dict):
        raise UnreadableError(_BROKEN)
    for one in raw.values():
        if not isinstance(one, dict) or not all(isinstance(one.get(name), str) for name in _FIELDS):
            raise UnreadableError(_BROKEN)
    return raw
