"""The thread of an application with the office."""

from __future__ import annotations

from flask import Blueprint, g, redirect, render_template, request, url_for

from app.access import can
from app.chance import Secret, new_id
from app.gate import may
from app.models import Application, MessageKind
from app.services.message import messages_of, write_message
from app.views.application import Answer
from forms.message import MessageForm, OfficeMessageForm

bp = Blueprint("message", __name__)


def _form(application: Application, *, empty: bool = False) -> MessageForm:
    kind = OfficeMessageForm if can(g.act, "application.view_notes", application) else MessageForm
    return kind(request.form if request.method == "POST" and not empty else None)


@bp.get("/applications/<application_id>/messages")
@may("application.view_thread")
def thread(application: Application) -> Answer:
    return _page(application, _form(application, empty=True))


@bp.post("/applications/<application_id>/messages")
@may("application.write_message")
def write(application: Application) -> Answer:
    form = _form(application)
    if not form.validate():
        return _page(application, form, 422)
    kind = MessageKind(form.kind.data) if isinstance(form, OfficeMessageForm) else MessageKind.MESSAGE
    write_message(g.act, application, form.text.data or "", kind)
    return redirect(url_for("message.thread", application_id=application.id), 303)


def _page(application: Application, form: MessageForm, status: int = 200) -> Answer:
    return render_template(
        "message/thread.html", application=application, form=form, messages=messages_of(g.act, application),
        act_id=request.form.get("act_id") or new_id(Secret()),
    ), status  # fmt: skip
