"""Clarifications: opened by the office, answered by the applicant, read side by side."""

from __future__ import annotations

from flask import Blueprint, abort, g, redirect, render_template, request, url_for

from app.chance import Secret, new_id
from app.gate import may
from app.models import Application, Clarification
from app.services import clarification as service
from app.services.history import history_of
from app.services.submission import current_version, definition_of_version
from app.services.transitions import Refused
from app.ui import reason
from app.ui_form import form_errors
from app.views.application import Answer
from forms.answers import AnswersForm
from forms.clarification import ClarificationForm
from workflows.definition import Section

bp = Blueprint("clarification", __name__)


@bp.route("/applications/<application_id>/clarifications/new", methods=["GET", "POST"])
@may("application.open_clarification")
def new(application: Application) -> Answer:
    version = current_version(g.act, application) or abort(404)
    call = definition_of_version(g.act, version)
    form = ClarificationForm(request.form if request.method == "POST" else None)
    form.offer([(question.id, question.label) for question in service.reopenable(call)])
    reasons: tuple[str, ...] = ()
    if request.method == "POST" and form.validate():
        try:
            opened = service.open_clarification(g.act, application, **form.answers)
            return redirect(url_for("clarification.show", clarification_id=opened.id), 303)
        except Refused as refused:
            reasons = tuple(reason(one) for one in refused.reasons)
    page = render_template(
        "clarification/new.html", application=application, form=form, reasons=reasons, act_id=new_id(Secret())
    )
    return page, (422 if request.method == "POST" else 200)


@bp.get("/clarifications/<clarification_id>")
@may("clarification.view")
def show(clarification: Clarification) -> Answer:
    return render_template(
        "clarification/show.html", clarification=clarification, application=clarification.application,
        view=service.view_of(g.act, clarification), history=history_of(g.act, clarification),
    )  # fmt: skip


@bp.route("/clarifications/<clarification_id>/answers", methods=["GET", "POST"])
@may("clarification.edit")
def answers(clarification: Clarification) -> Answer:
    call = service.definition_for(g.act, clarification)
    part = Section(id="clarification", title="", questions=tuple(call.question(one) for one in clarification.questions))
    form = AnswersForm(
        [part], service.lists_of(g.act, clarification), formdata=request.form if request.method == "POST" else None,
        stored=clarification.answers, say=reason,
    )  # fmt: skip
    reasons: tuple[str, ...] = ()
    if request.method == "POST" and not form.wants_rows and form.validate():
        try:
            service.save_clarification(g.act, clarification, form.answers)
            return redirect(url_for("clarification.show", clarification_id=clarification.id), 303)
        except Refused as refused:
            reasons = tuple(reason(one) for one in refused.reasons)
    page = render_template(
        "clarification/answers.html", clarification=clarification, application=clarification.application,
        asked=form.asked(), errors=[line for part in form.parts for line in form_errors(part)], reasons=reasons,
        act_id=new_id(Secret()),
    )  # fmt: skip
    failed = request.method == "POST" and not form.wants_rows
    return page, (422 if failed else 200)
