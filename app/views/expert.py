"""The pool of evaluators: invited by the office, kept by themselves."""

from __future__ import annotations

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.access import can
from app.clash import as_chosen, clash_page, started_from
from app.expert_form import expert_form, expertise_name, invite_form, profile_values
from app.gate import may
from app.models import Expert
from app.services.assigning.assignment_queries import pool_of, tasks_of_person
from app.services.experts import expert as experts
from app.services.experts.statement_of_work import statements_of_person
from app.services.experts.workload import workload_of
from app.services.transitions import Refused
from app.ui import reason
from forms.base import BaseForm
from forms.expert import DeclineForm
from workflows import conduct
from workflows.pool import SECTORS, absences_of

bp = Blueprint("expert", __name__)
Answer = str | Response | tuple[str, int]


@bp.get("/experts")
@may("expert.list")
def index() -> Answer:
    words = request.args.get("q", "")
    return render_template("expert/index.html", pool=pool_of(g.act, words), words=words, name_of_term=expertise_name)


@bp.route("/experts/invite", methods=["GET", "POST"])
@may("expert.invite")
def invite() -> Answer:
    form = invite_form(request.form if request.method == "POST" else None)
    if request.method == "GET":
        return _form_page("expert/invite.html", form)
    if not form.validate():
        return _form_page("expert/invite.html", form, 422)
    try:
        person = experts.person_to_invite(g.act, name=form.name.data or "", email=form.email.data or "")
        expert = experts.invite_expert(g.act, person, **profile_values(g.act, form))
    except Refused as refused:
        form.form_errors = [reason(one) for one in refused.reasons]
        return _form_page("expert/invite.html", form, 422)
    return redirect(url_for("expert.show", expert_id=expert.id), 303)


def _form_page(template: str, form: BaseForm, status: int = 200, **more: object) -> tuple[str, int]:
    return render_template(template, form=form, **more), status


@bp.get("/experts/<expert_id>")
@may("expert.view")
def show(expert: Expert) -> Answer:
    return _profile_page(expert, DeclineForm())


def _profile_page(expert: Expert, form: DeclineForm, status: int = 200) -> tuple[str, int]:
    page = render_template(
        "expert/show.html",
        expert=expert,
        form=form,
        tasks=tasks_of_person(g.act, expert.person),
        name_of_term=expertise_name,
        conduct={"version": conduct.VERSION, "lines": [gettext(line) for line in conduct.LINES]},
        declined_because=experts.why_declined(g.act, expert),
        sector=gettext(SECTORS[expert.sector]) if expert.sector in SECTORS else "",
        absences=absences_of(expert.away),
        workload=workload_of(g.act, expert) if can(g.act, "expert.view_workload", expert) else None,
        statements=statements_of_person(g.act, expert.person_id),
    )
    return page, status


@bp.route("/experts/<expert_id>/edit", methods=["GET", "POST"])
@may("expert.edit")
def edit(expert: Expert) -> Answer:
    form, stored = expert_form(expert, as_chosen()), expert_form(expert)
    if (
        request.method == "POST"
        and (clash := clash_page(stored, url_for("expert.edit", expert_id=expert.id))) is not None
    ):
        return clash
    if request.method == "GET" or not form.validate():
        started = request.form.get("started") or started_from(stored)
        return _form_page("expert/edit.html", form, 422 if form.errors else 200, expert=expert, started=started)
    experts.edit_expert(g.act, expert, **profile_values(g.act, form))
    return redirect(url_for("expert.show", expert_id=expert.id), 303)


@bp.post("/experts/<expert_id>/accept")
@may("expert.accept_conduct")
def accept_conduct(expert: Expert) -> Answer:
    experts.accept_conduct(g.act, expert)
    return redirect(url_for("expert.show", expert_id=expert.id), 303)


@bp.post("/experts/<expert_id>/decline")
@may("expert.decline")
def decline(expert: Expert) -> Answer:
    form = DeclineForm(request.form)
    if not form.validate():
        return _profile_page(expert, form, 422)
    experts.decline(g.act, expert, form.reason.data or "")
    return redirect(url_for("expert.show", expert_id=expert.id), 303)
