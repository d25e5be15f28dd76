"""The decision on a call: its room, the panel's orders, all that waits for a signature, and the released result."""

from __future__ import annotations

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.access import can
from app.gate import may
from app.models import Application, Call, Decision
from app.services import decision as services
from app.services import decision_queries as queries
from app.services.history import history_of
from app.services.results import result_of
from app.services.transitions import Refused, verdict_on
from forms.decision import TieForm
from workflows.verdict import Verdict

bp = Blueprint("decision", __name__)
Answer = str | Response | tuple[str, int]


@bp.get("/calls/<call_id>/decision")
@may("call.view_decision")
def of_call(call: Call) -> Answer:
    """Lead to the decision of a call, or offer to start it."""
    decision = services.decision_on(g.act, call)
    if decision is not None and can(g.act, "decision.view", decision):
        return redirect(url_for("decision.show", decision_id=decision.id), 303)
    return render_template("decision/start.html", call=call, exists=decision is not None)


@bp.post("/calls/<call_id>/decision")
@may("call.start_decision")
def start(call: Call) -> Answer:
    decision = services.start_decision(g.act, call)
    return redirect(url_for("decision.show", decision_id=decision.id), 303)


@bp.get("/decisions/<decision_id>")
@may("decision.view")
def show(decision: Decision) -> Answer:
    return _room(decision)


def _room(decision: Decision, form: TieForm | None = None, status: int = 200) -> Answer:
    act = g.act
    verdicts: dict[str, Verdict] = {
        row.name: verdict_on(act, decision, row.name)
        for row in decision.__machine__.rows
        if decision.state in row.sources
    }
    page = render_template(
        "decision/show.html",
        decision=decision,
        room=queries.room_of(act, decision),
        verdicts=verdicts,
        history=history_of(act, decision, people=True),
        form=form,
    )
    return page, status


@bp.post("/decisions/<decision_id>/tie")
@may("decision.order_ties")
def order_tie(decision: Decision) -> Answer:
    form = TieForm(request.form)
    places = form.places()
    if not form.validate() or places is None:
        return _room(decision, form, 422)
    try:
        services.order_tie(g.act, decision, places, form.reason.data)
    except Refused as refused:
        form.refuse([reason.plain() for reason in refused.reasons])
        return _room(decision, form, 422)
    return redirect(url_for("decision.show", decision_id=decision.id), 303)


@bp.get("/for-your-signature")
@may("decision.list_to_sign")
def to_sign() -> Answer:
    return render_template("decision/to_sign.html", waiting=queries.to_sign(g.act), title=_("For your signature"))


@bp.get("/applications/<application_id>/result")
@may("application.view_result")
def result(application: Application) -> Answer:
    return render_template(
        "decision/result.html",
        application=application,
        result=result_of(g.act, application),
        documents=queries.result_documents(g.act, application),
        label=queries.label_of(g.act, application),
    )
