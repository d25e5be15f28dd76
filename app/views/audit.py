"""Audits: who may read which call until when; the auditor's own calls, samples and notes."""

from __future__ import annotations

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs

from app.gate import may
from app.models import Application, Call, Person
from app.services.dossiers import auditing
from app.services.transitions import Refused
from app.ui import reason
from forms.audit import AccessForm, NoteForm, SampleForm

bp = Blueprint("audit", __name__)
Answer = Response | str | tuple[str, int]
UNPROCESSABLE = 422


@bp.get("/audits")
@may("site.audit")
def index() -> Answer:
    return _mine()


def _mine(call: Call | None = None, form: SampleForm | None = None, refused: Refused | None = None) -> Answer:
    page = render_template(
        "audit/index.html", audits=auditing.my_accesses(g.act), drawing=call, form=form, new_form=SampleForm,
        reasons=_reasons(refused),
    )  # fmt: skip
    return (page, UNPROCESSABLE) if form is not None else page


@bp.post("/calls/<call_id>/sample")
@may("call.draw_sample")
def draw(call: Call) -> Answer:
    form = SampleForm(request.form)
    if not form.validate() or form.size.data is None:
        return _mine(call, form)
    try:
        auditing.draw(g.act, call, form.size.data)
    except Refused as refused:
        g.act.session.rollback()
        return _mine(call, form, refused)
    return redirect(url_for("audit.index", _anchor=call.code), 303)


@bp.get("/calls/<call_id>/audits")
@may("call.view_audits")
def of_call(call: Call) -> Answer:
    return _accesses(call, _form())


def _form() -> AccessForm:
    form = AccessForm(request.form if request.method == "POST" else None)
    people = auditing.auditors(g.act)
    form.person.choices = [SelectChoice("", _("Choose")), *(SelectChoice(one.id, one.name) for one in people)]
    return form


def _accesses(call: Call, form: AccessForm, refused: Refused | None = None) -> Answer:
    page = render_template(
        "audit/of_call.html", call=call, form=form, accesses=auditing.accesses_to(g.act, call),
        reasons=_reasons(refused),
    )  # fmt: skip
    return (page, UNPROCESSABLE) if request.method == "POST" else page


@bp.post("/calls/<call_id>/audits")
@may("call.grant_audit")
def grant(call: Call) -> Answer:
    form = _form()
    if not form.validate() or form.until_on.data is None:
        return _accesses(call, form)
    try:
        person = g.act.session.get_one(Person, form.person.data)
        auditing.grant(g.act, call, person, form.since_on.data, form.until_on.data)
    except Refused as refused:
        g.act.session.rollback()
        return _accesses(call, form, refused)
    return redirect(url_for("audit.of_call", call_id=call.id), 303)


@bp.post("/calls/<call_id>/audits/<access_id>/end")
@may("call.end_audit")
def end(call: Call, access_id: str) -> Answer:
    try:
        auditing.end(g.act, call, access_id)
    except Refused as refused:
        g.act.session.rollback()
        return _accesses(call, _form(), refused)
    return redirect(url_for("audit.of_call", call_id=call.id), 303)


@bp.get("/applications/<application_id>/audit-notes")
@may("application.view_audit_notes")
def notes(application: Application) -> Answer:
    return _notes(application, NoteForm())


def _notes(application: Application, form: NoteForm) -> Answer:
    page = render_template(
        "audit/notes.html", application=application, form=form, notes=auditing.notes_on(g.act, application)
    )  # fmt: skip
    return (page, UNPROCESSABLE) if request.method == "POST" else page


@bp.post("/applications/<application_id>/audit-notes")
@may("application.write_audit_note")
def write_note(application: Application) -> Answer:
    form = NoteForm(request.form)
    if not form.validate():
        return _notes(application, form)
    auditing.write_note(g.act, application, form.text.data or "")
    return redirect(url_for("audit.notes", application_id=application.id), 303)


def _reasons(refused: Refused | None) -> list[str]:
    return [reason(one) for one in refused.reasons] if refused else []
