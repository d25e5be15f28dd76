"""A PDF opens without a password, does nothing by itself and carries no other files."""

import io
from collections.abc import Mapping

import pikepdf

from app.inspection.finding import Finding
from app.inspection.slots import MOST_PAGES

_SCRIPT_KEYS = ("/JS", "/JavaScript", "/XFA")
_ACTIONS = {"/JavaScript": "file-has-scripts", "/Launch": "file-has-scripts", "/ImportData": "file-has-scripts"}
_CARRIERS = {"/FileAttachment": "file-has-attachments", "/RichMedia": "file-has-attachments"}


def judge(data: bytes) -> Mapping[str, int]:
    if not data.startswith(b"%PDF-"):
        raise Finding("file-not-what-it-says", kind="PDF")
    try:
        with pikepdf.open(io.BytesIO(data), attempt_recovery=False, suppress_warnings=True) as document:
            if document.is_encrypted:
                raise Finding("file-is-locked")
            pages = len(document.pages)
            for thing in document.objects:
                _look_at(thing)
    except pikepdf.PasswordError as fault:
        raise Finding("file-is-locked") from fault
    except (pikepdf.PdfError, ValueError, RuntimeError) as fault:
        raise Finding("file-unreadable") from fault
    if pages == 0:
        raise Finding("file-unreadable")
    if pages > MOST_PAGES:
        raise Finding("file-too-many-pages", n=pages, most=MOST_PAGES)
    return {"pages": pages}


def _look_at(thing: pikepdf.Object) -> None:
    """Look at one object and at what is written inside it; what it refers to is looked at in its turn."""
    waiting = [thing]
    while waiting:
        now = waiting.pop()
        if isinstance(now, pikepdf.Stream):
            _look_at_entries(now.stream_dict)
            waiting.extend(_direct(now.stream_dict.items()))
        elif isinstance(now, pikepdf.Dictionary):
            _look_at_entries(now)
            waiting.extend(_direct(now.items()))
        elif isinstance(now, pikepdf.Array):
            waiting.extend(inner for inner in now if _is_container(inner))


def _direct(entries: object) -> list[pikepdf.Object]:
    return [inner for _, inner in entries if _is_container(inner)]  # type: ignore[attr-defined]


def _is_container(inner: object) -> bool:
    return isinstance(inner, pikepdf.Dictionary | pikepdf.Array) and not getattr(inner, "is_indirect", False)


def _look_at_entries(entries: pikepdf.Dictionary) -> None:
    if any(key in entries for key in _SCRIPT_KEYS):
        raise Finding("file-has-scripts")
    for key, meanings in (("/S", _ACTIONS), ("/Subtype", _CARRIERS)):
        name = entries.get(key)
        if isinstance(name, pikepdf.Name) and str(name) in meanings:
            raise Finding(meanings[str(name)])
    if "/EmbeddedFiles" in entries or ("/EF" in entries and "/F" in entries):
        raise Finding("file-has-attachments")
