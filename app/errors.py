"""Errors as pages: what happened, what was kept, what to do next."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask, Response, g, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy import inspect
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, TooManyRequests

from app.act import Act
from app.gate import database
from app.models import Person
from app.services.standstill import frozen_for
from app.services.transitions import Refused
from app.typed import send_again, typed_now, written
from app.ui import size
from workflows.verdict import Reason
from workflows.words import _

NOT_FOUND, TOO_LARGE = 404, 413  # what is too large was not read
PAGES = (400, 403, 404, 409, 413, 422, 429, 500, 503)
Answer = tuple[str, int]
_NOT_STORED = Reason(
    "not-storable", _("Something in it is longer than can be stored, or holds a character that can't be: shorten it.")
)


def _page(status: int, **values: object) -> Answer:
    """Show what was typed beneath the reason: whatever went wrong, nobody has to write it again."""
    _know_the_reader_again()
    g.thing = None  # its session was closed: asking of it anew would open a transaction that nobody ends
    values["written"] = written(typed_now()) if status != TOO_LARGE and request.method == "POST" else []
    return render_template(f"errors/{status}.html", request_id=g.get("request_id", ""), **values), status


def _know_the_reader_again() -> None:
    """Read again who reads the page: what the database refused was rolled back, and with it went what was known."""
    act: Act | None = g.get("act")
    if act is None or act.person is None or not inspect(act.person).expired_attributes:
        return
    identity, act.person = inspect(act.person).identity, None
    try:
        with database().reading() as session:
            act.person = session.get(Person, identity)
            if act.person is not None:
                session.refresh(act.person, ["offices"])
    except OperationalError:
        return  # the page is then one for visitors: it still says what happened


def _http(error: HTTPException) -> Answer | HTTPException:
    status = error.code or 500
    if status not in PAGES:
        return error
    if status == TOO_LARGE and (request.content_length or 0) > (most := request.max_content_length or 0) > 0:
        return _page(status, error=error, limit=size(most))
    return _page(status, error=error, frozen=_frozen_for_the_reader() if status == NOT_FOUND else [])


def _frozen_for_the_reader() -> list[str]:
    """Name the calls whose frozen evaluation takes pages away from the reader: it is told on each page not found."""
    act: Act | None = g.get("act")
    if act is None or act.person is None:
        return []
    identity = inspect(act.person).identity
    try:
        with database().reading() as session:
            return [call.title for call in frozen_for(session, identity[0] if identity else "")]
    except OperationalError:
        return []


def _too_many(error: TooManyRequests) -> Response:
    wait = error.retry_after
    page, status = _page(429, wait=timedelta(seconds=wait) if isinstance(wait, int) else None)
    response = make_response(page, status)
    if isinstance(wait, int):
        response.headers["Retry-After"] = str(wait)
    return response


def _refused(error: Refused) -> Answer:
    return _page(422, reasons=error.reasons)


def _stale(_error: StaleDataError | IntegrityError) -> Answer:
    """Somebody else did the same, or changed it, between the look and the act."""
    return _page(409)


def _not_storable(_error: DataError) -> Answer:
    return _page(422, reasons=[_NOT_STORED])


def _csrf(_error: CSRFError) -> Answer:
    return send_again()


def _unavailable(_error: OperationalError) -> Answer:
    return _page(503)


def register_errors(app: Flask) -> None:
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(TooManyRequests, _too_many)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(StaleDataError, _stale)
    app.register_error_handler(IntegrityError, _stale)
    app.register_error_handler(DataError, _not_storable)
    app.register_error_handler(OperationalError, _unavailable)
