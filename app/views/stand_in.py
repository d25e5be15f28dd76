"""Stand-ins: who signs in whose place on which days, naming one, taking it back."""

from __future__ import annotations

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs

from app.gate import may
from app.models import Person, StandIn
from app.services.deciding import stand_in as services
from app.services.transitions import Refused
from forms.stand_in import StandInForm

bp = Blueprint("stand_in", __name__)
Answer = Response | str | tuple[str, int]
UNPROCESSABLE = 422


@bp.get("/stand-ins")
@may("stand_in.list")
def index() -> Answer:
    return _index(_form())


def _form() -> StandInForm:
    form = StandInForm(request.form if request.method == "POST" else None)
    people = services.possible_stand_ins(g.act)
    form.person.choices = [SelectChoice("", _("Choose")), *(SelectChoice(one.id, one.name) for one in people)]
    return form


def _index(form: StandInForm, refused: Refused | None = None) -> Answer:
    page = render_template(
        "stand_in/index.html", form=form, found=services.all_stand_ins(g.act), services=services,
        refused=refused.reasons if refused else (),
    )  # fmt: skip
    return (page, UNPROCESSABLE) if request.method == "POST" else page


@bp.post("/stand-ins")
@may("stand_in.name")
def name() -> Answer:
    form = _form()
    if not form.validate() or form.first.data is None or form.last.data is None:
        return _index(form)
    person = g.act.session.get_one(Person, form.person.data)
    try:
        named = services.name_stand_in(g.act, person, form.first.data, form.last.data, form.reason.data or "")
    except Refused as refused:
        g.act.session.rollback()
        return _index(form, refused)
    return redirect(url_for("stand_in.show", stand_in_id=named.id), 303)


@bp.get("/stand-ins/<stand_in_id>")
@may("stand_in.view")
def show(stand_in: StandIn) -> Answer:
    return _page(stand_in)


def _page(stand_in: StandIn, refused: Refused | None = None) -> Answer:
    page = render_template(
        "stand_in/show.html", one=stand_in, first=services.first_day(stand_in), last=services.last_day(stand_in),
        over=services.is_over(g.act, stand_in), reason_given=services.reason_of(g.act, stand_in),
        taken=services.taken_by(g.act, stand_in), refused=refused.reasons if refused else (),
    )  # fmt: skip
    return (page, UNPROCESSABLE) if refused else page


@bp.post("/stand-ins/<stand_in_id>/end")
@may("stand_in.end")
def end(stand_in: StandIn) -> Answer:
    try:
        services.take_back(g.act, stand_in)
    except Refused as refused:
        g.act.session.rollback()
        g.act.session.refresh(stand_in)
        return _page(stand_in, refused)
    return redirect(url_for("stand_in.show", stand_in_id=stand_in.id), 303)
