"""A later deadline for one application: asked for, shown."""

from __future__ import annotations

from flask import Blueprint, g, redirect, render_template, request, url_for

from app.access import relations_of
from app.chance import Secret, new_id
from app.gate import may
from app.models import Application, LateException
from app.services.calls import exception as service
from app.services.history import history_of
from app.services.transitions import Refused
from app.ui import reason
from app.views.application import Answer
from forms.exception import ExceptionForm
from workflows.exception import State
from workflows.relations import Relation as R

bp = Blueprint("exception", __name__)
APPLICANTS = (R.COORDINATOR, R.DEPUTY, R.PARTNER, R.HELPER)  # an office that was let into the draft is none of them


@bp.route("/applications/<application_id>/later-deadline", methods=["GET", "POST"])
@may("application.ask_exception")
def ask(application: Application) -> Answer:
    form = ExceptionForm(request.form if request.method == "POST" else None)
    reasons: tuple[str, ...] = ()
    if request.method == "POST" and form.validate():
        try:
            asked = service.ask_exception(g.act, application, form.text.data or "")
            return redirect(url_for("exception.show", exception_id=asked.id), 303)
        except Refused as refused:
            reasons = tuple(reason(one) for one in refused.reasons)
    waiting = service.open_exception(g.act, application)
    page = render_template(
        "exception/ask.html", application=application, form=form, reasons=reasons, waiting=waiting,
        act_id=new_id(Secret()),
    )  # fmt: skip
    return page, (422 if request.method == "POST" else 200)


@bp.get("/exceptions/<exception_id>")
@may("exception.view")
def show(exception: LateException) -> Answer:
    """Whoever applies learns of a proposal when it is decided."""
    applies = bool(relations_of(g.act, exception.application, APPLICANTS))
    told = exception.state is not State.PROPOSED or not applies
    history = [one for one in history_of(g.act, exception, people=not applies) if told or one.name != "propose"]
    return render_template(
        "exception/show.html", exception=exception, application=exception.application, told=told, history=history,
        reason_given=service.reason_of(g.act, exception) if told else "",
    )  # fmt: skip
