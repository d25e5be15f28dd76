"""What became of mails that tell results, and what came back of them; the hook by which a relay says so."""

from __future__ import annotations

import hmac

from flask import Blueprint, abort, current_app, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.gate import may
from app.mailing.bounces import Returned, from_report, returned
from app.models import Call
from app.services.deciding import bounces, delivery
from app.services.transitions import Refused
from app.single_text import single_text
from app.ui import reason
from config import Settings

bp = Blueprint("delivery", __name__)
Answer = str | Response | tuple[str, int]
UNPROCESSABLE = 422
BEARER = "Bearer "


def _settings() -> Settings:
    found: Settings = current_app.extensions["settings"]
    return found


@bp.get("/calls/<call_id>/delivery")
@may("call.view_delivery")
def of_call(call: Call) -> Answer:
    return _page(call)


def _page(call: Call, refused: Refused | None = None, field: str = "") -> Answer:
    sent = delivery.page_of(g.act, call, request.args.get("page", 1, type=int))
    addresses = [(n, url_for("delivery.of_call", call_id=call.id, page=n)) for n in range(1, sent.pages + 1)]
    waiting = [one for one in bounces.open_bounces(g.act) if one.call_id == call.id]
    page = render_template(
        "letter/delivery.html", call=call, sent=sent, addresses=addresses, waiting=waiting,
        people={one.id: bounces.others_to_tell(g.act, one.application) for one in waiting if one.application},
        told=_settings().bounces.told, by_smtp=bool(_settings().mailing.host), typed=request.form,
        errors=[(field, reason(one)) for one in refused.reasons] if refused else [],
    )  # fmt: skip
    return page, UNPROCESSABLE if refused else 200


@bp.post("/calls/<call_id>/delivery/again")
@may("call.end_bounce")
def again(call: Call) -> Answer:
    """Send a mail that came back to somebody else of the application, or to the same person once more."""
    bounce = request.form.get("bounce", "")[:26]
    try:
        bounces.send_again(g.act, call, bounce, request.form.get("person", "")[:26])
    except Refused as refused:
        g.act.session.rollback()
        return _page(call, refused, f"person-{bounce}")
    return redirect(url_for("delivery.of_call", call_id=call.id), 303)


@bp.post("/calls/<call_id>/delivery/told")
@may("call.end_bounce")
def told(call: Call) -> Answer:
    """Note that the addressee was told otherwise."""
    bounce = request.form.get("bounce", "")[:26]
    try:
        bounces.told_otherwise(g.act, call, bounce, single_text("note"))
    except Refused as refused:
        g.act.session.rollback()
        return _page(call, refused, f"note-{bounce}")
    return redirect(url_for("delivery.of_call", call_id=call.id), 303)


@bp.post("/hooks/bounces")
@may("site.note_bounce", one_click=True)
def hook() -> Answer:
    """Take what a relay says came back: a whole notification (message/rfc822), or its main parts as JSON."""
    settings = _settings()
    given = request.headers.get("Authorization", "").removeprefix(BEARER)
    if not settings.bounces.secret or not hmac.compare_digest(given.encode(), settings.bounces.secret.encode()):
        abort(404)  # without the secret nobody can tell whether there is a hook
    found = _reported(settings)
    if found is not None:
        bounces.note_bounce(g.act, found)
    return "", 204 if found is not None else UNPROCESSABLE


def _reported(settings: Settings) -> Returned | None:
    host = bounces.our_host(settings)
    if request.is_json:
        return from_report(request.get_json(silent=True), host=host)
    return returned(request.get_data(), host=host, address=settings.bounces.address)
