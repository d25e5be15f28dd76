"""Introductions by mutual consent: asked for, listed, answered."""

from __future__ import annotations

from flask import Blueprint, abort, g, redirect, render_template, request, url_for

from app.chance import Secret, new_id
from app.gate import may
from app.models import Introduction, Organisation
from app.services.expressions import expression_queries
from app.services.history import history_of
from app.services.searching import introduction as services
from app.services.searching.contact_details import message_is_whole
from app.services.transitions import Refused
from app.ui import reason
from app.views.expression import Answer
from forms.introduction import IntroductionForm

bp = Blueprint("introduction", __name__)


@bp.get("/introductions")
@may("introduction.list")
def index() -> Answer:
    return render_template("introduction/index.html", introductions=services.my_introductions(g.act))


@bp.get("/introductions/<introduction_id>")
@may("introduction.view")
def show(introduction: Introduction) -> Answer:
    return render_template(
        "introduction/show.html",
        introduction=introduction,
        whole=message_is_whole(g.act, introduction),
        contacts=services.contacts_of(g.act, introduction),
        other=services.other_side(g.act, introduction),
        drafts=services.drafts_to_invite_to(g.act, introduction),
        history=history_of(g.act, introduction),
    )


@bp.route("/organisations/<organisation_id>/introduction", methods=["GET", "POST"])
@may("profile.ask_introduction")
def new(organisation: Organisation) -> Answer:
    mine = [o for o in expression_queries.my_organisations(g.act) if o.id != organisation.id]
    form = IntroductionForm(request.form if request.method == "POST" else None)
    form.offer([(one.id, one.name) for one in mine])
    reasons: tuple[str, ...] = ()
    if request.method == "POST" and form.validate():
        asking = g.act.session.get(Organisation, form.organisation.data) or abort(404)
        try:
            made = services.ask_introduction(g.act, asking, organisation, form.message.data or "")
            return redirect(url_for("introduction.show", introduction_id=made.id), 303)
        except Refused as refused:
            reasons = tuple(reason(one) for one in refused.reasons)
    elif len(mine) == 1:
        reasons = tuple(reason(one) for one in services.against(g.act, mine[0], organisation).reasons)
    page = render_template(
        "introduction/new.html", organisation=organisation, form=form, mine=mine, reasons=reasons,
        act_id=new_id(Secret()),
    )  # fmt: skip
    return page, (422 if request.method == "POST" else 200)
