"""The sign-in behind the cookie: found, touched, started, ended. The record is on the server."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from flask import current_app, g, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload
from werkzeug.wrappers import Response

from app.act import Act
from app.chance import new_id
from app.models import Person, SignIn

IDLE = timedelta(hours=10)  # a working day, sliding
ABSOLUTE = timedelta(hours=24)
TOUCH_EVERY = timedelta(minutes=5)


def cookie_name() -> str:
    return "__Host-sign-in" if current_app.extensions["settings"].https else "sign-in"


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def current(session: Session, now: datetime) -> SignIn | None:
    """Find the sign-in of this request: known, not ended, not too old, and its person not disabled."""
    g.sign_in = None
    token = request.cookies.get(cookie_name(), "")
    if not token:
        return None
    query = (
        select(SignIn)
        .where(SignIn.token_digest == digest_of(token), SignIn.ended_at.is_(None))
        .options(joinedload(SignIn.person).selectinload(Person.offices))
    )
    found = session.scalar(query)
    if found is None or found.person.disabled_at is not None:
        return None
    if now - found.last_used_at > IDLE or now - found.created_at > ABSOLUTE:
        return None
    g.sign_in = found
    return found


def needs_touch(now: datetime) -> bool:
    found: SignIn | None = g.get("sign_in")
    return found is not None and now - found.last_used_at > TOUCH_EVERY


def touch(session: Session, now: datetime) -> None:
    record = session.get(SignIn, g.sign_in.id)
    if record is not None:
        record.last_used_at = now


def start(act: Act, person: Person) -> str:
    """Begin a sign-in and give the token for the cookie."""
    token = act.chance.bytes(32).hex()
    act.session.add(
        SignIn(
            id=new_id(act.chance),
            person_id=person.id,
            token_digest=digest_of(token),
            created_at=act.now,
            proved_at=act.now,
            last_used_at=act.now,
            browser=request.headers.get("User-Agent", "")[:300],
        )
    )
    act.session.flush()
    return token


def end_all(act: Act, person: Person) -> None:
    """End every sign-in of a person: after a new password, a lost office, a disabled account."""
    for record in act.session.scalars(select(SignIn).where(SignIn.person_id == person.id, SignIn.ended_at.is_(None))):
        record.ended_at = act.now


def set_cookie(response: Response, token: str) -> None:
    secure = current_app.extensions["settings"].https
    response.set_cookie(cookie_name(), token, secure=secure, httponly=True, samesite="Lax", path="/")


def ask(next_address: str) -> Response:
    return redirect(url_for("sign_in.show", next=next_address), 303)


def ask_again() -> Response:
    """A POST whose sign-in has ended stores nothing: sign in again, and nothing typed is lost."""
    page = render_template("sign_in/again.html", next=request.full_path)
    return Response(page, 401, mimetype="text/html")
