"""Pictures of certificates, to hold beside the paper: drawn once in a confined child, kept by the digest of the PDF."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from pathlib import Path

from app.confined.frames import Message
from app.confined.parent import Confined

WIDTH = 1000  # pixels; a page of A4 landscape is then 708 high
HEIGHT = 708
_DIGEST = re.compile(r"[0-9a-f]{64}")


class Pictures:
    """A folder of pictures. It holds nothing that can't be drawn again: it may be emptied, and backups leave it out."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def of(self, sha256: str, read: Callable[[], bytes]) -> bytes:
        """Give the PNG of a PDF's first page; `read` gives its bytes and is asked only where the picture is not kept.

        ChildFailedError where it cannot be drawn.
        """
        if not _DIGEST.fullmatch(sha256):
            raise ValueError("a picture is kept by the digest of its PDF")
        kept = self._folder / f"{sha256}.png"
        if not kept.is_file():
            self._keep(kept, _drawn(read()))
        return kept.read_bytes()

    def _keep(self, path: Path, png: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self._folder, prefix=".partial-", delete=False) as partial:
            partial.write(png)
        Path(partial.name).rename(path)


def _drawn(pdf: bytes) -> bytes:
    with Confined("app.documents.picture_child", limit=20) as child:
        return child.ask(Message({"width": WIDTH}, {"pdf": pdf})).pieces["png"]
