"""Signing in and out, with a second factor where there is one, and anew before a grave act."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, abort, current_app, g, make_response, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response

from app import sign_ins
from app.act import Act
from app.gate import database, may
from app.models import Person
from app.services.accounts import second_factor
from app.services.accounts.second_factor import factor_of, must_have_factor
from app.services.accounts.sign_in import person_for
from app.services.organisations.names import fold_address
from app.typed import unseal
from forms.sign_in import AgainForm, CodeForm, SignInForm

bp = Blueprint("sign_in", __name__)
HALF_LASTS = timedelta(minutes=10)  # between the password and the code


@dataclass(frozen=True)
class Proof:
    """A password that was right, outside any transaction."""

    person_id: str
    password_hash: str


def limit(name: str, key: str) -> None:
    """Count a try; too many are answered 429 with the time to wait."""
    wait = current_app.extensions["limiter"].wait(name, key, current_app.extensions["clock"]())
    if wait is not None:
        raise TooManyRequests(retry_after=int(wait.total_seconds()) + 1)


def succeeded(name: str, key: str) -> None:
    """Count anew after a success: only wrong tries add up."""
    current_app.extensions["limiter"].forget(name, key)


def sender() -> str:
    return request.remote_addr or ""


def prove_password() -> None:
    """Check the password that came with a form, before the transaction opens."""
    g.proof = None
    if request.form.get("email") is None and "password" not in request.form:
        return
    address = fold_address(request.form.get("email", ""))
    limit("sign_in.sender", sender())
    limit("sign_in.account", address or sender())
    with database().reading() as reading:
        person = person_for(reading, address)
        known = (person.id, person.password_hash) if person else (None, None)
    if current_app.extensions["passwords"].verify(known[1], request.form.get("password", "")):
        g.proof = Proof(str(known[0]), str(known[1]))


def proved_person(act: Act) -> Person | None:
    """Give whose password was right, if it is still theirs and their account is open."""
    proof: Proof | None = g.get("proof")
    person = act.session.get(Person, proof.person_id) if proof else None
    if person is None or proof is None or person.disabled_at or person.password_hash != proof.password_hash:
        return None
    return person


@bp.route("/sign-in", methods=["GET", "POST"])
@may("site.sign_in", before=prove_password)
def show() -> Any:  # noqa: ANN401
    form = SignInForm(request.form if request.method == "POST" else None)
    if request.method == "GET":
        form.next.data = sign_ins.local(request.args.get("next"))
        return render_template("sign_in/show.html", form=form)
    if not form.validate():
        return render_template("sign_in/show.html", form=form), 422
    person = proved_person(g.act)
    if person is None:
        form.form_errors = [_("The e-mail address or the password is not right.")]
        return render_template("sign_in/show.html", form=form), 422
    succeeded("sign_in.account", fold_address(form.answers["email"]))
    remember_where()
    return go_on(g.act, person, proved=True, next_address=form.next.data, kept=form.kept.data)


def remember_where() -> None:
    """Keep in the cookie of this sign-in whether its computer is shared: pages then leave nothing in the browser."""
    session["shared"] = bool(request.form.get("shared"))


def go_on(act: Act, person: Person, *, proved: bool, next_address: str | None, kept: str | None = None) -> Any:  # noqa: ANN401
    """After password or link: ask for the code, have a second factor set up, or sign in."""
    next_address = sign_ins.local(next_address)
    has = factor_of(act.session, person) is not None
    required = current_app.extensions["settings"].second_factor_required and must_have_factor(act, person)
    if not has and not required:
        return finish(act, person, proved=proved, next_address=next_address, kept=kept)
    session["half"] = {"person": person.id, "mark": _mark(person), "at": act.now.isoformat()}
    form = CodeForm(None, data={"next": next_address, "kept": kept or ""})
    if has:
        return render_template("sign_in/code.html", form=form)
    second_factor.begin(act, person)
    return _set_up_page(act, person, form)


def _mark(person: Person) -> str:
    return hashlib.sha256((person.password_hash or "").encode()).hexdigest()[:16]


def half_signed_in(act: Act) -> Person | None:
    """Give who has passed the first step within the last minutes."""
    half = session.get("half")
    person = act.session.get(Person, half["person"]) if half else None
    if half is None or person is None or person.disabled_at or half["mark"] != _mark(person):
        return None
    return person if act.now - datetime.fromisoformat(half["at"]) < HALF_LASTS else None


@bp.post("/sign-in/code")
@may("site.sign_in")
def code() -> Any:  # noqa: ANN401
    person = half_signed_in(g.act)
    if person is None:
        return redirect(url_for("sign_in.show"), 303)
    limit("code.account", person.id)
    form = CodeForm(request.form)
    if form.validate() and second_factor.check(g.act, person, form.answers["code"]):
        succeeded("code.account", person.id)
        return finish(g.act, person, proved=True, next_address=form.next.data, kept=form.kept.data)
    if not form.errors:
        form.code.errors = [_("This code is not right, or was used before. Wait for the next one.")]
    return render_template("sign_in/code.html", form=form), 422


@bp.post("/sign-in/second-factor")
@may("site.sign_in")
def set_up() -> Any:  # noqa: ANN401
    act: Act = g.act
    person = half_signed_in(act)
    if person is None:
        return redirect(url_for("sign_in.show"), 303)
    limit("code.account", person.id)
    form = CodeForm(request.form)
    codes = second_factor.confirm(act, person, form.answers["code"]) if form.validate() else None
    if codes is None:
        form.code.errors = form.code.errors or [_("This code is not right. Check the time of your telephone.")]
        return _set_up_page(act, person, form), 422
    response = finish(act, person, proved=True, next_address=form.next.data, kept="")
    page = make_response(
        render_template("sign_in/recovery_codes.html", codes=codes, next=sign_ins.local(form.next.data))
    )
    page.headers.extend((k, v) for k, v in response.headers if k == "Set-Cookie")
    return page


def _set_up_page(act: Act, person: Person, form: CodeForm) -> str:
    factor = second_factor.pending_factor(act.session, person)
    if factor is None:
        abort(404)
    return render_template("sign_in/set_up.html", form=form, secret=_in_fours(second_factor.secret_of(factor)))


def _in_fours(secret: str) -> str:
    return " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))


def finish(act: Act, person: Person, *, proved: bool, next_address: str | None, kept: str | None) -> Response:
    """Sign in: a new record, a new cookie, and what was typed before given back to its own person."""
    session.pop("half", None)
    session.pop("csrf_token", None)
    g.pop("csrf_token", None)
    token = sign_ins.start(act, person, proved=proved)
    act.person, g.sign_in_started = person, True
    typed = unseal(kept, person.id) if kept else None
    if typed is not None:
        response = make_response(render_template("sign_in/send_again.html", typed=typed, returned=True))
    else:
        where = sign_ins.local(next_address)
        response = make_response(redirect(url_for("work.show") if where == "/" else where, 303))
    sign_ins.set_cookie(response, token)
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.post("/sign-out")
@may("site.sign_out")
def sign_out() -> Any:  # noqa: ANN401
    g.sign_in.ended_at = g.act.now
    shared = sign_ins.on_shared_computer()
    session.clear()
    response = make_response(redirect(url_for("public.home"), 303))
    sign_ins.clear_cookie(response)
    response.headers["Clear-Site-Data"] = '"cache", "storage"' if shared else '"cache"'
    return response


def prove_own_password() -> None:
    """Check the password of whoever is signed in, before the transaction opens."""
    g.proof = None
    password = request.form.get("password") or request.form.get("current_password") or ""
    if not password:
        return
    limit("sign_in.sender", sender())
    with database().reading() as reading:
        record = sign_ins.current(reading, current_app.extensions["clock"]())
        known = (record.person_id, record.person.password_hash) if record else (None, None)
    if known[0]:
        limit("sign_in.account", known[0])
    if current_app.extensions["passwords"].verify(known[1], password):
        g.proof = Proof(str(known[0]), str(known[1]))


@bp.route("/sign-in/again", methods=["GET", "POST"])
@may("site.sign_out", before=prove_own_password)
def again() -> Any:  # noqa: ANN401
    act: Act = g.act
    form = AgainForm(request.form if request.method == "POST" else None)
    if request.method == "GET":
        form.next.data = sign_ins.local(request.args.get("next"))
        return _again_page(act, form)
    if form.validate() and _proves(act, form):
        g.sign_in.proved_at = act.now
        succeeded("sign_in.account", act.person_id or "")
        succeeded("code.account", act.person_id or "")
        return redirect(sign_ins.local(form.next.data), 303)
    if not form.errors:
        form.form_errors = [_("The password or the code is not right.")]
    return _again_page(act, form), 422


def _proves(act: Act, form: AgainForm) -> bool:
    person = proved_person(act)
    if person is not None:
        return person.id == act.person_id
    if not form.code.data or act.person is None:
        return False
    limit("code.account", act.person.id)
    return second_factor.check(act, act.person, form.answers["code"])


def _again_page(act: Act, form: AgainForm) -> str:
    person = act.person
    has_factor = person is not None and factor_of(act.session, person) is not None
    has_password = person is not None and person.password_hash is not None
    return render_template("sign_in/again.html", form=form, has_factor=has_factor, has_password=has_password)
