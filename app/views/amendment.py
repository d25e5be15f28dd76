"""Changes of the partners after the deadline: asked for by the applicants, answered by the office."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, g, redirect, render_template, request, url_for

from app.access import can, offered
from app.chance import Secret, new_id
from app.gate import may
from app.models import Amendment, Application, Call, Membership, Organisation, Person, Role
from app.services.applications import application_queries as queries
from app.services.consortia.amendment import Wanted, ask_amendment, effect_on_rules, name_in, waiting_in
from app.services.transitions import Refused
from app.ui import reason
from app.views.application import Answer
from app.views.application import bp as application_bp
from app.views.application_people import roles
from app.views.application_write import typed
from app.views.call import bp as call_bp
from forms.base import BaseForm
from forms.consortium import AddLaterForm, PartLaterForm, RemoveLaterForm
from workflows.amendment import Change

bp = Blueprint("amendment", __name__)
UNPROCESSABLE = 422


@bp.get("/amendments/<amendment_id>")
@may("amendment.view")
def show(amendment: Amendment) -> Answer:
    """What is asked, why, and every rule before and after."""
    return render_template(
        "amendment/show.html", amendment=amendment, rules=effect_on_rules(g.act, amendment), name=name_in(amendment),
        asker=g.act.session.get_one(Person, amendment.asked_by).name, rows=offered(g.act, amendment),
        may_open=can(g.act, "application.view", amendment.application),
    )  # fmt: skip


@call_bp.get("/calls/<call_id>/amendments")
@may("call.manage")
def amendments(call: Call) -> Answer:
    """What waits for the office in a call."""
    found = [(one, name_in(one)) for one in waiting_in(g.act, call)]
    return render_template("amendment/waiting.html", call=call, found=found)


@application_bp.route("/applications/<application_id>/amendments/new", methods=["GET", "POST"])
@may("application.ask_amendment")
def ask_change(application: Application) -> Answer:
    """Ask for one change: the address says which, and of whom."""
    change, member = _asked(application)
    form = _form(application, change, member)
    status = 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.validate():
            try:
                amendment = ask_amendment(g.act, application, _wanted(form, change, member))
                return redirect(url_for("amendment.show", amendment_id=amendment.id), 303)
            except Refused as refused:
                g.act.session.rollback()
                form.form_errors = [reason(one) for one in refused.reasons]
    return render_template(
        "amendment/ask.html", application=application, change=change.value, member=member, form=form,
        act_id=request.form.get("act_id") or new_id(Secret()),
    ), status  # fmt: skip


def _asked(application: Application) -> tuple[Change, Membership | None]:
    wanted, of = request.args.get("change", Change.ADD.value), request.args.get("partner", "")
    member = next((one for one in application.memberships if one.id == of), None)
    if wanted not in set(Change) or (wanted != Change.ADD and member is None):
        abort(404)
    return Change(wanted), member if wanted != Change.ADD else None


def _form(application: Application, change: Change, member: Membership | None) -> Any:  # noqa: ANN401
    if change is Change.REMOVE or member is None:
        if change is Change.REMOVE:
            return RemoveLaterForm(typed())
        form = AddLaterForm(typed())
        form.role.choices = roles()
        form.offer([(o.id, o.name) for o in queries.directory(g.act, application)])
        return form
    stored = {"role": member.role.value, "task": member.task, "share": member.share}
    part = PartLaterForm(typed(), data=stored)
    part.role.choices = roles() if member.role is not Role.COORDINATOR else [("coordinator", member.role.value)]
    return part


def _wanted(form: BaseForm, change: Change, member: Membership | None) -> Wanted:
    facts = form.facts if isinstance(form, PartLaterForm | AddLaterForm) else {}
    chosen = form.organisation.data if isinstance(form, AddLaterForm) else None
    added = {"name": form.name.data or "", "email": form.email.data or ""} if isinstance(form, AddLaterForm) else {}
    return Wanted(
        change=change,
        reason=form["reason"].data,
        membership=member,
        organisation=g.act.session.get(Organisation, chosen) if chosen else None,
        role=Role(facts.get("role") or (member.role if member else Role.PARTNER)),
        share=facts.get("share"),
        task=facts.get("task", ""),
        **added,
    )
