"""The decision on a call: its room, the panel's orders, all that waits for a signature, and the released result."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.access import can
from app.gate import may
from app.models import Application, Call, Decision
from app.office_page import Past, past_in, unreadable_moment
from app.services.deciding import decision as services
from app.services.deciding import decision_queries as queries
from app.services.deciding.feedback import feedback_on, start_for_next_call
from app.services.deciding.filed_copy import current_copies
from app.services.deciding.results import result_of
from app.services.history import history_of
from app.services.reviews.review import way_of
from app.services.transitions import Refused, verdict_on
from app.ui import reason
from forms.decision import TieForm, tie_form
from workflows.decision import DECISION
from workflows.verdict import refuse

bp = Blueprint("decision", __name__)
Answer = str | Response | tuple[str, int]


@bp.get("/calls/<call_id>/decision")
@may("call.view_decision")
def of_call(call: Call) -> Answer:
    """Lead to the decision of a call, or offer to start it."""
    decision = services.decision_on(g.act, call)
    if decision is not None and can(g.act, "decision.view", decision):
        moment = request.args.get("as_of", "")[:60] or None
        return redirect(url_for("decision.show", decision_id=decision.id, as_of=moment), 303)
    return render_template("decision/start.html", call=call, exists=decision is not None)


@bp.post("/calls/<call_id>/decision")
@may("call.start_decision")
def start(call: Call) -> Answer:
    decision = services.start_decision(g.act, call)
    return redirect(url_for("decision.show", decision_id=decision.id), 303)


@bp.get("/decisions/<decision_id>")
@may("decision.view")
def show(decision: Decision) -> Answer:
    """The room as it is, or as it was at the moment the address names."""
    past = past_in(g.act, decision.call)
    if past.refused:
        return unreadable_moment(decision, past, gettext("Decision on the call"), "decision.show")
    return _then(decision, past) if past.moment else _room(decision)


def _then(decision: Decision, past: Past) -> Answer:
    """What stood there at a moment of the past: nothing can be done on it."""
    moment = past.moment or g.act.now
    history = [one for one in history_of(g.act, decision, people=True) if one.at <= moment]
    return render_template(
        "decision/show.html", decision=decision, room=queries.room_then(g.act, decision, moment), past=past, forms={},
        refused=None, verdicts={}, history=history,
    )  # fmt: skip


def _room(decision: Decision, room: queries.Room | None = None, typed: Mapping[str, TieForm] | None = None) -> Answer:
    """The page, with the form of a tie as it was typed where it was refused."""
    act, typed = g.act, typed or {}
    room = room or queries.room_of(act, decision)
    forms = {tie.key: typed.get(tie.key) or tie_form(tie.named)(prefix=tie.key) for tie in room.ties}
    verdicts = {r.name: verdict_on(act, decision, r.name) for r in DECISION.rows if decision.state in r.sources}
    page = render_template(
        "decision/show.html",
        filed=current_copies(g.act, room.documents),
        decision=decision,
        room=room,
        forms=forms,
        refused=next(iter(typed.values()), None),
        verdicts=verdicts,
        history=history_of(act, decision, people=True),
        past=past_in(act, decision.call),
    )
    return page, 422 if typed else 200


@bp.post("/decisions/<decision_id>/tie")
@may("decision.order_ties")
def order_tie(decision: Decision) -> Answer:
    room = queries.room_of(g.act, decision)
    tie = next((tie for tie in room.ties if tie.key == request.form.get("tie")), None)
    if tie is None:
        raise Refused(refuse("no-such-tie", gettext("These applications are not equal any more. Open the page again.")))
    form = tie_form(tie.named)(request.form, prefix=tie.key)
    if not form.validate():
        return _room(decision, room, {tie.key: form})
    services.order_tie(g.act, decision, form.order, form.reason.data or "")
    return redirect(url_for("decision.show", decision_id=decision.id), 303)


@bp.get("/for-your-signature")
@may("decision.list_to_sign")
def to_sign() -> Answer:
    return render_template("decision/to_sign.html", waiting=queries.to_sign(g.act), title=gettext("For your signature"))


@bp.get("/applications/<application_id>/result")
@may("application.view_result")
def result(application: Application) -> Answer:
    return _result(application)


def _result(application: Application, refused: Refused | None = None) -> Answer:
    found = result_of(g.act, application)
    page = render_template(
        "decision/result.html",
        application=application,
        result=found,
        feedback=feedback_on(g.act, application, found),
        errors=[("next", reason(one)) for one in refused.reasons] if refused else [],
        documents=queries.result_documents(g.act, application),
        label=queries.label_of(g.act, application),
        way=way_of(g.act, application),
    )
    return page, 422 if refused else 200


@bp.post("/applications/<application_id>/next")
@may("application.reuse")
def begin_next(application: Application) -> Answer:
    """Begin a draft for another call with what fits of this application."""
    try:
        draft = start_for_next_call(g.act, application, request.form.get("call", "")[:26])
    except Refused as refused:
        g.act.session.rollback()
        if can(g.act, "application.view_result", application):
            return _result(application, refused)
        raise
    return redirect(url_for("application.show", application_id=draft.id), 303)
