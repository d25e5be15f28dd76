"""The pack of an expert brought back as one ZIP: each form in it is judged alone, and what is no form is named.

Nothing is unpacked to disk. Entries are counted before any is read, and none is read further than a form can be long.
"""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO

from app.inspection.finding import Finding
from app.inspection.office import LOCKED, count
from app.inspection.slots import MEGA
from app.offline.brought import MOST_BYTES, UnreadableError
from app.offline.score_sheet import read_sheet
from app.offline.scores import BroughtScores, read
from workflows.verdict import Reason
from workflows.words import _

ARCHIVE = b"PK\x03\x04"
MOST_OF_A_PACK = 200 * MEGA  # bytes as it is sent, with the copies to read in it
MOST_OF_FORMS = 4 * MOST_BYTES  # bytes of all forms of a pack, unpacked
FORMS = {".json": lambda content: [read(content)], ".txt": read_sheet}
TAKEN_ALONG = {".html", ".pdf"}  # to read; nothing that was typed is in them
OF_SYSTEMS = {"__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini"}  # put in unasked when a folder is packed
MOST_OF_A_NAME = 80
USUAL = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}  # others may ask for much memory before they give a byte

_UNREADABLE = Reason("pack-unreadable", _("This ZIP could not be read. Pack the folder again."))
_TOO_LARGE = Reason("pack-too-large", _("This ZIP unpacks to more than a pack can hold. Pack the forms alone."))
_NO_FORM = Reason("no-form", _("There is no form in this ZIP: put in scores.txt, or the files that the pages saved."))
_NOT_OF_IT = Reason("not-of-the-pack", _("This file is no form of the pack. It was not read."))
_DAMAGED = Reason("damaged", _("This file is damaged or locked with a password. It was not read."))


@dataclass(frozen=True)
class Entry:
    """One form, with the reports in it. Its name is empty where it was brought alone."""

    name: str
    reports: list[BroughtScores]


@dataclass(frozen=True)
class Refused:
    name: str
    reason: Reason


@dataclass(frozen=True)
class Pack:
    entries: list[Entry]
    refused: list[Refused]


def read_any(source: IO[bytes]) -> Pack:
    """Read one form, a pack of forms, or what `as_kept` wrote. Raises `UnreadableError` where nothing can be read."""
    begins = source.read(len(ARCHIVE))
    source.seek(0)
    if begins == ARCHIVE:
        return _read_zip(source)
    content = source.read(MOST_OF_FORMS + 1)
    if len(content) > MOST_OF_FORMS:
        raise UnreadableError(_NOT_OF_IT)
    start = content.lstrip()[:1]
    if start == b"[":
        return Pack([Entry(name, [one]) for name, one in _kept(content)], [])
    return Pack([Entry("", [read(content)] if start == b"{" else read_sheet(content))], [])


def as_kept(entries: list[Entry]) -> str:
    """Write what was read so that a page can carry it; every form keeps its seal, and is judged by it again."""
    return json.dumps([[entry.name, one.as_json()] for entry in entries for one in entry.reports])


def _kept(content: bytes) -> Iterator[tuple[str, BroughtScores]]:
    try:
        pairs = [(str(name), str(one)) for name, one in json.loads(content)]
    except (ValueError, TypeError, RecursionError):
        raise UnreadableError(_UNREADABLE) from None
    for name, one in pairs:
        yield name, read(one.encode())


def _read_zip(source: IO[bytes]) -> Pack:
    entries, refused, left = [], [], MOST_OF_FORMS
    try:
        with zipfile.ZipFile(source) as archive:
            count(archive.infolist())
            for one in archive.infolist():
                path = PurePosixPath(one.filename)
                if one.is_dir() or path.suffix.lower() in TAKEN_ALONG or OF_SYSTEMS & set(path.parts):
                    continue
                try:
                    form = _form(archive, one, left)
                    left -= len(form)
                    entries.append(Entry(_shown(one.filename), FORMS[path.suffix.lower()](form)))
                except UnreadableError as fault:
                    refused.append(Refused(_shown(one.filename), fault.reason))
    except Finding as found:
        large = found.code == "file-unpacks-too-large"
        raise UnreadableError(_TOO_LARGE if large else _UNREADABLE) from None
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError):
        raise UnreadableError(_UNREADABLE) from None
    if not entries and not refused:
        raise UnreadableError(_NO_FORM)
    return Pack(entries, refused)


def _form(archive: zipfile.ZipFile, one: zipfile.ZipInfo, left: int) -> bytes:
    """Give the bytes of a form, whatever size its entry claims to have."""
    if PurePosixPath(one.filename).suffix.lower() not in FORMS:
        raise UnreadableError(_NOT_OF_IT)
    if one.flag_bits & LOCKED or one.compress_type not in USUAL:
        raise UnreadableError(_DAMAGED)
    most = min(MOST_BYTES, left)
    try:
        with archive.open(one) as opened:
            found = opened.read(most + 1)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError, RuntimeError):
        raise UnreadableError(_DAMAGED) from None
    if len(found) > most:
        raise UnreadableError(_TOO_LARGE)
    return found


def _shown(name: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in name)[-MOST_OF_A_NAME:]
