"""Documents beside an expression of interest, each uploaded on its own."""

from __future__ import annotations

from typing import Any

from flask import abort, current_app, g, redirect, render_template, request, url_for

from app import sign_ins
from app.access import can
from app.act import Act
from app.chance import Secret
from app.gate import database, may
from app.inspection.slots import MIME_TYPES
from app.models import Expression
from app.scanning import scanner_at
from app.services.call import definition_of
from app.services.files import Place, files_in, keep, place_of, receive
from app.services.transitions import Refused
from app.ui import reason
from app.views.expression import Answer, bp

UNPROCESSABLE = 422
_PIECE = 64 * 1024


def _judge_before_the_transaction() -> None:
    """Read, judge and store what was chosen while no transaction is open; only for somebody who may upload here."""
    g.received, g.refused = None, None
    chosen = request.files.get("file")
    if chosen is None or not chosen.filename or (place := _place_for(request.view_args or {})) is None:
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
        expression = session.get(Expression, arguments["expression_id"])
        act = Act(session, now, Secret(), g.request_id, signed_in.person if signed_in else None)
        if expression is None or not can(act, "expression.edit", expression):
            return None
        return _place(expression, arguments["slot"])


def _place(expression: Expression, slot: str) -> Place | None:
    try:
        return place_of(expression.call, slot)
    except KeyError:
        return None


@bp.get("/expressions/<expression_id>/documents")
@may("expression.edit")
def documents(expression: Expression) -> Answer:
    return _page(expression)


@bp.post("/expressions/<expression_id>/documents/<slot>")
@may("expression.edit", before=_judge_before_the_transaction)
def upload(expression: Expression, slot: str) -> Answer:
    if _place(expression, slot) is None:
        abort(404)
    if g.received is None:
        return _page(expression, slot, g.refused)
    try:
        keep(g.act, expression, slot, g.received)
    except Refused as refused:
        g.act.session.rollback()
        return _page(expression, slot, refused)
    return redirect(url_for("expression.documents", expression_id=expression.id) + f"#{slot}", 303)


def _page(expression: Expression, wrong: str = "", refused: Refused | None = None) -> Answer:
    status = UNPROCESSABLE if request.method == "POST" else 200
    return render_template(
        "expression/documents.html", expression=expression, places=_places(expression), wrong_slot=wrong,
        faults=[reason(one) for one in refused.reasons] if refused else [], has_errors=status == UNPROCESSABLE,
    ), status  # fmt: skip


def _places(expression: Expression) -> list[dict[str, Any]]:
    """Each place for files of the call, with what lies there."""
    return [
        {
            "slot": slot,
            "files": (found := files_in(g.act, expression, slot.id)),
            "full": len(found) >= slot.max_count,
            "accept": ",".join(MIME_TYPES[kind] for kind in slot.formats),
        }
        for slot in definition_of(expression.call).documents
    ]
