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

bp = Blueprint("standin", __name__)
Answer = Response | str | tuple[str, int]
UNPROCESSABLE = 422


@bp.get("/stand-ins")
@may("standin.list")
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
@may("standin.name")
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
    return redirect(url_for("standin.show", standin_id=named.id), 303)


@bp.get("/stand-ins/<standin_id>")
@may("standin.view")
def show(standin: StandIn) -> Answer:
    return _page(standin)


def _page(standin: StandIn, refused: Refused | None = None) -> Answer:
    page = render_template(
        "stand_in/show.html", one=standin, first=services.first_day(standin), last=services.last_day(standin),
        over=services.is_over(g.act, standin), reason_given=services.reason_of(g.act, standin),
        taken=services.taken_by(g.act, standin), refused=refused.reasons if refused else (),
    )  # fmt: skip
    return (page, UNPROCESSABLE) if refused else page


@bp.post("/stand-ins/<standin_id>/end")
@may("standin.end")
def end(standin: StandIn) -> Answer:
    try:
        services.take_back(g.act, standin)
    except Refused as refused:
        g.act.session.rollback()
        g.act.session.refresh(standin)
        return _page(standin, refused)
    return redirect(url_for("standin.show", standin_id=standin.id), 303)
