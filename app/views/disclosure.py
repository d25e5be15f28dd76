"""An expert declares interests in the organisations of an anonymous call, before any of its tasks is shown."""

from __future__ import annotations

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.access import can
from app.gate import may
from app.models import Disclosure
from app.services.conflicts.disclosure import disclose as disclose_interests
from app.services.conflicts.disclosure import organisations_of
from app.services.transitions import Refused
from app.ui import reason

bp = Blueprint("disclosure", __name__)
Answer = str | Response | tuple[str, int]
UNPROCESSABLE = 422


@bp.get("/disclosures/<disclosure_id>")
@may("disclosure.view")
def show(disclosure: Disclosure) -> Answer:
    return _page(disclosure)


def _page(disclosure: Disclosure, errors: list[tuple[str | None, str]] | None = None) -> tuple[str, int]:
    page = render_template(
        "disclosure/show.html",
        disclosure=disclosure,
        organisations=organisations_of(g.act, disclosure),
        ticked=set(request.form.getlist("organisation")),
        discloses=can(g.act, "disclosure.disclose", disclosure),
        errors=errors or [],
    )
    return page, UNPROCESSABLE if errors else 200


@bp.post("/disclosures/<disclosure_id>")
@may("disclosure.disclose")
def disclose(disclosure: Disclosure) -> Answer:
    ticked, shown = request.form.getlist("organisation"), request.form.getlist("shown")
    try:
        disclose_interests(g.act, disclosure, ticked, shown, secret="secret" in request.form)
    except Refused as refused:
        g.act.session.rollback()
        g.act.session.refresh(disclosure)
        return _page(disclosure, [("secret", reason(one)) for one in refused.reasons])
    return redirect(url_for("assessment.index"), 303)
