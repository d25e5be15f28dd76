"""Who coordinates an application, and letting the office look at the draft."""

from __future__ import annotations

from typing import Any

from flask import abort, g, redirect, render_template, request, url_for

from app.access import can
from app.chance import Secret, new_id
from app.gate import may
from app.models import Application, Participant
from app.services.consortia.draft_look import end_look, let_office_look
from app.services.consortia.handover import (
    appoint,
    coordinator_is_gone,
    hand_over,
    hand_over_to_colleague,
    heirs_of,
    nobody_is_left,
    take_over,
)
from app.services.transitions import Refused
from app.ui import reason
from app.views.application import Answer, bp
from app.views.application_write import typed
from forms.consortium import AppointForm, ColleagueForm

UNPROCESSABLE = 422


@bp.route("/applications/<application_id>/people/<participant_id>/lead", methods=["GET", "POST"])
@may("application.hand_over")
def lead(application: Application, participant_id: str) -> Answer:
    """Hand the coordination over: a page that says what follows, then the act."""
    to: Participant | None = g.act.session.get(Participant, participant_id)
    if to is None or to.application_id != application.id or to.until is not None:
        abort(404)
    if request.method == "GET":
        return render_template("application/lead.html", application=application, to=to, act_id=new_id(Secret()))
    hand_over(g.act, application, to)
    return redirect(url_for("application.show", application_id=application.id), 303)


@bp.route("/applications/<application_id>/colleague", methods=["GET", "POST"])
@may("application.hand_over")
def hand_to_colleague(application: Application) -> Answer:
    """Hand over to a member of the same organisation who had no part in the application before."""
    form = ColleagueForm(typed())
    form.offer([(person.id, person.name) for person in heirs_of(g.act, application)])
    return _page(
        application, form, "colleague", lambda: hand_over_to_colleague(g.act, application, form.person.data or "")
    )


@bp.route("/applications/<application_id>/take-over", methods=["GET", "POST"])
@may("application.take_over")
def take_coordination(application: Application) -> Answer:
    """A deputy coordinates because the coordinator is gone."""
    gone = coordinator_is_gone(g.act, application)
    if request.method == "POST":
        take_over(g.act, application)
        return redirect(url_for("application.show", application_id=application.id), 303)
    return render_template("application/take_over.html", application=application, gone=gone, act_id=new_id(Secret()))


@bp.route("/applications/<application_id>/coordinator", methods=["GET", "POST"])
@may("application.appoint_coordinator")
def name_coordinator(application: Application) -> Answer:
    """The office names a coordinator, with a reason, where nobody is left."""
    form = AppointForm(typed())
    form.offer([(person.id, person.name) for person in heirs_of(g.act, application)])
    return _page(
        application, form, "appoint",
        lambda: appoint(g.act, application, form.person.data or "", form.reason.data or ""),
        nobody_is_left(g.act, application).reasons,
    )  # fmt: skip


def _page(application: Application, form: ColleagueForm, way: str, act: Any, reasons: Any = ()) -> Answer:  # noqa: ANN401
    status = 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.validate():
            try:
                act()
                seen = way == "colleague" or can(g.act, "application.view", application)
                target = "application.show" if seen else "application.readiness"
                return redirect(url_for(target, application_id=application.id), 303)
            except Refused as refused:
                g.act.session.rollback()
                form.form_errors = [reason(one) for one in refused.reasons]
    return render_template(
        "application/colleague.html", application=application, form=form, way=way, reasons=reasons,
        act_id=request.form.get("act_id") or new_id(Secret()),
    ), status  # fmt: skip


# -- the office looks at the draft ---------------------------------------------------------------------------------


@bp.post("/applications/<application_id>/look")
@may("application.let_office_look")
def open_draft(application: Application) -> Answer:
    let_office_look(g.act, application)
    return redirect(url_for("application.people", application_id=application.id) + "#office", 303)


@bp.post("/applications/<application_id>/look/end")
@may("application.let_office_look")
def close_draft(application: Application) -> Answer:
    end_look(g.act, application)
    return redirect(url_for("application.people", application_id=application.id) + "#office", 303)
