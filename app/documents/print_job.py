"""What is asked of the renderer: pages to try in order, what they show, what is attached, and the file's identity."""

from collections.abc import Mapping
from dataclasses import dataclass, field


class DocumentError(RuntimeError):
    """A document could not be made; the sentence says why, for the job's record and the office."""


@dataclass(frozen=True)
class Attempt:
    """One way to set the document. It fits when it has `pages` pages (0: any number) and nothing runs into the foot."""

    html: str
    pages: int = 0


@dataclass(frozen=True)
class Attached:
    """A file inside the PDF: `label.json` of a certificate, as PDF/A-3 has it."""

    name: str
    content: bytes
    description: str
    mime_type: str = "application/json"
    relationship: str = "Data"


@dataclass(frozen=True)
class PrintJob:
    """A document to print. `identifier` and `made_at` (ISO, UTC) are the record's, so that bytes are the same.

    `resources` are the only things the pages may fetch: `print:NAME` for each of them.
    """

    attempts: tuple[Attempt, ...]
    css: str
    identifier: str
    made_at: str
    resources: Mapping[str, bytes] = field(default_factory=dict)
    attached: tuple[Attached, ...] = ()
