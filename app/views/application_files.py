"""Documents of an application: one place for each, uploaded on their own; and those that follow the award."""

from __future__ import annotations

from typing import Any

from flask import abort, g, redirect, render_template, request, url_for

from app.gate import may
from app.models import Application, File, Membership
from app.services.calls.call import definition_of
from app.services.labels.award_documents import award_due_at
from app.services.organisations.profile_documents import repeat
from app.services.transitions import Refused
from app.services.uploads.file_places import shown_places
from app.services.uploads.files import Where, keep, place_of
from app.ui import reason
from app.uploads import judging
from app.views.application import Answer, bp
from workflows.definition_questions import DocumentDue

UNPROCESSABLE = 422
LONGEST_CAPTION = 300


@bp.get("/applications/<application_id>/documents")
@may("application.edit")
def documents(application: Application) -> Answer:
    return _page(application)


@bp.post("/applications/<application_id>/documents/<slot>")
@may("application.upload", before=judging(Application, "application.upload"))
def upload(application: Application, slot: str) -> Answer:
    return _taken(application, slot, DocumentDue.APPLICATION)


@bp.post("/applications/<application_id>/documents/<slot>/from-profile")
@may("application.upload")
def take_from_profile(application: Application, slot: str) -> Answer:
    return _repeated(application, slot, DocumentDue.APPLICATION)


@bp.get("/applications/<application_id>/award-documents")
@may("application.view_award_documents")
def award_documents(application: Application) -> Answer:
    return _page(application, due=DocumentDue.AWARD)


@bp.post("/applications/<application_id>/award-documents/<slot>")
@may("application.upload_award", before=judging(Application, "application.upload_award"))
def upload_award(application: Application, slot: str) -> Answer:
    return _taken(application, slot, DocumentDue.AWARD)


@bp.post("/applications/<application_id>/award-documents/<slot>/from-profile")
@may("application.upload_award")
def take_award_from_profile(application: Application, slot: str) -> Answer:
    return _repeated(application, slot, DocumentDue.AWARD)


def _taken(application: Application, slot: str, due: DocumentDue) -> Answer:
    where = _where(application)
    anchor = _anchor(slot, where)
    if g.received is None:
        return _page(application, due, anchor, g.refused)
    try:
        keep(g.act, application, slot, g.received, where)
    except (Refused, KeyError) as fault:
        g.act.session.rollback()
        return _page(application, due, anchor, fault if isinstance(fault, Refused) else abort(404))
    return _back(application, due, anchor)


def _repeated(application: Application, slot: str, due: DocumentDue) -> Answer:
    where = _where(application)
    source = g.act.session.get(File, request.form.get("source", "")) or abort(404)
    try:
        if place_of(application.call, slot).due is not due:
            abort(404)
        repeat(g.act, application, slot, source, where)
    except KeyError:
        abort(404)
    except Refused as refused:
        g.act.session.rollback()
        return _page(application, due, _anchor(slot, where), refused)
    return _back(application, due, _anchor(slot, where))


def _where(application: Application) -> Where:
    """Read from the form whose the file is and what it replaces; both must belong to the application."""
    session, form = g.act.session, request.form
    member = session.get(Membership, form["partner"]) if form.get("partner") else None
    older = session.get(File, form["replaces"]) if form.get("replaces") else None
    if any(one is not None and one.application_id != application.id for one in (member, older)):
        abort(404)
    return Where(member, older, form.get("caption", "").strip()[:LONGEST_CAPTION])


def _anchor(slot: str, where: Where) -> str:
    return f"{slot}-{where.membership.id if where.membership else 'all'}"


def _back(application: Application, due: DocumentDue, anchor: str) -> Answer:
    if due is DocumentDue.AWARD:
        address = url_for("application.award_documents", application_id=application.id)
        return redirect(f"{address}#{anchor}", 303)
    back = request.form.get("back", "")
    if back in {section.id for section in definition_of(application.call).sections}:
        return redirect(url_for("application.section", application_id=application.id, section_id=back), 303)
    return redirect(url_for("application.documents", application_id=application.id) + f"#{anchor}", 303)


def _page(
    application: Application,
    due: DocumentDue = DocumentDue.APPLICATION,
    anchor: str = "",
    refused: Refused | None = None,
) -> Answer:
    status = UNPROCESSABLE if request.method == "POST" else 200
    shown: dict[str, Any] = {
        "application": application, "owner": application, "anchor": anchor, "has_errors": status == UNPROCESSABLE,
        "faults": [reason(one) for one in refused.reasons] if refused else [],
        "unchosen": status == UNPROCESSABLE and refused is None, "places": shown_places(g.act, application, due),
    }  # fmt: skip
    if due is DocumentDue.AWARD:
        due_at = award_due_at(g.act, application)
        return render_template("application/award_documents.html", due_at=due_at, **shown), status
    later = [slot for slot in definition_of(application.call).documents if slot.due is DocumentDue.AWARD]
    return render_template("application/documents.html", later=later, **shown), status
