"""Dossiers of a call or an application: which levels somebody may ask for, and those that were made."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.gate import may
from app.models import Application, Call, Dossier, Level
from app.services.dossiers import dossier as services
from app.views.file import attachment

bp = Blueprint("dossier", __name__)
ACCEPTED = 202
Answer = Response | str | tuple[str, int]


@bp.get("/calls/<call_id>/dossiers")
@may("call.view_dossiers")
def of_call(call: Call) -> Answer:
    return _page(call)


@bp.get("/applications/<application_id>/dossiers")
@may("application.view_dossiers")
def of_application(application: Application) -> Answer:
    return _page(application)


def _page(subject: Call | Application) -> str:
    return render_template(
        "dossier/of.html",
        subject=subject,
        call=subject if isinstance(subject, Call) else subject.call,
        levels=services.levels_for(g.act, subject),
        dossiers=services.dossiers_of(g.act, subject),
    )


def _asking(noun: str, level: Level) -> None:
    """Add the route by which a level is asked for: each level is a row of the table of permissions of its own."""

    def ask(**subject: Call | Application) -> Answer:
        (one,) = subject.values()
        services.ask(g.act, one, level)
        here: dict[str, Any] = {f"{noun}_id": one.id}
        return redirect(url_for(f"dossier.of_{noun}", **here), 303)

    address = f"/{noun}s/<{noun}_id>/dossiers/{level.value}"
    view = may(f"{noun}.ask_{level.value}_dossier")(ask)
    bp.add_url_rule(address, f"ask_{level.value}_of_{noun}", view, methods=["POST"])


for _level in Level:
    _asking("application", _level)
    if _level is not Level.APPLICANT:
        _asking("call", _level)


@bp.get("/dossiers/<dossier_id>")
@may("dossier.view")
def show(dossier: Dossier) -> Answer:
    return render_template("dossier/show.html", dossier=dossier)


@bp.get("/dossiers/<dossier_id>/zip")
@may("dossier.view")
def download(dossier: Dossier) -> Answer:
    if dossier.sha256 is None:
        return render_template("dossier/show.html", dossier=dossier), ACCEPTED
    pieces = current_app.extensions["store"].stream(dossier.sha256)
    name = services.file_name(dossier)
    return attachment(pieces, name=name, media_type="application/zip", size=dossier.size)
