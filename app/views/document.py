"""Documents of ours: made by a job, then served as those bytes for ever."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, g, redirect, render_template, url_for
from werkzeug.wrappers import Response as Answer

from app.documents.letter_text import letter_text
from app.gate import may
from app.models import Document
from app.services.documents.document_making import TEMPLATES
from app.services.evaluating.reading_pack import refuse_outdated
from app.text_document import MEDIA_TYPE
from app.views.file import attachment

bp = Blueprint("document", __name__)
ACCEPTED = 202


@bp.get("/documents/<document_id>")
@may("document.view")
def show(document: Document) -> Response | tuple[str, int]:
    refuse_outdated(g.act, document)
    if document.issued_sha256 is None:
        return render_template("document/waiting.html", document=document), ACCEPTED
    pieces = current_app.extensions["store"].stream(document.issued_sha256)
    return attachment(pieces, name=document.file_name, media_type="application/pdf", size=document.size)


@bp.get("/documents/<document_id>/text")
@may("document.view")
def text(document: Document) -> Answer:
    """Give a letter or an act as a text document, to be circulated or signed elsewhere; others are a PDF alone."""
    if TEMPLATES[document.kind] != "letter":
        return redirect(url_for("document.show", document_id=document.id), 303)
    data = letter_text(document.snapshot)
    name = document.file_name.removesuffix(".pdf") + ".docx"
    return attachment([data], name=name, media_type=MEDIA_TYPE, size=len(data))
