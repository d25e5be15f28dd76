"""Organisations: the directory, profiles, finding one's own, validation."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.access import can, name_of, offered, relations_of
from app.act import Act
from app.clash import as_chosen, clash_page, started_from
from app.gate import may
from app.models import Organisation
from app.profile_form import country_choices, facts_of, profile_form
from app.profile_page import profile_of, row_links, told
from app.services.organisations import organisation as organisations
from app.services.organisations import organisation_queries as queries
from app.services.organisations.names import domain_of
from app.services.organisations.organisation_people import ask_to_join, people_of, requests_of, requests_with_the_office
from app.services.searching.exposure import times_shown
from app.services.searching.introduction import between
from app.services.transitions import Refused
from app.ui import reason, words
from app.urls import with_query
from forms.base import BaseForm
from forms.checks import pic_digits
from forms.organisation import FindForm, NewOrganisationForm, RenameForm
from forms.organisation import options as choices_of
from workflows.machine import Tone
from workflows.profile import PROFILE
from workflows.relations import Relation as R

bp = Blueprint("organisation", __name__)
TONES = {
    Tone.NEUTRAL: "neutral", Tone.PROGRESS: "progress", Tone.GOOD: "success",
    Tone.WARNING: "warning", Tone.BAD: "danger",
}  # fmt: skip


def say_refusal(form: BaseForm, refused: Refused) -> None:
    """Put the reasons of a refusal at the top of a form; what was typed stays."""
    form.form_errors = [reason(r) for r in refused.reasons]


def typed() -> Any:  # noqa: ANN401
    return request.form if request.method == "POST" else None


OLD_NAMES = {"countries": "country", "kinds": "kind", "themes": "theme"}  # of the filters, until the lists became one


@bp.get("/organisations")
@may("profile.list")
def index() -> Response:
    """The directory became a part of the page on which partners are found; its filters lead there."""
    kept: dict[str, Any] = {OLD_NAMES.get(k, k): v for k, v in request.args.to_dict(flat=False).items()}
    return redirect(with_query("partner.index", kept))


@bp.get("/organisations/<organisation_id>")
@may("profile.view")
def show(organisation: Organisation) -> Any:  # noqa: ANN401
    act: Act = g.act
    if organisation.merged_into_id is not None and not can(act, "profile.merge", organisation):
        return redirect(url_for("organisation.show", organisation_id=organisation.merged_into_id), 303)
    return render_template("organisation/show.html", organisation=organisation, **_page_of(act, organisation))


def _page_of(act: Act, organisation: Organisation) -> dict[str, Any]:
    inside = can(act, "profile.view_people", organisation)
    rows = offered(act, organisation)
    held = relations_of(act, organisation, (R.CALL_MANAGER, R.AUDITOR, R.ORGANISATION_MEMBER, R.ANYONE))
    checks = queries.checks_before_publication(act, organisation) if can(act, "profile.validate", organisation) else []
    return {
        "profile": profile_of(organisation, whole=can(act, "profile.view_contact_details", organisation)),
        "inside": inside,
        "word": (_(name_of(organisation, held)), tone_of(organisation)),
        "verdict": organisations.what_is_missing(organisation),
        "offered_submit": any(row.name == "submit" for row in rows),
        "rows": row_links(organisation, rows),
        "checks": [{"answer": c.answer, "text": words(c.text), "fact": c.fact} for c in checks],
        "people": people_of(act, organisation) if inside else [],
        "requests": requests_of(act, organisation) if inside else [],
        "told": told(act, queries.events_of(act, organisation)) if inside else [],
        "mine": queries.my_place(act, organisation),
        "introductions": between(act, organisation) if act.person else [],
        "shown": times_shown(act, organisation) if inside else None,
    }


def tone_of(organisation: Organisation) -> str:
    return TONES[PROFILE.names[organisation.state].tone]


@bp.get("/organisations/find")
@may("profile.create")
def find() -> Any:  # noqa: ANN401
    act: Act = g.act
    form = FindForm(request.args or None)
    me = act.person
    address = me.email if me and me.email_verified_at else ""
    searched = bool(request.args) and form.validate()
    pic = pic_digits(form.pic.data) if searched else ""
    found = organisations.find_organisations(
        act, pic=pic, name=form.name.data or "" if searched else "", address=address
    )
    return render_template(
        "organisation/find.html", form=form, found=found, searched=searched,
        domain=domain_of(address) if address else "",
        places=queries.my_organisations(act), pic=pic,
    )  # fmt: skip


@bp.route("/organisations/new", methods=["GET", "POST"])
@may("profile.create")
def new() -> Any:  # noqa: ANN401
    act: Act = g.act
    form = NewOrganisationForm(typed(), data={"name": request.args.get("name", ""), "pic": request.args.get("pic", "")})
    form.country.choices = choices_of(country_choices())
    if request.method == "GET":
        return render_template("organisation/new.html", form=form, found=[])
    if not form.validate():
        return render_template("organisation/new.html", form=form, found=[]), 422
    pic = pic_digits(form.pic.data)
    found = organisations.find_organisations(act, pic=pic, name=form.answers["name"])
    if found and request.form.get("really") != "yes":
        return render_template("organisation/new.html", form=form, found=found), 422
    try:
        made = organisations.create_organisation(
            act, name=form.answers["name"], pic=pic or None, country=form.country.data
        )
    except Refused as refused:
        say_refusal(form, refused)
        return render_template("organisation/new.html", form=form, found=found), 422
    return redirect(url_for("organisation.edit", organisation_id=made.id), 303)


@bp.post("/organisations/<organisation_id>/ask-to-join")
@may("profile.ask_to_join")
def join(organisation: Organisation) -> Any:  # noqa: ANN401
    ask_to_join(g.act, organisation)
    flash(_("Your request was sent. You will get a mail with the answer; after three working days the office answers."))
    return redirect(url_for("organisation.find"), 303)


@bp.route("/organisations/<organisation_id>/edit", methods=["GET", "POST"])
@may("profile.edit")
def edit(organisation: Organisation) -> Any:  # noqa: ANN401
    form = profile_form(organisation, as_chosen())
    if request.method == "GET":
        return _edit_page(organisation, form)
    back = url_for("organisation.edit", organisation_id=organisation.id)
    if (clash := clash_page(profile_form(organisation, None), back)) is not None:
        return clash
    facts = facts_of(form) if form.validate() else None
    if facts is None:
        return _edit_page(organisation, form), 422
    try:
        organisations.save_profile(g.act, organisation, facts, relation=g.relation)
    except Refused as refused:
        g.act.session.rollback()
        g.act.session.refresh(organisation)
        say_refusal(form, refused)
        return _edit_page(organisation, form), 422
    flash(_("The profile was saved."))
    return redirect(url_for("organisation.show", organisation_id=organisation.id), 303)


def _edit_page(organisation: Organisation, form: Any) -> str:  # noqa: ANN401
    started = request.form.get("started") or started_from(profile_form(organisation, None))
    return render_template("organisation/edit.html", organisation=organisation, form=form, started=started)


@bp.route("/organisations/<organisation_id>/rename", methods=["GET", "POST"])
@may("profile.rename")
def rename(organisation: Organisation) -> Any:  # noqa: ANN401
    form = RenameForm(typed(), obj=organisation)
    if request.method == "GET" or not form.validate():
        page = render_template("organisation/rename.html", organisation=organisation, form=form)
        return page if request.method == "GET" else (page, 422)
    try:
        organisations.rename(
            g.act, organisation, name=form.answers["name"], name_en=form.name_en.data or "", from_on=form.from_on.data,
            relation=g.relation,
        )  # fmt: skip
    except Refused as refused:
        say_refusal(form, refused)
        return render_template("organisation/rename.html", organisation=organisation, form=form), 422
    return redirect(url_for("organisation.show", organisation_id=organisation.id), 303)


@bp.get("/organisations/to-validate")
@may("profile.validate")
def to_validate() -> Any:  # noqa: ANN401
    act: Act = g.act
    return render_template(
        "organisation/to_validate.html",
        waiting=queries.profiles_to_validate(act),
        requests=requests_with_the_office(act),
    )


def back_to(organisation: Organisation) -> Response:
    return redirect(url_for("organisation.show", organisation_id=organisation.id), 303)
