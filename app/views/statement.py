"""Statements of work: counted for a call, confirmed by the evaluator, approved by the office, exported for finance."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.access import can
from app.gate import may
from app.models import Call, Statement
from app.services.experts.statement_of_work import count_all, csv_of, paper_of, set_panel_days, statements_of
from app.services.experts.work_done import NAMES, terms_of, units_of
from app.services.history import history_of
from app.services.transitions import Refused
from app.ui import reason
from forms.pool import PanelDaysForm

bp = Blueprint("statement", __name__)
Answer = str | Response | tuple[str, int]
UNPROCESSABLE = 422


@bp.get("/calls/<call_id>/statements")
@may("call.count_work")
def of_call(call: Call) -> Answer:
    terms = terms_of(call)
    lines = [(one, units_of(terms, one.lines)) for one in statements_of(g.act, call)]
    return render_template("statement/of_call.html", call=call, lines=lines, terms=terms)


@bp.post("/calls/<call_id>/statements")
@may("call.count_work")
def count(call: Call) -> Answer:
    count_all(g.act, call)
    return redirect(url_for("statement.of_call", call_id=call.id), 303)


@bp.get("/calls/<call_id>/statements.csv")
@may("call.export_work")
def export(call: Call) -> Answer:
    answer = make_response(csv_of(g.act, call))
    answer.headers["Content-Type"] = "text/csv; charset=utf-8"
    answer.headers["Content-Disposition"] = f'attachment; filename="statements-of-work-{call.code}.csv"'
    return answer


@bp.get("/statements/<statement_id>")
@may("statement.view")
def show(statement: Statement) -> Answer:
    return _page(statement, _stored(statement) if can(g.act, "statement.edit", statement) else None)


def _stored(statement: Statement) -> PanelDaysForm:
    return PanelDaysForm(data={"days": [date.fromisoformat(day) for day in statement.panel_days]})


def _page(statement: Statement, form: PanelDaysForm | None, status: int = 200) -> tuple[str, int]:
    terms = terms_of(statement.call)
    page = render_template(
        "statement/show.html",
        statement=statement,
        form=form,
        lines=[(date.fromisoformat(line["on"]), NAMES[line["unit"]], line["number"]) for line in statement.lines],
        terms=terms,
        units=units_of(terms, statement.lines),
        paper=paper_of(g.act, statement),
        history=history_of(g.act, statement),
    )
    return page, status


@bp.post("/statements/<statement_id>/panel")
@may("statement.edit")
def panel(statement: Statement) -> Answer:
    form = PanelDaysForm(request.form)
    if not form.validate():
        return _page(statement, form, UNPROCESSABLE)
    try:
        set_panel_days(g.act, statement, [day for day in form.days.data if day])
    except Refused as refused:
        form.form_errors = [reason(one) for one in refused.reasons]
        return _page(statement, form, UNPROCESSABLE)
    return redirect(url_for("statement.show", statement_id=statement.id), 303)
