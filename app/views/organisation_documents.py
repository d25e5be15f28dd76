"""Documents an organisation keeps once, for its own people: each with its day, used again in applications."""

from __future__ import annotations

from datetime import date

from flask import abort, current_app, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.gate import may
from app.models import Organisation
from app.scanning import scanner_at
from app.services.organisations.profile_documents import documents_of, keep_in_profile, kinds_kept, place_in_profile
from app.services.transitions import Refused
from app.services.uploads.files import receive
from app.ui import reason
from app.uploads import pieces_of, sent_by_one_who_may
from app.views.organisation import bp

UNPROCESSABLE = 422
Answer = Response | tuple[str, int]


def _receive() -> None:
    """Judge and store the file before the transaction, for those alone who may keep it."""
    g.received, g.refused = None, None
    chosen = request.files.get("file")
    organisation = sent_by_one_who_may(Organisation, "profile.keep_document")
    if chosen is None or not chosen.filename or organisation is None:
        return
    place = place_in_profile(request.form.get("kind", ""))
    scanner = scanner_at(current_app.extensions["settings"].scanner)
    try:
        store = current_app.extensions["store"]
        g.received = receive(place, chosen.filename, pieces_of(chosen), store=store, scanner=scanner)
    except Refused as refused:
        g.refused = refused


@bp.get("/organisations/<organisation_id>/documents")
@may("profile.view_documents")
def documents(organisation: Organisation) -> Answer:
    return _page(organisation)


@bp.post("/organisations/<organisation_id>/documents")
@may("profile.keep_document", before=_receive)
def keep_document(organisation: Organisation) -> Answer:
    kind, day = request.form.get("kind", ""), _day(request.form.get("dated_on", ""))
    if kind not in kinds_kept(g.act):
        abort(404)
    if g.refused is not None:
        return _page(organisation, [reason(one) for one in g.refused.reasons])
    if g.received is None:
        return _page(organisation, [_("Choose a file first.")])
    if day is None:
        return _page(organisation, [_("Give the day of the document, such as 2026-03-03.")])
    try:
        keep_in_profile(g.act, organisation, kind, day, g.received)
    except Refused as refused:
        g.act.session.rollback()
        return _page(organisation, [reason(one) for one in refused.reasons])
    return redirect(url_for("organisation.documents", organisation_id=organisation.id), 303)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def _page(organisation: Organisation, faults: list[str] | None = None) -> tuple[str, int]:
    return render_template(
        "organisation/documents.html", organisation=organisation, files=documents_of(g.act, organisation),
        kinds=kinds_kept(g.act), faults=faults or [], has_errors=bool(faults), typed=request.form,
    ), UNPROCESSABLE if faults else 200  # fmt: skip
