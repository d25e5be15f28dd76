"""The binder as services see it: parts in, one PDF out."""

from __future__ import annotations

import atexit
from collections.abc import Sequence
from functools import cache

from app.binding.pages import Part
from app.confined.frames import Message
from app.confined.parent import Confined

LIMIT = 120  # seconds for one document


class Binder:
    """One confined child that binds; safe for several threads."""

    def __init__(self) -> None:
        self._child = Confined("app.binding.child", limit=LIMIT, replace_after=50)

    def close(self) -> None:
        self._child.close()

    def bind(self, parts: Sequence[Part], footer: str) -> bytes:
        """Bind parts into one PDF; `ChildFailedError` when one of them can't be read or it takes too long."""
        head = {"titles": [p.title for p in parts], "kinds": [p.kind for p in parts], "footer": footer}
        answer = self._child.ask(Message(head, {f"part{at}": part.content for at, part in enumerate(parts)}))
        return answer.pieces["bound"]


@cache
def own_binder() -> Binder:
    """Give this process its one binder; its child starts with the first document."""
    binder = Binder()
    atexit.register(binder.close)
    return binder
