"""The plain text form of an expert's scores for all their applications: written, and read strictly when it comes back.

It needs no script and no program but an editor. Its first lines seal which reports it is for and what they held.
"""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from app import keys
from app.offline.brought import MOST_BYTES, UnreadableError
from app.offline.scores import BroughtScores
from app.offline.scores import seal as seal_of_one
from workflows.verdict import Reason
from workflows.words import _

MARK = "# escp-s3-score-sheet 1 "
FIELDS = {"Score:": "points", "Reasons:": "reasons", "Private note:": "note"}
HELP = (
    "# This form needs nothing but a text editor. Write after Score:, Reasons: and Private note:.",
    "# Leave the lines that begin with # as they are. Save it as plain text (UTF-8) and bring it back in the service,",
    "# which shows what changes before anything is kept. Should a line of your own begin with # or with one of these",
    "# three words, put a \\ before it.",
)
_NOT_OURS = Reason("not-ours", _("This is not a file of the off-line form. Choose the file it saved."))
_BROKEN = Reason(
    "seal-broken",
    _("This file was not taken from this service, or was changed by something else than the form. Take the form anew."),
)
_UNKNOWN = _("Line {line}: “{text}” is no heading of this form. Put a \\ before it if it is a line of your own.")


@dataclass(frozen=True)
class SheetLine:
    """One criterion with what is stored; `asked` says in words what may be given."""

    code: str
    asked: str
    number: int
    points: str
    reasons: str
    note: str


@dataclass(frozen=True)
class SheetReport:
    id: str
    reference: str  # the number of the application
    name: str
    lines: tuple[SheetLine, ...]


def write_sheet(reports: Sequence[SheetReport]) -> bytes:
    """Write the form with what is stored; lines end as every editor reads them."""
    lines = [MARK + _sealed(reports), *HELP]
    for report in reports:
        lines += ["", f"## {report.reference} {report.name}".rstrip()]
        for line in report.lines:
            lines += ["", f"### {line.code} {line.asked}", f"Score: {line.points}".rstrip()]
            lines += ["Reasons:", *_own(line.reasons), "Private note:", *_own(line.note)]
    return ("\ufeff" + "\r\n".join(lines) + "\r\n").encode()


def _own(text: str) -> list[str]:
    return [f"\\{line}" if line.startswith(("#", "\\", *FIELDS)) else line for line in text.split("\n")]


def _sealed(reports: Sequence[SheetReport]) -> str:
    told = {one.reference: [one.id, {line.code: line.number for line in one.lines}] for one in reports}
    packed = base64.urlsafe_b64encode(json.dumps(told, sort_keys=True).encode()).decode()
    return f"{packed}.{_digest(packed)}"


def _digest(packed: str) -> str:
    return keys.digest(keys.server_key(), "off-line score sheet", packed.encode()).hex()


def read_sheet(content: bytes) -> list[BroughtScores]:
    """Read the form, one for each report in it; `UnreadableError` says what is wrong with it, and where."""
    if len(content) > MOST_BYTES:
        raise UnreadableError(_NOT_OURS)
    try:
        lines = content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    except ValueError:
        raise UnreadableError(_NOT_OURS) from None
    if not lines[0].startswith(MARK):
        raise UnreadableError(_NOT_OURS)
    known = _opened(lines[0].removeprefix(MARK).strip())
    typed = dict(_reports(lines, known))
    return [
        BroughtScores(found, numbers, seal_of_one(found, numbers), typed[found])
        for found, numbers in known.values()
        if found in typed
    ]


def _opened(sealed: str) -> dict[str, tuple[str, dict[str, int]]]:
    packed, _dot, given = sealed.partition(".")
    if not hmac.compare_digest(_digest(packed).encode(), given.encode()):
        raise UnreadableError(_BROKEN)
    told = json.loads(base64.urlsafe_b64decode(packed))  # ours: the seal says so
    return {reference: (one[0], one[1]) for reference, one in told.items()}


def _reports(
    lines: Sequence[str], known: Mapping[str, tuple[str, dict[str, int]]]
) -> Iterator[tuple[str, dict[str, dict[str, str]]]]:
    """Give what stands beneath each heading of a report."""
    starts = [at for at, line in enumerate(lines) if line.startswith("## ")] + [len(lines)]
    for start, end in pairwise(starts):
        reference = lines[start].split()[1] if len(lines[start].split()) > 1 else ""
        if reference not in known:
            raise UnreadableError(_unknown(start, lines[start]))
        yield known[reference][0], _criteria(lines, start + 1, end, known[reference][1])


def _criteria(lines: Sequence[str], start: int, end: int, numbers: Mapping[str, int]) -> dict[str, dict[str, str]]:
    scores: dict[str, dict[str, list[str]]] = {}
    code, place = "", ""
    for at in range(start, end):
        line = lines[at]
        if line.startswith("#"):
            code, place = _heading(at, line, numbers), ""
            scores[code] = {name: [] for name in FIELDS.values()}
            continue
        label = next((label for label in FIELDS if line.startswith(label)), None)
        if label and code:
            place, line = FIELDS[label], line.removeprefix(label).strip()
        if place:
            scores[code][place].append(line.removeprefix("\\"))
        elif line.strip():
            raise UnreadableError(_unknown(at, line))
    return {code: {name: "\n".join(told).strip() for name, told in fields.items()} for code, fields in scores.items()}


def _heading(at: int, line: str, numbers: Mapping[str, int]) -> str:
    words = line.split()
    if words[0] != "###" or len(words) == 1 or words[1] not in numbers:
        raise UnreadableError(_unknown(at, line))
    return words[1]


def _unknown(at: int, line: str) -> Reason:
    return Reason("not-a-heading", _UNKNOWN, {"line": at + 1, "text": line[:60]})
