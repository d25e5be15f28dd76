"""What tells who applies on the pages of the files evaluators get: found page by page. Files are never changed."""

from __future__ import annotations

from dataclasses import dataclass

from app.act import Act
from app.facts.redaction import proposals_in
from app.models import Redaction
from app.plain.maker import own_maker
from app.services.anonymising.redaction_files import FileSide, file_sides
from app.services.evaluating.reading import PDF
from app.store import Store
from workflows.redaction_names import Span


@dataclass(frozen=True)
class Page:
    """One page, counted from 1, with the passages of its text that may tell who applies."""

    number: int
    text: str
    found: tuple[Span, ...]


@dataclass(frozen=True)
class Searched:
    """A file as evaluators get it, and what was found on its pages."""

    file: FileSide
    pages: tuple[Page, ...] | None  # None: no PDF, or one that can't be read to its end

    @property
    def telling(self) -> tuple[Page, ...]:
        return tuple(page for page in self.pages or () if page.found)

    @property
    def without_text(self) -> tuple[int, ...]:
        """The pages that are a picture alone, or empty: nothing can be found there."""
        return tuple(page.number for page in self.pages or () if not page.text.strip())


def searched_files(act: Act, redaction: Redaction, store: Store) -> tuple[Searched, ...]:
    """Search every file that evaluators get a copy of, for what the texts are searched for."""
    found = proposals_in(act, redaction)
    searched = []
    for file in file_sides(act, redaction):
        if not file.is_given:
            continue
        texts = own_maker().texts(store.get(file.sha256)) if file.media_type == PDF else None
        pages = None if texts is None else tuple(Page(n, text, found(text)) for n, text in enumerate(texts, start=1))
        searched.append(Searched(file, pages))
    return tuple(searched)
