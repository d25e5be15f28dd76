"""The cockpit of a call."""

from __future__ import annotations

from flask import Blueprint, current_app, g, render_template, url_for

from app.gate import may
from app.maps import overlay
from app.models import Call
from app.services.work.cockpit import cockpit_of
from app.views.call import Answer

bp = Blueprint("cockpit", __name__)


@bp.get("/calls/<call_id>/cockpit")
@may("call.manage")
def show(call: Call) -> Answer:
    found = cockpit_of(g.act, call)
    return render_template(
        "cockpit/show.html", call=call, cockpit=found, overlay=overlay(found.marks), address=_address
    )


def _address(endpoint: str, query: dict[str, str]) -> str | None:
    """The list a number leads to; nothing where there is none."""
    return url_for(endpoint, **query) if endpoint in current_app.view_functions else None  # type: ignore[arg-type]
