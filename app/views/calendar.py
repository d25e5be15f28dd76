"""The calendar of a person's deadlines: the page that gives its secret address, and the calendar itself."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, current_app, g, make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.gate import may
from app.models import Person
from app.services.calls import calendar as service
from app.ui import words
from app.urls import path_of

bp = Blueprint("calendar", __name__)
GONE = 410


@bp.get("/people/<person_id>/calendar")
@may("person.edit")
def show(person: Person) -> Any:  # noqa: ANN401
    feed = service.feed_of(g.act)
    address = f"{_site()}/calendar/{service.token_of(feed)}.ics" if feed else None
    return render_template(
        "person/calendar.html", person=person, feed=feed, address=address, entries=service.entries_of(g.act)
    )


@bp.post("/people/<person_id>/calendar/renew")
@may("person.edit")
def renew(person: Person) -> Response:
    service.renew_feed(g.act)
    return redirect(url_for("calendar.show", person_id=person.id), 303)


@bp.post("/people/<person_id>/calendar/end")
@may("person.edit")
def end(person: Person) -> Response:
    service.end_feed(g.act)
    return redirect(url_for("calendar.show", person_id=person.id), 303)


@bp.get("/calendar/<token>.ics")
@may("site.read_calendar")
def read(token: str) -> Response:
    """Give the calendar to whoever has the address; an ended one says so and names nobody."""
    act = service.reader_of(g.act, token)
    if act is None:
        abort(GONE)
    answer = make_response(service.calendar_of(act, words, lambda noun, thing: _site() + path_of(noun, thing)))
    answer.headers["Content-Type"] = "text/calendar; charset=utf-8"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _site() -> str:
    address: str = current_app.extensions["settings"].address
    return address
