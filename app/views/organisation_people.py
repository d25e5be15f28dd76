"""Who acts for an organisation: answered, named, ended; doubles merged and parted."""

from __future__ import annotations

from typing import Any

from flask import flash, g, render_template, request
from flask_babel import gettext as _

from app.gate import may
from app.models import Organisation
from app.services.organisations import organisation_merge as merging
from app.services.organisations import organisation_people as people
from app.services.transitions import Refused
from app.views.organisation import back_to, bp, say_refusal, typed
from forms.organisation import MergeForm

PERSON = "/organisations/<organisation_id>/people/<member_id>"


@bp.post(f"{PERSON}/answer")
@may("profile.manage_people")
def answer(organisation: Organisation, member_id: str) -> Any:  # noqa: ANN401
    accept = request.form.get("answer") == "yes"
    people.answer(g.act, organisation, member_id, accept=accept, relation=g.relation)
    flash(_("Your answer was sent by mail."))
    return back_to(organisation)


@bp.post(f"{PERSON}/administrator")
@may("profile.manage_people")
def administrator(organisation: Organisation, member_id: str) -> Any:  # noqa: ANN401
    yes = request.form.get("administrator") == "yes"
    people.set_administrator(g.act, organisation, member_id, yes=yes, relation=g.relation)
    return back_to(organisation)


@bp.post(f"{PERSON}/end")
@may("profile.view_people")
def end(organisation: Organisation, member_id: str) -> Any:  # noqa: ANN401
    people.end_membership(g.act, organisation, member_id, relation=g.relation)
    flash(_("This person no longer acts for the organisation."))
    return back_to(organisation)


@bp.route("/organisations/<organisation_id>/merge", methods=["GET", "POST"])
@may("profile.merge")
def merge(organisation: Organisation) -> Any:  # noqa: ANN401
    form = MergeForm(typed())
    merges = merging.merges_of(g.act, organisation)
    if request.method == "GET" or not form.validate():
        page = render_template("organisation/merge.html", organisation=organisation, form=form, merges=merges)
        return page if request.method == "GET" else (page, 422)
    try:
        merging.merge(g.act, organisation, form.answers["other"])
    except Refused as refused:
        g.act.session.rollback()
        say_refusal(form, refused)
        return render_template("organisation/merge.html", organisation=organisation, form=form, merges=merges), 422
    return back_to(organisation)


@bp.post("/organisations/<organisation_id>/merges/<merge_id>/undo")
@may("profile.merge")
def undo_merge(organisation: Organisation, merge_id: str) -> Any:  # noqa: ANN401
    merging.undo(g.act, organisation, merge_id)
    return back_to(organisation)
