"""An uploaded PDF read page by page: pictures and text, made by the confined child from what the reader may have."""

from __future__ import annotations

from app.access import can
from app.act import Act
from app.models import Application, File
from app.plain.maker import own_maker
from app.services.anonymising.plain_copies import plain_copy_of
from app.services.evaluating.reading import PDF
from app.store import Store
from workflows.file import State


def pages_of(act: Act, file_id: str, store: Store) -> list[str] | None:
    """Give the text of each page; None for a file that can't be read. Raises `Refused` without a copy to show."""
    file = act.session.get_one(File, file_id)
    return own_maker().texts(_content(act, file, store))


def page_of(act: Act, file: File, number: int, store: Store) -> bytes | None:
    """Draw a page, counted from 1; None where there is none, or the file is no PDF that passed its inspection."""
    if file.media_type != PDF or file.state is State.QUARANTINED:
        return None
    return own_maker().page(_content(act, file, store), number - 1)


def _content(act: Act, file: File, store: Store) -> bytes:
    """Give the bytes the reader may have: without properties where the call hides who applies."""
    if file.application_id is not None:
        application = act.session.get_one(Application, file.application_id)
        if not can(act, "application.view_people", application):
            return store.get(plain_copy_of(act, file)[0])
    return store.get(file.sha256)
