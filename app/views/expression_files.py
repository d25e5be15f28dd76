"""Documents beside an expression of interest, each uploaded on its own."""

from __future__ import annotations

from typing import Any

from flask import abort, g, redirect, render_template, request, url_for

from app.gate import may
from app.inspection.slots import MIME_TYPES
from app.models import Expression
from app.services.call import definition_of
from app.services.files import Place, files_in, keep, place_of
from app.services.transitions import Refused
from app.ui import reason
from app.uploads import judging
from app.views.expression import Answer, bp

UNPROCESSABLE = 422


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
@may("expression.edit", before=judging(Expression, "expression.edit"))
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
