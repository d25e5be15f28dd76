"""The maker of plain copies as services see it: bytes and a type in, bytes or an obstacle out."""

from __future__ import annotations

import atexit
from functools import cache

from app.confined.frames import Message
from app.confined.parent import ChildFailedError, Confined

UNREADABLE = "unreadable"
PDF = "application/pdf"
PICTURES = frozenset({"image/png", "image/jpeg"})  # hold no text that could be searched


class Maker:
    """One confined child that makes copies; safe for several threads."""

    def __init__(self, *, limit: float = 60, replace_after: int = 200) -> None:
        self._child = Confined("app.plain.child", limit=limit, replace_after=replace_after)

    def close(self) -> None:
        self._child.close()

    def make(self, data: bytes, media_type: str) -> tuple[bytes | None, str]:
        """Give the copy, or None and the code of what stands in its way."""
        try:
            answer = self._child.ask(Message({"kind": media_type}, {"file": data}))
        except ChildFailedError:
            return None, UNREADABLE
        if "obstacle" in answer.head:
            return None, str(answer.head["obstacle"])
        return answer.pieces["file"], ""

    def texts(self, data: bytes, media_type: str = PDF) -> list[str] | None:
        """Give the text of each page of a PDF, or of an office document in parts; None where it can't be read whole."""
        if media_type in PICTURES:
            return None
        try:
            found = self._child.ask(Message({"kind": "texts", "of": media_type}, {"file": data})).head["texts"]
        except ChildFailedError:
            return None
        return [str(text) for text in found] if isinstance(found, list) else None

    def page(self, data: bytes, number: int) -> bytes | None:
        """Draw one page of a PDF, counted from 0, as a PNG; None where there is no such page."""
        try:
            return self._child.ask(Message({"kind": "page", "page": number}, {"file": data})).pieces.get("file")
        except ChildFailedError:
            return None


FIGURE = "figure"  # asked for in place of a type: the picture drawn anew, to be shown on a page


@cache
def own_maker() -> Maker:
    """Give this process its one maker; its child starts with the first file and ends with the process."""
    maker = Maker()
    atexit.register(maker.close)
    return maker
