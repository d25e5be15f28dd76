"""Documents of an application: one place for each, uploaded on their own."""

from __future__ import annotations

from typing import Any

from flask import abort, current_app, g, redirect, render_template, request, url_for

from app import sign_ins
from app.access import can
from app.act import Act
from app.chance import Secret
from app.facts.membership import has_confirmed, name_of_partner
from app.facts.readiness import owing
from app.gate import database, may
from app.inspection.slots import MIME_TYPES
from app.models import Application, Membership
from app.scanning import scanner_at
from app.services.call import definition_of
from app.services.canonical import live_members
from app.services.files import Place, files_in, keep, place_of, places_of, receive
from app.services.transitions import Refused
from app.ui import reason
from app.views.application import Answer, bp

UNPROCESSABLE = 422
_PIECE = 64 * 1024


def _judge_before_the_transaction() -> None:
    """Read, judge and store what was chosen while no transaction is open; only for somebody who may upload here."""
    g.received, g.refused = None, None
    arguments = request.view_args or {}
    chosen = request.files.get("file")
    if chosen is None or not chosen.filename or (place := _place_for(arguments)) is None:
        return
    try:
        scanner = scanner_at(current_app.extensions["settings"].scanner)
        pieces = iter(lambda: chosen.stream.read(_PIECE), b"")
        g.received = receive(place, chosen.filename, pieces, store=current_app.extensions["store"], scanner=scanner)
    except Refused as refused:
        g.refused = refused


def _place_for(arguments: dict[str, Any]) -> Place | None:
    with database().reading() as session:
        now = current_app.extensions["clock"]()
        signed_in = sign_ins.current(session, now)
        application = session.get(Application, arguments["application_id"])
        act = Act(session, now, Secret(), g.request_id, signed_in.person if signed_in else None)
        if application is None or not can(act, "application.upload", application):
            return None
        try:
            return place_of(application.call, arguments["slot"])
        except KeyError:
            return None


@bp.get("/applications/<application_id>/documents")
@may("application.edit")
def documents(application: Application) -> Answer:
    return _page(application)


@bp.post("/applications/<application_id>/documents/<slot>")
@may("application.upload", before=_judge_before_the_transaction)
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
    confirmed = [member for member in live_members(application) if has_confirmed(member)]
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
