"""The renderer as the jobs see it: a print job in, the bytes of a PDF out."""

from pathlib import Path
from types import TracebackType
from typing import Self

from app.confined.frames import Message
from app.confined.parent import ChildFailedError, Confined
from app.documents.print_job import DocumentError, PrintJob

FONTS = Path(__file__).resolve().parent.parent / "fonts"
_FONTCONFIG = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir></fontconfig>
"""


class Renderer:
    """One confined child that prints; safe for several threads, which wait for each other.

    It sees the project's fonts and no others. A document may take `limit` seconds; the child is replaced after
    `replace_after` documents, and after each failure.
    """

    def __init__(self, *, limit: float = 60, replace_after: int = 200, fonts: Path = FONTS) -> None:
        self._child = Confined("app.documents.child", limit=limit, replace_after=replace_after)
        listed = self._child.folder / "fonts.conf"
        listed.write_text(_FONTCONFIG.format(fonts=fonts, cache=self._child.folder / "fontconfig"), encoding="utf-8")
        # Without this file fontconfig offers the system's fonts, and the document looks different on each machine.
        self._child.settings["FONTCONFIG_FILE"] = str(listed)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._child.close()

    def render(self, job: PrintJob) -> bytes:
        """Print. DocumentError when a resource is missing, the text does not fit, or the child fails or is too late."""
        head = {
            "attempts": [{"html": attempt.html, "pages": attempt.pages} for attempt in job.attempts],
            "css": job.css,
            "identifier": job.identifier,
            "made_at": job.made_at,
            "attached": [
                {"name": entry.name, "description": entry.description, "relationship": entry.relationship}
                for entry in job.attached
            ],
        }
        pieces = dict(job.resources) | {entry.name: entry.content for entry in job.attached}
        try:
            answer = self._child.ask(Message(head, {f"resource/{name}": piece for name, piece in pieces.items()}))
        except ChildFailedError as fault:
            raise DocumentError(str(fault)) from fault
        if complaints := answer.head.get("complaints"):
            raise DocumentError(f"the renderer complained: {complaints}")
        return answer.pieces["pdf"]
