"""Documents beside an expression of interest, each uploaded on its own."""

from __future__ import annotations

from flask import abort, current_app, g, redirect, render_template, request, url_for

from app.gate import may
from app.models import Expression, File
from app.services.calls.call import definition_of
from app.services.calls.call_queries import closing_precision
from app.services.expressions.file_contacts import telling_files
from app.services.transitions import Refused
from app.services.uploads.file_places import shown_places
from app.services.uploads.files import Place, Where, keep, place_of
from app.ui import reason
from app.uploads import judging
from app.views.expression import Answer, bp

UNPROCESSABLE = 422
LONGEST_CAPTION = 300


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
        keep(g.act, expression, slot, g.received, _where(expression))
    except Refused as refused:
        g.act.session.rollback()
        return _page(expression, slot, refused)
    return redirect(url_for("expression.documents", expression_id=expression.id) + f"#{slot}-all", 303)


def _where(expression: Expression) -> Where:
    """Read from the form which file is replaced and what a picture shows; the file must be the expression's."""
    older = g.act.session.get(File, request.form["replaces"]) if request.form.get("replaces") else None
    if older is not None and older.expression_id != expression.id:
        abort(404)
    return Where(None, older, request.form.get("caption", "").strip()[:LONGEST_CAPTION])


def _page(expression: Expression, wrong: str = "", refused: Refused | None = None) -> Answer:
    status = UNPROCESSABLE if request.method == "POST" else 200
    return render_template(
        "expression/documents.html", telling=telling_files(g.act, expression, current_app.extensions["store"]),
        expression=expression, owner=expression, places=shown_places(g.act, expression),
        anchor=f"{wrong}-all" if wrong else "", unchosen=status == UNPROCESSABLE and refused is None,
        faults=[reason(one) for one in refused.reasons] if refused else [], has_errors=status == UNPROCESSABLE,
        precision=closing_precision(expression.call, definition_of(expression.call)),
    ), status  # fmt: skip
