"""The panel review: the list of a call, one application with all its reports, changed scores, minutes."""

from __future__ import annotations

from decimal import Decimal

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.gate import may
from app.matters import called
from app.models import Call, Consensus, DocumentKind
from app.services.deciding import decision_queries as queries
from app.services.deciding import panel as services
from app.services.deciding.decision import decision_on
from app.services.deciding.filed_copy import current_copies
from app.services.deciding.panel_marks import change_mark
from app.services.transitions import Refused
from app.single_text import single_text
from app.ui import reason
from forms.what_if import number
from workflows.verdict import refuse
from workflows.words import _

bp = Blueprint("panel", __name__)
Answer = str | Response | tuple[str, int]
UNPROCESSABLE = 422


@bp.get("/calls/<call_id>/panel")
@may("call.view_decision")
def of_call(call: Call) -> Answer:
    rows, minutes = services.rows_of(g.act, call), services.minutes_of(g.act, call)
    decision = decision_on(g.act, call)
    made = queries.documents_of(g.act, decision, DocumentKind.PANEL_MINUTES) if decision else ()
    return render_template(
        "panel/of_call.html", call=call, rows=rows, minutes=minutes, decision=decision,
        documents=made, filed=current_copies(g.act, made),
        names={row.consensus.id: called(row.consensus.application) for row in rows}, called=called,
        people=services.people_in(g.act, minutes),
    )  # fmt: skip


@bp.get("/consensus/<consensus_id>/panel")
@may("consensus.review")
def show(consensus: Consensus) -> Answer:
    return _page(consensus)


def _page(consensus: Consensus, refused: Refused | None = None, field: str = "") -> Answer:
    page = services.panel_page(g.act, consensus)
    people = services.people_in(g.act, page.minutes)
    people |= {one.id: one.name for one in (*page.may_be_present, *page.out)}
    told = [(field, reason(one)) for one in refused.reasons] if refused else []
    shown = render_template(
        "panel/show.html", consensus=consensus, page=page, errors=told, typed=request.form, people=people,
        ticked=request.form.getlist("present"),
        criteria={line.criterion.code: line.criterion.name for line in page.lines}, name=called(consensus.application),
    )  # fmt: skip
    return shown, UNPROCESSABLE if refused else 200


@bp.post("/consensus/<consensus_id>/mark")
@may("consensus.change_mark")
def mark(consensus: Consensus) -> Answer:
    """Change one mark, with a reason."""
    criterion = request.form.get("criterion", "")[:20]
    try:
        change_mark(g.act, consensus, criterion, _points(), single_text("reason"))
    except Refused as refused:
        g.act.session.rollback()
        return _page(consensus, refused, f"points-{criterion}")
    return redirect(url_for("panel.show", consensus_id=consensus.id, _anchor="scores"), 303)


def _points() -> Decimal:
    try:
        points = number(request.form.get("points", "").strip())
    except ValueError:
        points = None
    if points is None:
        raise Refused(refuse("no-number", _("Enter the score as a number, such as 12.5.")))
    return points


@bp.post("/consensus/<consensus_id>/panel")
@may("consensus.change_mark")
def minute(consensus: Consensus) -> Answer:
    """Write an entry of the minutes."""
    try:
        services.write_minutes(g.act, consensus, request.form.getlist("present"), single_text("text"))
    except Refused as refused:
        g.act.session.rollback()
        return _page(consensus, refused, "text")
    return redirect(url_for("panel.show", consensus_id=consensus.id, _anchor="minutes"), 303)
