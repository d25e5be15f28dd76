"""Signing up, and the pages of mailed links: opening one changes nothing, its button does."""

from __future__ import annotations

import io
from typing import Any

import segno
from flask import abort, current_app, g, make_response, redirect, render_template, request, url_for

from app import sign_ins
from app.act import Act
from app.gate import may
from app.models import Person
from app.moved import LINK_PAGES, forget_token, move_token, moved_token
from app.services.accounts import person as people
from app.services.accounts import second_factor
from app.services.accounts.mailed_link import Opened, open_link, use_link
from app.services.organisations.names import fold_address
from app.services.transitions import Refused
from app.ui import reason
from app.views.sign_in import bp, finish, go_on, half_signed_in, limit, remember_where, sender
from forms.base import BaseForm
from forms.sign_in import AddressForm, NewPasswordForm, SharedForm, SignUpForm


def hash_new_password() -> None:
    """Hash the password of a form before the transaction opens; always, so that the time says nothing."""
    if request.endpoint == "sign_in.sign_up":
        limit("sign_up.sender", sender())
    g.new_hash = current_app.extensions["passwords"].hash(request.form.get("password", "")[:1000])


@bp.route("/sign-up", methods=["GET", "POST"])
@may("site.sign_up", before=hash_new_password)
def sign_up() -> Any:  # noqa: ANN401
    form = SignUpForm(request.form if request.method == "POST" else None)
    next_address = sign_ins.local(request.values.get("next"))
    if request.method == "GET" or not form.validate():
        page = render_template("sign_in/sign_up.html", form=form, next=next_address)
        return page if request.method == "GET" else (page, 422)
    password_hash = g.new_hash if form.way.data == "password" else None
    person = people.sign_up(g.act, name=form.answers["name"], email=form.answers["email"], password_hash=password_hash)
    onward = url_for("organisation.find") if next_address == "/" else next_address
    return finish(g.act, person, proved=password_hash is not None, next_address=onward, kept=None)


@bp.post("/sign-up/mail-again")
@may("work.view")
def verify_again() -> Any:  # noqa: ANN401
    limit("mail.account", g.act.person.id)
    people.ask_to_verify(g.act, g.act.person)
    return render_template("sign_in/sent.html", purpose="verify", address=g.act.person.email)


def _ask_for_mail(purpose: str, send: Any) -> Any:  # noqa: ANN401
    form = AddressForm(request.form if request.method == "POST" else None)
    if request.method == "GET" or not form.validate():
        page = render_template("sign_in/ask_mail.html", form=form, purpose=purpose)
        return page if request.method == "GET" else (page, 422)
    limit("mail.sender", sender())
    limit("mail.account", fold_address(form.answers["email"]))
    send(g.act, form.email.data)
    return render_template("sign_in/sent.html", purpose=purpose, address=form.email.data)


@bp.route("/password", methods=["GET", "POST"])
@may("site.sign_in")
def forgotten() -> Any:  # noqa: ANN401
    return _ask_for_mail("reset", people.mail_reset)


@bp.route("/sign-in/link", methods=["GET", "POST"])
@may("site.sign_in")
def ask_link() -> Any:  # noqa: ANN401
    return _ask_for_mail("sign_in", people.mail_sign_in)


@bp.get("/open/<purpose>/<token>")
@may("site.sign_in")
def open_mailed(purpose: str, token: str) -> Any:  # noqa: ANN401
    """Take the token out of the address bar; nothing else happens."""
    endpoint = LINK_PAGES.get(purpose)
    if endpoint is None or endpoint not in current_app.view_functions:
        abort(404)
    move_token(purpose, token)
    return quiet(redirect(url_for(endpoint), 303))


def quiet(answer: Any) -> Any:  # noqa: ANN401
    """Send an answer of a mailed link: no referrer leaves the page, nothing is kept by a cache."""
    response = make_response(answer)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response


def spent(purpose: str, opened: Opened) -> Any:  # noqa: ANN401
    """The page of a link that is worth nothing now: which, and how to get a new one; it names nobody."""
    page = render_template("sign_in/spent.html", purpose=purpose, standing=opened.standing.value)
    return quiet((page, 410))


def _link_page(purpose: str, template: str, form: BaseForm, *, status: int = 200) -> Any:  # noqa: ANN401
    opened = open_link(g.act, purpose, moved_token(purpose))
    if opened.live is None:
        return spent(purpose, opened)
    mine = g.act.person_id is not None and g.act.person_id == opened.live.person_id
    page = render_template(template, form=form, mine=mine, address=opened.live.address)
    return quiet((page, status))


def _person_of_link(act: Act, purpose: str) -> Person:
    person = people.person_of(act, use_link(act, purpose, moved_token(purpose)))
    forget_token(purpose)
    return person


@bp.route("/verify", methods=["GET", "POST"])
@may("site.sign_in", before=hash_new_password)
def verify() -> Any:  # noqa: ANN401
    act: Act = g.act
    form = NewPasswordForm(request.form if request.method == "POST" else None)
    opened = open_link(act, "verify", moved_token("verify"))
    mine = opened.live is not None and act.person_id == opened.live.person_id
    if _changes_address(act, opened) and not mine:
        return quiet(redirect(url_for("sign_in.show", next=url_for("sign_in.verify")), 303))
    if request.method == "GET" or opened.live is None or (not mine and not form.validate()):
        return _link_page("verify", "sign_in/verify.html", form, status=200 if request.method == "GET" else 422)
    address = opened.live.address
    person = _person_of_link(act, "verify")
    try:
        people.confirm_by_link(act, person, address, password_hash=g.new_hash, keep=g.sign_in if mine else None)
    except Refused as refused:
        act.session.rollback()
        return quiet((render_template("sign_in/refused.html", reasons=[reason(r) for r in refused.reasons]), 422))
    if mine:
        return redirect(url_for("organisation.find"), 303)
    return go_on(act, person, proved=True, next_address=url_for("organisation.find"))


def _changes_address(act: Act, opened: Opened) -> bool:
    """Say whether the account has a proved address already: then only its own person may confirm another."""
    person = act.session.get(Person, opened.live.person_id) if opened.live else None
    return person is not None and person.email_verified_at is not None


@bp.route("/password/new", methods=["GET", "POST"])
@may("site.sign_in", before=hash_new_password)
def reset() -> Any:  # noqa: ANN401
    act: Act = g.act
    form = NewPasswordForm(request.form if request.method == "POST" else None)
    live = open_link(act, "reset", moved_token("reset")).live
    if request.method == "GET" or live is None or not form.validate():
        return _link_page("reset", "sign_in/reset.html", form, status=200 if request.method == "GET" else 422)
    person = _person_of_link(act, "reset")
    people.set_password(act, person, g.new_hash)
    return go_on(act, person, proved=True, next_address="/")


@bp.route("/sign-in/by-link", methods=["GET", "POST"])
@may("site.sign_in")
def by_link() -> Any:  # noqa: ANN401
    if request.method == "GET" or open_link(g.act, "sign_in", moved_token("sign_in")).live is None:
        return _link_page("sign_in", "sign_in/by_link.html", SharedForm())
    remember_where()
    return go_on(g.act, _person_of_link(g.act, "sign_in"), proved=False, next_address="/")


@bp.get("/sign-in/second-factor/picture.png")
@may("site.sign_in")
def factor_picture() -> Any:  # noqa: ANN401
    """The square that an authenticator app reads; only for whoever is setting up their own."""
    act: Act = g.act
    person = act.person or half_signed_in(act)
    factor = second_factor.pending_factor(act.session, person) if person else None
    if person is None or factor is None:
        abort(410)  # there is one only while a factor is being set up
    out = io.BytesIO()
    segno.make(second_factor.address_of(person, factor), error="m", micro=False).save(
        out, kind="png", scale=5, border=4
    )
    response = make_response(out.getvalue())
    response.headers["Content-Type"] = "image/png"
    response.headers["Cache-Control"] = "no-store"
    return response
