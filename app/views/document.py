"""Documents of ours: made by a job, then served as those bytes for ever."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, g, render_template

from app.gate import may
from app.models import Document
from app.services.evaluating.reading_pack import refuse_outdated
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
