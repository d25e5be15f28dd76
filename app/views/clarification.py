"""Clarifications: opened by the office, answered by the applicant, read side by side."""

from __future__ import annotations

from flask import Blueprint, abort, g, redirect, render_template, request, url_for

from app.chance import Secret, new_id
from app.gate import may
from app.models import Application, Clarification, File, Membership
from app.services.applications.submission import current_version, definition_of_version
from app.services.checks import clarification as service
from app.services.checks.clarification_files import keep_clarified, places_to_fill, reopenable_documents
from app.services.history import history_of
from app.services.transitions import Refused
from app.services.uploads.files import Where
from app.ui import reason
from app.ui_form import form_errors
from app.uploads import judging
from app.views.application import Answer
from forms.answers import AnswersForm
from forms.clarification import ClarificationForm
from workflows.definition import Section

bp = Blueprint("clarification", __name__)
UNPROCESSABLE = 422
LONGEST_CAPTION = 300


@bp.route("/applications/<application_id>/clarifications/new", methods=["GET", "POST"])
@may("application.open_clarification")
def new(application: Application) -> Answer:
    version = current_version(g.act, application) or abort(404)
    call = definition_of_version(g.act, version)
    form = ClarificationForm(request.form if request.method == "POST" else None)
    places = [(place.id, place.label) for place in reopenable_documents(application.call)]
    form.offer([*((question.id, question.label) for question in service.reopenable(call)), *places])
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
        asks_answers=bool(service.answers_named(clarification)),
    )  # fmt: skip


@bp.route("/clarifications/<clarification_id>/answers", methods=["GET", "POST"])
@may("clarification.edit")
def answers(clarification: Clarification) -> Answer:
    call, asked = service.definition_for(g.act, clarification), service.answers_named(clarification)
    part = Section(id="clarification", title="", questions=tuple(call.question(one) for one in asked))
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


@bp.get("/clarifications/<clarification_id>/documents")
@may("clarification.edit")
def documents(clarification: Clarification) -> Answer:
    return _documents(clarification)


@bp.post("/clarifications/<clarification_id>/documents/<slot>")
@may("clarification.edit", before=judging(Clarification, "clarification.edit"))
def upload(clarification: Clarification, slot: str) -> Answer:
    where = _where(clarification)
    anchor = f"{slot}-{where.membership.id if where.membership else 'all'}"
    if g.received is None:
        return _documents(clarification, anchor, g.refused)
    try:
        keep_clarified(g.act, clarification, slot, g.received, where)
    except KeyError:
        abort(404)
    except Refused as refused:
        g.act.session.rollback()
        return _documents(clarification, anchor, refused)
    return redirect(url_for("clarification.documents", clarification_id=clarification.id) + f"#{anchor}", 303)


def _where(clarification: Clarification) -> Where:
    """Read from the form whose the file is and what it replaces; both must belong to the application."""
    session, form = g.act.session, request.form
    member = session.get(Membership, form["partner"]) if form.get("partner") else None
    older = session.get(File, form["replaces"]) if form.get("replaces") else None
    if any(one is not None and one.application_id != clarification.application_id for one in (member, older)):
        abort(404)
    return Where(member, older, form.get("caption", "").strip()[:LONGEST_CAPTION])


def _documents(clarification: Clarification, anchor: str = "", refused: Refused | None = None) -> Answer:
    status = UNPROCESSABLE if request.method == "POST" else 200
    return render_template(
        "clarification/documents.html", clarification=clarification, application=clarification.application,
        owner=clarification, places=places_to_fill(g.act, clarification), anchor=anchor,
        unchosen=status == UNPROCESSABLE and refused is None, has_errors=status == UNPROCESSABLE,
        faults=[reason(one) for one in refused.reasons] if refused else [],
    ), status  # fmt: skip
