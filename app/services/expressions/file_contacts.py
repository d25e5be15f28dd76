"""E-mail addresses and telephone numbers in the files of an expression of interest: told to its author, never changed.

In texts they are hidden from the public until both sides agree; a file is given out as it is.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from app.act import Act
from app.models import Expression, File
from app.plain.maker import own_maker
from app.store import Store
from workflows.contact_details import has_contacts
from workflows.file import KEPT

MOST_KNOWN = 5000
_known: dict[str, tuple[int, ...] | None] = {}  # by the digest of the bytes, so it never grows old


@dataclass(frozen=True)
class Telling:
    """A file that may hold contact details: on these pages, counted from 1; None: it can't be searched."""

    file: File
    pages: tuple[int, ...] | None
    paged: bool  # it has pages of its own


def telling_files(act: Act, expression: Expression, store: Store) -> tuple[Telling, ...]:
    """Give the files of the draft in which contact details were found, and those that can't be searched."""
    query = select(File).where(File.expression_id == expression.id, File.state.in_(KEPT))
    files = act.session.scalars(query.order_by(File.slot, File.uploaded_at)).all()
    found = ((file, _pages(file, store)) for file in files)
    return tuple(Telling(file, pages, file.pages is not None) for file, pages in found if pages != ())


def _pages(file: File, store: Store) -> tuple[int, ...] | None:
    if file.sha256 not in _known:
        if len(_known) >= MOST_KNOWN:
            _known.clear()
        _known[file.sha256] = _searched(store.get(file.sha256), file.media_type)
    return _known[file.sha256]


def _searched(content: bytes, media_type: str) -> tuple[int, ...] | None:
    texts = own_maker().texts(content, media_type)
    if texts is None or not "".join(texts).strip():  # a picture, or a document that is one
        return None
    return tuple(number for number, text in enumerate(texts, start=1) if has_contacts(text))
