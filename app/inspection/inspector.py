"""The inspector as forms and services see it: bytes, a name and the limits of the slot in, a verdict out."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType, TracebackType
from typing import Self

import filetype

from app.confined.frames import Message
from app.confined.parent import ChildFailedError, Confined
from app.inspection.slots import MEGA, MIME_TYPES, Slot, kind_of_name
from workflows.verdict import ALLOWED, Reason, Verdict, refuse
from workflows.words import Text, _, plural

_TEXTS: Mapping[str, Text] = MappingProxyType(
    {
        "file-not-what-it-says": _("This file is not a {kind} file inside, whatever its name says. Export it again."),
        "file-is-locked": _("This file is locked with a password. Save it without one and choose it again."),
        "file-has-scripts": _("This file contains scripts or macros. Save it without them and choose it again."),
        "file-has-attachments": _("This file has other files inside. Remove them, or send them on their own."),
        "file-fetches": _(
            "This file loads something from elsewhere when it is opened. Put it into the file and choose it again."
        ),
        "file-too-many-pages": plural(
            "This file has {n} page; at most {most} are accepted.",
            "This file has {n} pages; at most {most} are accepted. Shorten it.",
        ),
        "file-too-many-pixels": _("This picture is larger than {most} million pixels. Make it smaller."),
        "file-unpacks-too-large": _("This file unpacks to more than can be looked through. Make it smaller."),
        "sheet-too-long": _("This sheet has more than {n} rows. Leave the rows of this table alone in it."),
        "file-unreadable": _("This file could not be read. Open it, save it again and choose the new file."),
    }
)

_SHEET = Slot(kinds=("xlsx",), most_bytes=2 * MEGA)


@dataclass(frozen=True)
class Inspection:
    """The outcome. Truthy when the file may be kept; `kind` and `pages` are then what it is, else empty and 0."""

    verdict: Verdict
    kind: str = ""
    pages: int = 0

    def __bool__(self) -> bool:
        return bool(self.verdict)

    @property
    def mime_type(self) -> str:
        return MIME_TYPES.get(self.kind, "application/octet-stream")


class Inspector:
    """One confined child that looks into files; safe for several threads. A file may take `limit` seconds."""

    def __init__(self, *, limit: float = 10, replace_after: int = 200) -> None:
        self._child = Confined("app.inspection.child", limit=limit, replace_after=replace_after)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._child.close()

    def inspect(self, data: bytes, name: str, slot: Slot) -> Inspection:
        """Judge an upload. The type the browser claims is not asked; name, first bytes and structure must agree."""
        verdict = _at_first_sight(data, name, slot)
        if not verdict:
            return Inspection(verdict)
        kind = kind_of_name(name)
        try:
            answer = self._child.ask(Message({"kind": kind}, {"file": data})).head
        except ChildFailedError:
            return Inspection(refuse("file-unreadable", _TEXTS["file-unreadable"]))
        if "finding" in answer:
            return Inspection(_verdict(str(answer["finding"]), answer["params"]))
        pages = answer["pages"] if isinstance(answer["pages"], int) else 0
        if pages > slot.most_pages:
            return Inspection(_verdict("file-too-many-pages", {"n": pages, "most": slot.most_pages}))
        return Inspection(ALLOWED, kind, pages)

    def cells(self, data: bytes, name: str) -> tuple[list[list[str]], Verdict]:
        """Give the cells of a spreadsheet's first sheet as text, or every reason why they can't be read."""
        verdict = _at_first_sight(data, name, _SHEET)
        if not verdict:
            return [], verdict
        try:
            answer = self._child.ask(Message({"kind": "cells"}, {"file": data})).head
        except ChildFailedError:
            return [], refuse("file-unreadable", _TEXTS["file-unreadable"])
        if "finding" in answer:
            return [], _verdict(str(answer["finding"]), answer["params"])
        found = answer["cells"]
        rows = [row for row in found if isinstance(row, list)] if isinstance(found, list) else []
        return [[str(cell) for cell in row] for row in rows], ALLOWED

    def marks(self, data: bytes) -> list[str]:
        """Look for numbers and codes of labels in a foreign PDF; empty when it cannot be read."""
        try:
            found = self._child.ask(Message({"kind": "marks"}, {"file": data})).head["marks"]
        except ChildFailedError:
            return []
        return [mark for mark in found if isinstance(mark, str)] if isinstance(found, list) else []


def _at_first_sight(data: bytes, name: str, slot: Slot) -> Verdict:
    """Judge what needs no opening: emptiness, size, name, and the magic number."""
    if not data:
        return refuse("file-empty", _("This file is empty. Choose another one."))
    if len(data) > slot.most_bytes:
        text = _("This file has {size} MB; at most {most} MB are accepted. Make it smaller.")
        return refuse("file-too-large", text, size=_megabytes(len(data)), most=_megabytes(slot.most_bytes))
    kind = kind_of_name(name)
    if kind not in slot.kinds:
        text = _("Files of this kind are not accepted here. Choose one of these kinds: {kinds}.")
        return refuse("file-kind-not-accepted", text, kinds=", ".join(slot.kinds))
    guessed = filetype.guess(data)
    if kind not in {"docx", "xlsx"} and (guessed is None or guessed.extension != kind):
        return _verdict("file-not-what-it-says", {"kind": kind.upper()})
    return ALLOWED


def _verdict(code: str, params: object) -> Verdict:
    """Word a finding. The child is not trusted: an unknown code, or odd parameters, mean unreadable."""
    if code not in _TEXTS or not isinstance(params, Mapping):
        code, params = "file-unreadable", {}
    plain = {str(key): value for key, value in params.items() if isinstance(value, int | str)}
    return Verdict((Reason(code, _TEXTS[code], plain),))


def _megabytes(count: int) -> str:
    return f"{count / MEGA:.1f}".removesuffix(".0")
