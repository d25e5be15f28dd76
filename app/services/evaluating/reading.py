"""What an expert reads: the submitted version as it was frozen, without names where the call hides them."""

from __future__ import annotations

from dataclasses import dataclass

from app.access import can
from app.act import Act
from app.models import Application, File
from app.prose import pieces
from app.services.applications.content import ShownContent, ShownFile
from app.services.evaluating.readable import readable_by

PDF = "application/pdf"


def reading_of(act: Act, application: Application) -> ShownContent:
    """Give the version in force as the acting person may read it."""
    return readable_by(act, application).shown


def shown_file(act: Act, content: ShownContent, file_id: str) -> ShownFile | None:
    """Give a PDF of the application that is asked for, to be read page by page."""
    found = next((file for file in content.files if file.id == file_id and file.media_type == PDF), None)
    return found if found and can(act, "file.view", act.session.get(File, file_id)) else None


@dataclass(frozen=True)
class Passages:
    """The paragraphs of one answer, each of which a remark can be pinned to."""

    place: str
    label: str
    texts: tuple[str, ...]


def passages_of(content: ShownContent, question: str) -> Passages | None:
    """Split an answer that is asked for into its paragraphs; None where there is no such answer."""
    for section in content.sections:
        for answer in section.answers:
            if answer.id == question:
                said = str(answer.value) if answer.kind in ("long", "text") else ""
                texts = tuple(piece.text for piece in pieces(said)) if said else ()
                return Passages(f"answer-{answer.id}", answer.label, texts)
    return None
