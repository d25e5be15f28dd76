"""Who is signed in: Flask-Login asks, the record on the server behind the cookie answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from flask import Flask, current_app, g, redirect, request, session, url_for
from flask_login import AnonymousUserMixin, LoginManager, UserMixin, current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Request, Response

from app.act import Act
from app.keys import use_key
from app.models import Person, SignIn
from app.passwords import Passwords
from app.services.accounts import sign_in as records
from app.services.accounts.known_places import arrive
from app.services.accounts.sign_in import digest_of as digest_of  # noqa: PLC0414 - part of what this module offers
from app.shared_limits import limiter_of

TOUCH_EVERY = timedelta(minutes=5)
DEVICE_LASTS = timedelta(days=365)
login = LoginManager()


@dataclass(frozen=True)
class Ends:
    """How long a sign-in still lasts. `longer`: using it prolongs it, a day has not passed since it began."""

    seconds: int
    longer: bool


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


def lasts() -> timedelta:
    """Give how long a sign-in lasts without use."""
    found: timedelta = current_app.extensions["settings"].sign_in_lasts
    return found


def ends_of(record: SignIn, now: datetime, *, last_used_at: datetime) -> Ends:
    idle, absolute = last_used_at + lasts(), record.created_at + records.ABSOLUTE
    return Ends(max(0, int((min(idle, absolute) - now).total_seconds())), longer=idle < absolute)


def cookie_name(what: str = "sign-in") -> str:
    return f"__Host-{what}" if current_app.extensions["settings"].https else what


@login.request_loader  # type: ignore[untyped-decorator]
def _account_of(asked: Request) -> Account | None:
    token = asked.cookies.get(cookie_name(), "")
    if not token or "asking" not in g:
        return None
    db, now = g.asking
    record = records.sign_in_of(db, token)
    return Account(record) if record is not None and records.holds(record, now, lasts()) else None


def current(db: Session, now: datetime) -> SignIn | None:
    """Find the sign-in of this request: known, not ended, not too old, and its person not disabled."""
    g.pop("_login_user", None)  # Flask-Login remembers for one request; each session of the gate asks anew
    g.asking = (db, now)
    who: Account | AnonymousUserMixin = current_user._get_current_object()  # noqa: SLF001 - werkzeug's way to the object
    g.sign_in = who.record if isinstance(who, Account) else None
    found: SignIn | None = g.sign_in
    g.sign_in_ends = _ends_after_this(found, now) if found is not None else None
    return found


def _ends_after_this(record: SignIn, now: datetime) -> Ends:
    """Judge now: error pages are written when the session is closed. The gate will note the use after the page."""
    return ends_of(record, now, last_used_at=now if _is_stale(record, now) else record.last_used_at)


def ended_person_id(db: Session) -> str | None:
    """Say whose sign-in the cookie of this request was, whether it still holds or not."""
    token = request.cookies.get(cookie_name(), "")
    record = records.sign_in_of(db, token) if token else None
    return record.person_id if record is not None else None


def needs_touch(now: datetime) -> bool:
    found: SignIn | None = g.get("sign_in")
    return found is not None and not g.get("not_used", False) and _is_stale(found, now)


def _is_stale(record: SignIn, now: datetime) -> bool:
    return now - record.last_used_at > min(TOUCH_EVERY, lasts() / 10)


def touch(db: Session, now: datetime) -> None:
    """Note the use of this request's sign-in: it lasts from now on anew."""
    record = db.get(SignIn, g.sign_in.id)
    if record is not None:
        record.last_used_at = now


def start(act: Act, person: Person, *, proved: bool = True) -> str:
    """Begin a sign-in and give the token for the cookie; a new place is told by mail."""
    browser, device = request.headers.get("User-Agent", ""), request.cookies.get(cookie_name("device"), "")
    token, record = records.begin_sign_in(act, person, browser=browser, proved=proved)
    g.device = "" if on_shared_computer() else device if is_device(device) else act.chance.bytes(32).hex()
    arrive(act, person, record, sender=request.remote_addr or "", device=g.device)
    return token


def is_device(token: str) -> bool:
    return len(token) == 64 and token.isalnum()  # noqa: PLR2004 - as long as ours are


def on_shared_computer() -> bool:
    """Say whether the person said so when signing in: then nothing is left in this browser."""
    return bool(session.get("shared"))


def set_cookie(response: Response, token: str) -> None:
    secure = current_app.extensions["settings"].https
    response.set_cookie(cookie_name(), token, secure=secure, httponly=True, samesite="Lax", path="/")
    if g.get("device"):
        response.set_cookie(
            cookie_name("device"),
            g.device,
            max_age=DEVICE_LASTS,
            secure=secure,
            httponly=True,
            samesite="Lax",
            path="/",
        )


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
