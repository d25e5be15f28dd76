"""The public draw of a call: its page for everybody, its commitment, and the draw itself."""

from __future__ import annotations

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.access import can
from app.gate import may
from app.models import Call, Decision
from app.services.deciding.decision import decision_on
from app.services.deciding.public_draw import commit_draw, draw_equals, public_draw
from app.services.transitions import Refused
from app.ui import reason

bp = Blueprint("public_draw", __name__)
Answer = str | Response | tuple[str, int]
UNPROCESSABLE = 422


@bp.get("/calls/<call_id>/draw")
@may("call.view_draw")
def show(call: Call) -> Answer:
    return _page(call)


def _page(call: Call, status: int = 200, errors: list[tuple[str, str]] | None = None) -> Answer:
    asked = request.args.get("application", "").strip()[:40]
    found = public_draw(g.act, call, asked)
    decision = decision_on(g.act, call)
    mine = decision if decision is not None and can(g.act, "decision.draw", decision) else None
    page = render_template(
        "decision/draw.html", call=call, page=found, asked=asked, decision=mine, errors=errors or [], typed=request.form
    )
    return page, status


@bp.post("/calls/<call_id>/draw")
@may("call.commit_draw")
def commit(call: Call) -> Answer:
    commit_draw(g.act, call)
    return redirect(url_for("public_draw.show", call_id=call.id), 303)


@bp.post("/decisions/<decision_id>/draw")
@may("decision.draw")
def draw(decision: Decision) -> Answer:
    try:
        draw_equals(g.act, decision, request.form.get("number", ""))
    except Refused as refused:
        g.act.session.rollback()
        return _page(decision.call, UNPROCESSABLE, [("number", reason(one)) for one in refused.reasons])
    return redirect(url_for("decision.show", decision_id=decision.id), 303)
