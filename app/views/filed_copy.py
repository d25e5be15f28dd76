"""Copies of an act or of minutes that were signed outside: filed, listed, given."""

from __future__ import annotations

from flask import abort, current_app, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.gate import may
from app.models import Call, Document
from app.services.deciding import filed_copy as services
from app.services.transitions import Refused
from app.ui import reason
from app.uploads import judging_copy
from app.views.document import bp
from app.views.file import attachment
from forms.filed_copy import FiledCopyForm, NewerCopyForm
from workflows.verdict import refuse
from workflows.words import _

Answer = str | Response | tuple[str, int]
UNPROCESSABLE = 422


@bp.get("/documents/<document_id>/copies")
@may("document.view_copies")
def copies(document: Document) -> Answer:
    return _page(document, _form(document))


def _form(document: Document) -> FiledCopyForm:
    form = NewerCopyForm if services.copies_of(g.act, document) else FiledCopyForm
    return form(request.form if request.method == "POST" else None)


def _page(document: Document, form: FiledCopyForm, refused: Refused | None = None) -> Answer:
    if refused is not None:
        form.form_errors = [reason(one) for one in refused.reasons]
    page = render_template(
        "document/copies.html", document=document, form=form, found=services.copies_of(g.act, document),
        call=g.act.session.get_one(Call, document.call_id),
    )  # fmt: skip
    return (page, UNPROCESSABLE) if request.method == "POST" else page


@bp.post("/documents/<document_id>/copies")
@may("document.file_copy", before=judging_copy)
def file_copy(document: Document) -> Answer:
    """File a signed copy; a newer one has a reason, and the earlier ones stay."""
    form = _form(document)
    if not form.validate() or form.signed_on.data is None:
        return _page(document, form)
    said = services.Said(form.reference.data or "", form.signed_on.data, form.answers.get("reason") or "")
    try:
        if g.received is None:
            raise g.refused or Refused(refuse("no-file", _("Choose a file first.")))
        services.file_copy(g.act, document, said, g.received)
    except Refused as refused:
        g.act.session.rollback()
        return _page(document, form, refused)
    return redirect(url_for("document.copies", document_id=document.id), 303)


@bp.get("/documents/<document_id>/copies/<int:number>")
@may("document.view_copies")
def copy(document: Document, number: int) -> Answer:
    found = services.copy_numbered(g.act, document, number) or abort(404)
    pieces = current_app.extensions["store"].stream(found.sha256)
    return attachment(pieces, name=found.file_name, media_type="application/pdf", size=found.size)
