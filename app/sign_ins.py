"""Who is signed in: Flask-Login asks, the record on the server behind the cookie answers."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from flask import Flask, current_app, g, redirect, request, url_for
from flask_login import AnonymousUserMixin, LoginManager, UserMixin, current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Request, Response

from app.act import Act
from app.keys import use_key
from app.models import Person, SignIn
from app.passwords import Passwords
from app.services import sign_in as records
from app.services.sign_in import digest_of as digest_of  # noqa: PLC0414 - part of what this module offers
from app.shared_limits import limiter_of

TOUCH_EVERY = timedelta(minutes=5)
login = LoginManager()


class Account(UserMixin):  # type: ignore[misc]  # the library has no types
    """What Flask-Login knows of somebody signed in."""

    def __init__(self, record: SignIn) -> None:
        self.record = record

    def get_id(self) -> str:
        return self.record.id


def register_sign_ins(app: Flask) -> None:
    """Set up who may sign in and how: the key, password hashes and limits of this process."""
    settings = app.extensions["settings"]
    use_key(settings.secret_key, settings.former_key)
    app.extensions["passwords"] = Passwords(expensive=settings.expensive_passwords)
    app.extensions["limiter"] = limiter_of(settings, app.extensions["database"])
    login.session_protection = None  # the record on the server is what counts; nothing is kept in the session cookie
    login.init_app(app, add_context_processor=False)


def cookie_name() -> str:
    return "__Host-sign-in" if current_app.extensions["settings"].https else "sign-in"


@login.request_loader  # type: ignore[untyped-decorator]
def _account_of(asked: Request) -> Account | None:
    token = asked.cookies.get(cookie_name(), "")
    if not token or "asking" not in g:
        return None
    session, now = g.asking
    record = records.sign_in_of(session, token)
    return Account(record) if record is not None and records.holds(record, now) else None


def current(session: Session, now: datetime) -> SignIn | None:
    """Find the sign-in of this request: known, not ended, not too old, and its person not disabled."""
    g.pop("_login_user", None)  # Flask-Login remembers for one request; each session of the gate asks anew
    g.asking = (session, now)
    who: Account | AnonymousUserMixin = current_user._get_current_object()  # noqa: SLF001 - werkzeug's way to the object
    g.sign_in = who.record if isinstance(who, Account) else None
    found: SignIn | None = g.sign_in
    return found


def ended_person_id(session: Session) -> str | None:
    """Say whose sign-in the cookie of this request was, whether it still holds or not."""
    token = request.cookies.get(cookie_name(), "")
    record = records.sign_in_of(session, token) if token else None
    return record.person_id if record is not None else None


def needs_touch(now: datetime) -> bool:
    found: SignIn | None = g.get("sign_in")
    return found is not None and now - found.last_used_at > TOUCH_EVERY


def touch(session: Session, now: datetime) -> None:
    record = session.get(SignIn, g.sign_in.id)
    if record is not None:
        record.last_used_at = now


def start(act: Act, person: Person, *, proved: bool = True) -> str:
    """Begin a sign-in and give the token for the cookie."""
    return records.start_sign_in(act, person, browser=request.headers.get("User-Agent", ""), proved=proved)


def set_cookie(response: Response, token: str) -> None:
    secure = current_app.extensions["settings"].https
    response.set_cookie(cookie_name(), token, secure=secure, httponly=True, samesite="Lax", path="/")


def clear_cookie(response: Response) -> None:
    secure = current_app.extensions["settings"].https
    response.delete_cookie(cookie_name(), secure=secure, httponly=True, samesite="Lax", path="/")


def local(address: str | None) -> str:
    """Give an address of ours that somebody is to be led to; anything else becomes the home page."""
    found = (address or "").strip()
    parts = urlsplit(found)
    safe = found.startswith("/") and not found.startswith(("//", "/\\")) and not parts.scheme and not parts.netloc
    return found.rstrip("?") if safe and "\\" not in found and found.isprintable() else "/"


def ask(next_address: str) -> Response:
    return redirect(url_for("sign_in.show", next=local(next_address)), 303)
