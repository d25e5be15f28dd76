"""What tells who applies in the files evaluators get: found page by page. Files are never changed."""

from __future__ import annotations

from dataclasses import dataclass

from app.act import Act
from app.facts.redaction import proposals_in
from app.models import Redaction
from app.plain.maker import PDF, PICTURES, own_maker
from app.services.anonymising.redaction_files import FileSide, file_sides
from app.store import Store
from workflows.redaction_names import Span


@dataclass(frozen=True)
class Page:
    """One page, or part of an office document, counted from 1, with what in its text may tell who applies."""

    number: int
    text: str
    found: tuple[Span, ...]


@dataclass(frozen=True)
class Searched:
    """A file as evaluators get it, and what was found on its pages."""

    file: FileSide
    pages: tuple[Page, ...] | None  # None: a picture, or what can't be read to its end

    @property
    def is_picture(self) -> bool:
        return self.file.media_type in PICTURES

    @property
    def has_pages(self) -> bool:
        """Whether it is counted in pages; an office document has none until somebody prints it."""
        return self.file.media_type == PDF

    @property
    def for_a_person(self) -> bool:
        """Whether somebody must look at it: a search finds nothing in a picture."""
        return self.pages is None or bool(self.without_text)

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
        texts = own_maker().texts(store.get(file.sha256), file.media_type)
        pages = None if texts is None else tuple(Page(n, text, found(text)) for n, text in enumerate(texts, start=1))
        searched.append(Searched(file, pages))
    return tuple(searched)
