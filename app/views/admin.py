"""Accounts, offices and lost second factors. An administrator sees no content of applications here or anywhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.act import Act
from app.gate import may
from app.models import Person
from app.services import proposing
from app.services.accounts import account_mails, office, second_factor
from app.services.accounts.person_history import events_of_person
from app.services.erasing import erasing
from app.services.transitions import Refused
from app.single_text import single_text
from app.ui import reason
from forms.admin import OFFICE_NAMES, CloseForm, EraseReasonForm, OfficeForm, ReasonForm, TwoPersonsForm
from forms.person import EraseForm
from workflows.relations import Relation as R
from workflows.two_persons import ALWAYS

bp = Blueprint("admin", __name__)
PERSON = "/admin/people/<person_id>"


@bp.get("/admin")
@may("site.administer")
def index() -> Any:  # noqa: ANN401
    return _index()


def _index(refused: Refused | None = None) -> Any:  # noqa: ANN401
    search, page = request.args.get("q", "")[:200], max(1, request.args.get("page", 1, type=int))
    found, total = office.people(g.act, search, page)
    pages = max(1, -(-total // office.PAGE))
    addresses = [(n, url_for("admin.index", q=search, page=n)) for n in range(1, pages + 1)]
    return render_template(
        "admin/index.html", people=found, total=total, search=search, page=page, pages=pages, addresses=addresses,
        holders=office.office_holders(g.act), offices_of=lambda person: _offices(g.act, person),
        returned=account_mails.mails_come_back(g.act), kind_of=account_mails.kind_of, typed=request.form,
        errors=[(f"note-{request.form.get('bounce', '')[:26]}", reason(r)) for r in refused.reasons] if refused else [],
    ), (422 if refused else 200)  # fmt: skip


@bp.post("/admin/mails")
@may("site.administer")
def told() -> Any:  # noqa: ANN401
    """Note what was done about a mail of an account that came back."""
    try:
        account_mails.deal_with(
            g.act, request.form.get("bounce", "")[:26], single_text("note"), relation=R.ADMINISTRATOR
        )
    except Refused as refused:
        g.act.session.rollback()
        return _index(refused)
    flash(_("It is noted."))
    return redirect(url_for("admin.index"), 303)


def _offices(act: Act, person: Person) -> str:
    return ", ".join(str(OFFICE_NAMES[holding.office]) for holding in office.offices_of(act, person))


@bp.get("/admin/two-persons")
@may("site.administer")
def two_persons() -> Any:  # noqa: ANN401
    return _two_persons(TwoPersonsForm())


def _two_persons(form: TwoPersonsForm, refused: Refused | None = None) -> Any:  # noqa: ANN401
    page = render_template(
        "admin/two_persons.html", form=form, found=proposing.settings_of(g.act), always=ALWAYS,
        refused=refused.reasons if refused else (),
    )  # fmt: skip
    return (page, 422) if request.method == "POST" else page


@bp.post("/admin/two-persons")
@may("site.administer")
def set_two_persons() -> Any:  # noqa: ANN401
    """Set for one act whether it needs two persons."""
    form = TwoPersonsForm(request.form)
    if not form.validate():
        return _two_persons(form)
    needed, why = form.persons.data == "2", form.reason.data or ""
    try:
        proposing.set_two_persons(g.act, str(form.of.data), needed=needed, reason=why, relation=g.relation)
    except Refused as refused:
        g.act.session.rollback()
        return _two_persons(form, refused)
    flash(_("It is set, from now on."))
    return redirect(url_for("admin.two_persons"), 303)


@bp.get(PERSON)
@may("person.reset_factor")
def person(person: Person) -> Any:  # noqa: ANN401
    return _page(person)


def _page(person: Person, problems: list[str] | None = None, typed_form: EraseForm | None = None) -> Any:  # noqa: ANN401
    act: Act = g.act
    return render_template(
        "admin/person.html",
        person=person,
        offices=[(holding, str(OFFICE_NAMES[holding.office])) for holding in office.offices_of(act, person)],
        office_form=OfficeForm(),
        reason_form=ReasonForm(),
        close_form=CloseForm(),
        erase_form=EraseReasonForm(),
        typed_form=typed_form or EraseForm(),
        erasure=erasing.erasure_of(act.session, person),
        asked=erasing.asked_for(act, person),
        years=act.site.retention_years,
        factor=second_factor.factor_of(act.session, person),
        reset=second_factor.open_reset(act.session, person),
        events=events_of_person(act, person),
        problems=problems or [],
    )


def _done(person: Person, do: Callable[[], object], said: str) -> Any:  # noqa: ANN401
    """Do an act and go back to the page; a refusal is shown there with its reasons."""
    try:
        do()
    except Refused as refused:
        g.act.session.rollback()
        g.act.session.refresh(person)
        return _page(person, [reason(r) for r in refused.reasons]), 422
    flash(said)
    return redirect(url_for("admin.person", person_id=person.id), 303)


def _fresh(person: Person) -> Response | None:
    """Grave acts on accounts need a sign-in of the last ten minutes."""
    if g.act.signed_in_again:
        return None
    return redirect(url_for("sign_in.again", next=url_for("admin.person", person_id=person.id)), 303)


@bp.post(f"{PERSON}/offices")
@may("person.grant_office")
def grant(person: Person) -> Any:  # noqa: ANN401
    if (first := _fresh(person)) is not None:
        return first
    form = OfficeForm(request.form)
    if not form.validate():
        return _page(person, [_("Choose an office.")]), 422
    chosen = R(form.office.data)
    return _done(
        person, lambda: office.grant_office(g.act, person, chosen, relation=g.relation), _("The office was granted.")
    )


@bp.post(f"{PERSON}/offices/<holding_id>/end")
@may("person.grant_office")
def end(person: Person, holding_id: str) -> Any:  # noqa: ANN401
    if (first := _fresh(person)) is not None:
        return first
    return _done(
        person, lambda: office.end_office(g.act, person, holding_id, relation=g.relation), _("The office has ended.")
    )


@bp.post(f"{PERSON}/disable")
@may("person.disable")
def disable(person: Person) -> Any:  # noqa: ANN401
    form = CloseForm(request.form)
    if not form.validate():
        return _page(person, [_("Give the reason.")]), 422
    why = form.answers["why"]
    return _done(person, lambda: office.disable(g.act, person, why, relation=g.relation), _("The account is closed."))


@bp.post(f"{PERSON}/enable")
@may("person.disable")
def enable(person: Person) -> Any:  # noqa: ANN401
    return _done(person, lambda: office.enable(g.act, person, relation=g.relation), _("The account is open again."))


@bp.post(f"{PERSON}/factor/ask")
@may("person.reset_factor")
def ask_reset(person: Person) -> Any:  # noqa: ANN401
    form = ReasonForm(request.form)
    if not form.validate():
        return _page(person, [_("Give the reason.")]), 422
    why = form.answers["reason"]
    said = _("Another person of the office has to confirm this now.")
    return _done(person, lambda: second_factor.ask_reset(g.act, person, why, relation=g.relation), said)


@bp.post(f"{PERSON}/factor/confirm")
@may("person.reset_factor")
def confirm_reset(person: Person) -> Any:  # noqa: ANN401
    if (first := _fresh(person)) is not None:
        return first
    said = _("The second factor was reset.")
    return _done(person, lambda: second_factor.confirm_reset(g.act, person, relation=g.relation), said)


@bp.post(f"{PERSON}/erasure/ask")
@may("person.order_erasure")
def ask_erasure(person: Person) -> Any:  # noqa: ANN401
    """Ask that an account be erased; another administrator confirms."""
    form = EraseReasonForm(request.form)
    if not form.validate():
        return _page(person, [_("Give the reason, without naming the person.")]), 422
    why = form.answers["ground"]
    said = _("Another administrator has to confirm this now. The person is told.")
    return _done(person, lambda: erasing.ask_erasure(g.act, person, why, relation=g.relation), said)


@bp.post(f"{PERSON}/erasure/take-back")
@may("person.order_erasure")
def take_erasure_back(person: Person) -> Any:  # noqa: ANN401
    said = _("The account stays as it is.")
    return _done(person, lambda: erasing.take_erasure_back(g.act, person, relation=g.relation), said)


@bp.post(f"{PERSON}/erasure/confirm")
@may("person.order_erasure")
def confirm_erasure(person: Person) -> Any:  # noqa: ANN401
    if (first := _fresh(person)) is not None:
        return first
    form, data = EraseForm(request.form), current_app.extensions["settings"].data
    if not form.confirms(person.email):
        return _page(person, [str(error) for error in form.typed.errors], form), 422
    said = _("The account is erased.")
    return _done(person, lambda: erasing.confirm_erasure(g.act, person, relation=g.relation, data=data), said)
