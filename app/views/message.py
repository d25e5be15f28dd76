"""The threads that an application and an evaluator have with the office."""

from __future__ import annotations

from flask import Blueprint, g, redirect, render_template, request, url_for

from app.access import can
from app.chance import Secret, new_id
from app.gate import may
from app.models import Application, Expert, MessageKind
from app.services.calls.message import Thread, messages_of, write_message
from app.views.application import Answer
from forms.message import MessageForm, OfficeMessageForm

bp = Blueprint("message", __name__)


def _noun(thread: Thread) -> str:
    return "application" if isinstance(thread, Application) else "expert"


def _address(thread: Thread) -> str:
    if isinstance(thread, Application):
        return url_for("message.thread", application_id=thread.id)
    return url_for("message.of_expert", expert_id=thread.id)


def _form(thread: Thread, *, empty: bool = False) -> MessageForm:
    kind = OfficeMessageForm if can(g.act, f"{_noun(thread)}.view_notes", thread) else MessageForm
    return kind(request.form if request.method == "POST" and not empty else None)


def _write(thread: Thread) -> Answer:
    form = _form(thread)
    if not form.validate():
        return _page(thread, form, 422)
    kind = MessageKind(form.kind.data) if isinstance(form, OfficeMessageForm) else MessageKind.MESSAGE
    write_message(g.act, thread, form.text.data or "", kind)
    return redirect(_address(thread), 303)


def _page(thread: Thread, form: MessageForm, status: int = 200) -> Answer:
    return render_template(
        f"message/of_{_noun(thread)}.html",
        thread=thread,
        address=_address(thread),
        may_write=can(g.act, f"{_noun(thread)}.write_message", thread),
        form=form,
        messages=messages_of(g.act, thread),
        act_id=request.form.get("act_id") or new_id(Secret()),
    ), status


@bp.get("/applications/<application_id>/messages")
@may("application.view_thread")
def thread(application: Application) -> Answer:
    return _page(application, _form(application, empty=True))


@bp.post("/applications/<application_id>/messages")
@may("application.write_message")
def write(application: Application) -> Answer:
    return _write(application)


@bp.get("/experts/<expert_id>/messages")
@may("expert.view_thread")
def of_expert(expert: Expert) -> Answer:
    return _page(expert, _form(expert, empty=True))


@bp.post("/experts/<expert_id>/messages")
@may("expert.write_message")
def write_to_expert(expert: Expert) -> Answer:
    return _write(expert)
