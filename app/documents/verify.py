"""Did we issue these bytes? A comparison with the register: the digest decides, what is written inside only hints."""

import hashlib
import io
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

import pikepdf

_MOST_MARKS = 20
_LONGEST_MARK = 64
_MOST_DATA = 1024 * 1024  # bytes of attached data worth reading


@dataclass(frozen=True)
class Issued:
    """Exactly these bytes were issued. `state` is what the register says of the label today: active, expired, …"""

    number: str
    holder: str
    state: str
    is_current: bool = True  # False for a certificate that was replaced by a later one


@dataclass(frozen=True)
class Altered:
    """The file carries a number or code of ours, but these are not the bytes we issued for it."""

    number: str


@dataclass(frozen=True)
class NotIssued:
    """Nothing in the register speaks of these bytes."""


Judgement = Issued | Altered | NotIssued


class Register(Protocol):
    def issued(self, sha256: str) -> Issued | None:
        """Give the certificate whose bytes have this SHA-256, sealed or unsealed as it was issued."""

    def number_of(self, mark: str) -> str | None:
        """Give the label's number if the mark is a number or a code of ours."""


def judge_pdf(data: bytes, register: Register, read_marks: Callable[[bytes], Iterable[str]] | None = None) -> Judgement:
    """Compare bytes with the register. `read_marks` looks into foreign files: `Inspector.marks` does it in a child."""
    found = register.issued(hashlib.sha256(data).hexdigest())
    if found is not None:
        return found
    for mark in (read_marks or marks_in)(data):
        number = register.number_of(mark)
        if number is not None:
            return Altered(number)
    return NotIssued()


def marks_in(data: bytes) -> list[str]:
    """Give what might be a number or code of a label in a PDF: attached data first, then the keywords."""
    try:
        with pikepdf.open(io.BytesIO(data), suppress_warnings=True) as document:
            marks = [*_attached(document), *_keywords(document)]
    except (pikepdf.PdfError, pikepdf.PasswordError, ValueError, RuntimeError):
        return []
    fitting = (mark.strip() for mark in marks)
    return list(dict.fromkeys(mark for mark in fitting if 0 < len(mark) <= _LONGEST_MARK))[:_MOST_MARKS]


def _attached(document: pikepdf.Pdf) -> Iterator[str]:
    found = document.attachments.get("label.json")
    if found is None:
        return
    content = found.get_file().read_bytes()
    try:
        loaded = json.loads(content) if len(content) <= _MOST_DATA else None
    except (ValueError, RecursionError):
        return
    if isinstance(loaded, dict):
        yield from (str(loaded[name]) for name in ("number", "code") if name in loaded)


def _keywords(document: pikepdf.Pdf) -> Iterator[str]:
    keywords = document.docinfo.get("/Keywords")
    if keywords is not None:
        yield from str(keywords).split(",")
