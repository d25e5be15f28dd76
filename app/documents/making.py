"""From a stored snapshot to the bytes of its document."""

from collections.abc import Callable, Mapping
from typing import Any

from app.documents import certificate, pages
from app.documents.print_job import PrintJob
from app.documents.renderer import Renderer
from app.documents.snapshots import Kind

# Which templates and rules made a document: stored with it, raised when its look changes.
TEMPLATE_VERSION = 1

_JOBS: Mapping[Kind, Callable[[Any], PrintJob]] = {
    "certificate": certificate.job,
    "receipt": pages.receipt,
    "letter": pages.letter,
    "reading_copy": pages.reading_copy,
    "summary_report": pages.summary_report,
}


def make_pdf(kind: Kind, snapshot: Mapping[str, Any], renderer: Renderer) -> bytes:
    """Print a snapshot (see `snapshots`). The same snapshot, fonts and libraries give the same bytes.

    DocumentError when it cannot be printed: the sentence says why.
    """
    return renderer.render(_JOBS[kind](snapshot))
