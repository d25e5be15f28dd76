"""From a stored snapshot to the bytes of its document."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from app.documents import certificate, pages
from app.documents.figures import PREFIX
from app.documents.print_job import PrintJob
from app.documents.renderer import Renderer
from app.documents.snapshots import Kind

# Which templates and rules made a document: stored with it, raised when its look changes.
TEMPLATE_VERSION = 1

_NO_FIGURES: Mapping[str, bytes] = MappingProxyType({})
_JOBS: Mapping[Kind, Callable[[Any], PrintJob]] = {
    "certificate": certificate.job,
    "receipt": pages.receipt,
    "letter": pages.letter,
    "reading_copy": pages.reading_copy,
    "summary_report": pages.summary_report,
}


def make_pdf(
    kind: Kind, snapshot: Mapping[str, Any], renderer: Renderer, figures: Mapping[str, bytes] = _NO_FIGURES
) -> bytes:
    """Print a snapshot (see `snapshots`). The same snapshot, fonts and libraries give the same bytes.

    `figures` are the bytes of the pictures it shows, by digest (see `figures_in`). DocumentError when it cannot be
    printed: the sentence says why.
    """
    job = _JOBS[kind](snapshot)
    brought = {f"{PREFIX}{digest}.png": content for digest, content in figures.items()}
    return renderer.render(replace(job, resources={**job.resources, **brought}))


def figures_in(snapshot: Mapping[str, Any]) -> frozenset[str]:
    """Give the digests of the pictures that a snapshot shows in the place of answers."""
    blocks = (block for section in snapshot.get("sections", ()) for block in section.get("blocks", ()))
    return frozenset(figure["sha256"] for block in blocks for figure in block.get("figures", ()))
