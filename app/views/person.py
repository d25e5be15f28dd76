"""A person's own account: name, password, second factor, sign-ins."""

from __future__ import annotations

from typing import Any

from flask import (
    Blueprint,
    current_app,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app import languages, sign_ins
from app.act import Act
from app.gate import may
from app.models import Person
from app.services.accounts import person as people
from app.services.accounts import second_factor
from app.services.accounts.sign_in import end_sign_in, end_sign_ins, live_sign_ins
from app.services.erasing import erasing
from app.services.erasing.erasing_obstacles import obstacles
from app.views.sign_in import limit, prove_own_password, proved_person
from forms.person import ChangePasswordForm, EraseForm, FactorCodeForm, SettingsForm
from forms.sign_in import AddressForm

bp = Blueprint("person", __name__)


def typed() -> Any:  # noqa: ANN401
    return request.form if request.method == "POST" else None


def languages_to_choose() -> list[tuple[str, str]]:
    folder = current_app.extensions["settings"].translations
    return [(code, languages.own_name(code)) for code in languages.available(folder)]


def back_to(person: Person) -> Response:
    return redirect(url_for("person.show", person_id=person.id), 303)


def again_first(person: Person) -> Response:
    """Lead to the page that asks for the password once more, and from there back to the account."""
    return redirect(url_for("sign_in.again", next=url_for("person.show", person_id=person.id)), 303)


@bp.get("/me")
@may("work.view")
def mine() -> Any:  # noqa: ANN401
    return back_to(g.act.person)


@bp.get("/people/<person_id>")
@may("person.view")
def show(person: Person) -> Any:  # noqa: ANN401
    act: Act = g.act
    if person.id != act.person_id:
        return redirect(url_for("admin.person", person_id=person.id), 303)
    return render_template(
        "person/show.html",
        person=person,
        form=SettingsForm(None, obj=person).offer(languages_to_choose()),
        sign_ins=live_sign_ins(act, person, sign_ins.lasts()),
        this=g.sign_in.id,
        factor=second_factor.factor_of(act.session, person),
        codes_left=second_factor.codes_left(act.session, person),
        must=current_app.extensions["settings"].second_factor_required and second_factor.must_have_factor(act, person),
    )


@bp.post("/people/<person_id>/settings")
@may("person.edit")
def save(person: Person) -> Any:  # noqa: ANN401
    form = SettingsForm(typed()).offer(languages_to_choose())
    if not form.validate():
        return render_template("person/settings.html", person=person, form=form), 422
    language = form.answers.get("language") or person.language
    people.save_settings(g.act, person, name=form.answers["name"], single_keys=form.single_keys.data, language=language)
    flash(_("Saved."))
    return back_to(person)


def prove_and_hash() -> None:
    """Check the password there is, and hash the new one, before the transaction opens."""
    prove_own_password()
    g.new_hash = current_app.extensions["passwords"].hash(request.form.get("password", "")[:1000])


def prove_current() -> None:
    if request.form.get("current_password"):
        prove_and_hash()
    else:
        g.proof = None
        g.new_hash = current_app.extensions["passwords"].hash(request.form.get("password", "")[:1000])


@bp.route("/people/<person_id>/password", methods=["GET", "POST"])
@may("person.edit", before=prove_current)
def password(person: Person) -> Any:  # noqa: ANN401
    form = ChangePasswordForm(typed())
    if request.method == "GET":
        return render_template("person/password.html", person=person, form=form)
    fine = form.validate()
    if fine and person.password_hash and proved_person(g.act) is not person:
        form.current_password.errors = [_("This is not the password you have now.")]
        fine = False
    if not fine:
        return render_template("person/password.html", person=person, form=form), 422
    if not person.password_hash and not g.act.signed_in_again and person.email_verified_at is not None:
        return again_or_mail(person)
    people.set_password(g.act, person, g.new_hash, keep=g.sign_in)
    flash(_("The password was changed. Your other sign-ins have ended."))
    return back_to(person)


def again_or_mail(person: Person) -> Response:
    """Somebody without a password proves the mailbox instead: the link to set one goes there."""
    people.mail_reset(g.act, person.email)
    flash(_("We have sent you a mail: its link sets the password."))
    return back_to(person)


@bp.route("/people/<person_id>/address", methods=["GET", "POST"])
@may("person.edit")
def address(person: Person) -> Any:  # noqa: ANN401
    """Use another e-mail address: it counts once the link mailed to it is used."""
    if person.email_verified_at is not None and not g.act.signed_in_again:
        return again_first(person)
    form = AddressForm(typed())
    if request.method == "GET" or not form.validate():
        page = render_template("person/address.html", person=person, form=form)
        return page if request.method == "GET" else (page, 422)
    limit("mail.account", person.id)
    people.change_address(g.act, person, form.answers["email"])
    return render_template("sign_in/sent.html", purpose="verify", address=form.answers["email"])


@bp.post("/people/<person_id>/sign-ins/<sign_in_id>/end")
@may("person.edit")
def end_one(person: Person, sign_in_id: str) -> Any:  # noqa: ANN401
    end_sign_in(g.act, person, sign_in_id)
    flash(_("That sign-in has ended."))
    return back_to(person)


@bp.post("/people/<person_id>/sign-ins/end-others")
@may("person.edit")
def end_others(person: Person) -> Any:  # noqa: ANN401
    """End every sign-in but this one."""
    end_sign_ins(g.act, person, keep=g.sign_in)
    flash(_("Your other sign-ins have ended."))
    return back_to(person)


@bp.route("/people/<person_id>/second-factor", methods=["GET", "POST"])
@may("person.edit")
def factor(person: Person) -> Any:  # noqa: ANN401
    """Set up a second factor, or confirm its first code."""
    act: Act = g.act
    if not act.signed_in_again:
        return again_first(person)
    form = FactorCodeForm(typed())
    codes = None
    if request.method == "POST" and request.form.get("code") is not None and form.validate():
        limit("code.account", person.id)
        codes = second_factor.confirm(act, person, form.answers["code"])
        if codes is not None:
            return _codes_page(codes, person)
        form.code.errors = [_("This code is not right. Check the time of your telephone.")]
    if request.method == "POST" and request.form.get("code") is None:
        second_factor.begin(act, person)
        return redirect(url_for("person.factor", person_id=person.id), 303)
    pending = second_factor.pending_factor(act.session, person)
    if pending is None:
        return back_to(person)
    page = render_template("person/factor.html", person=person, form=form, secret=second_factor.secret_of(pending))
    return (page, 422) if form.errors else page


def _codes_page(codes: list[str], person: Person) -> Response:
    page = make_response(
        render_template("sign_in/recovery_codes.html", codes=codes, next=url_for("person.show", person_id=person.id))
    )
    page.headers["Cache-Control"] = "no-store"
    return page


@bp.post("/people/<person_id>/second-factor/remove")
@may("person.edit")
def remove_factor(person: Person) -> Any:  # noqa: ANN401
    """Take the factor away to set up another; whoever must have one sets it up at the next sign-in."""
    if not g.act.signed_in_again:
        return again_first(person)
    second_factor.remove(g.act, person, name="remove_factor", relation=g.relation)
    response = make_response(redirect(url_for("sign_in.show"), 303))
    sign_ins.clear_cookie(response)
    return response


@bp.route("/people/<person_id>/erase", methods=["GET", "POST"])
@may("person.erase")
def erase(person: Person) -> Any:  # noqa: ANN401
    """Erase one's own account: said what goes and what stays, typed, and done at once."""
    act: Act = g.act
    form = EraseForm(typed())
    verdict = obstacles(act, person)
    if request.method == "POST" and verdict:
        if not act.signed_in_again:
            return redirect(url_for("sign_in.again", next=url_for("person.erase", person_id=person.id)), 303)
        if form.confirms(person.email):
            erasing.erase(act, person, relation=g.relation, data=current_app.extensions["settings"].data)
            return _gone()
    until = erasing.kept_until(act, person)
    page = render_template("person/erase.html", person=person, form=form, verdict=verdict, until=until)
    return (page, 422) if request.method == "POST" else page


def _gone() -> Response:
    """Lead away from an account that is there no more; nothing of it is left in the browser."""
    session.clear()
    g.sign_in = None
    flash(_("Your account is erased. Nobody can sign in with it any more."))
    response = make_response(redirect(url_for("public.home"), 303))
    sign_ins.clear_cookie(response)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response
