"""Documents of an application: one place for each, uploaded on their own."""

from __future__ import annotations

from typing import Any

from flask import abort, g, redirect, render_template, request, url_for

from app.facts.membership import has_accepted, name_of_partner
from app.facts.readiness import owing
from app.gate import may
from app.inspection.slots import MIME_TYPES
from app.models import Application, Membership
from app.services.call import definition_of
from app.services.canonical import live_members
from app.services.files import files_in, keep, places_of
from app.services.transitions import Refused
from app.ui import reason
from app.uploads import judging
from app.views.application import Answer, bp

UNPROCESSABLE = 422


@bp.get("/applications/<application_id>/documents")
@may("application.edit")
def documents(application: Application) -> Answer:
    return _page(application)


@bp.post("/applications/<application_id>/documents/<slot>")
@may("application.upload", before=judging(Application, "application.upload"))
def upload(application: Application, slot: str) -> Answer:
    member = g.act.session.get(Membership, request.form["partner"]) if request.form.get("partner") else None
    if member is not None and member.application_id != application.id:
        abort(404)
    anchor = f"{slot}-{member.id if member else 'all'}"
    if g.received is None:
        return _page(application, anchor, g.refused)
    try:
        keep(g.act, application, slot, g.received, membership=member)
    except (Refused, KeyError) as fault:
        g.act.session.rollback()
        return _page(application, anchor, fault if isinstance(fault, Refused) else abort(404))
    back = request.form.get("back", "")
    sections = {section.id for section in definition_of(application.call).sections}
    if back in sections:
        return redirect(url_for("application.section", application_id=application.id, section_id=back), 303)
    return redirect(url_for("application.documents", application_id=application.id) + f"#{anchor}", 303)


def _page(application: Application, anchor: str = "", refused: Refused | None = None) -> Answer:
    faults = [reason(one) for one in refused.reasons] if refused else []
    status = UNPROCESSABLE if request.method == "POST" else 200
    return render_template(
        "application/documents.html", application=application, places=_places(application), anchor=anchor,
        faults=faults, unchosen=status == UNPROCESSABLE and refused is None, has_errors=status == UNPROCESSABLE,
    ), status  # fmt: skip


def _places(application: Application) -> list[dict[str, Any]]:
    """Give each place for files: one of the application, or one for each partner that owes a document."""
    slots = {slot.id: slot for slot in definition_of(application.call).documents}
    confirmed = [member for member in live_members(application) if has_accepted(member)]
    found = []
    for place in places_of(application.call):
        members: list[Membership | None] = [None]
        waived: list[str] = []
        if place.per_partner:
            due = owing(slots[place.id], confirmed)
            members = [member for member in confirmed if member in due or not place.required]
            waived = [name_of_partner(member) for member in confirmed if member not in members]
        lines = [_line(application, place.id, place.most, member) for member in members]
        accept = ",".join(MIME_TYPES[kind] for kind in place.limits.kinds)
        found.append({"place": place, "accept": accept, "lines": lines, "waived": waived})
    return found


def _line(application: Application, slot: str, most: int, member: Membership | None) -> dict[str, Any]:
    files = files_in(g.act, application, slot, member)
    return {
        "anchor": f"{slot}-{member.id if member else 'all'}",
        "partner": member,
        "name": name_of_partner(member) if member else "",
        "files": files,
        "full": len(files) >= most,
    }
