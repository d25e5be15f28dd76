"""A demonstration's mail: registered only where mails go to files and nobody real gets them."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, abort, current_app, render_template, request

from app.gate import may
from app.mailing.reading import one, written

bp = Blueprint("demo", __name__, url_prefix="/demo")
PAGE = 50


def _folder() -> Path:
    folder: Path = current_app.extensions["settings"].data / "mail"
    return folder


@bp.get("/mail")
@may("demo.read_mail")
def index() -> str:
    to = request.args.get("to", "")[:320]
    page = max(request.args.get("page", 1, type=int), 1)
    mails = written(_folder(), to)
    shown = mails[(page - 1) * PAGE : page * PAGE]
    return render_template("demo/index.html", mails=shown, total=len(mails), to=to, page=page, per_page=PAGE)


@bp.get("/mail/<name>")
@may("demo.read_mail")
def show(name: str) -> str:
    mail = one(_folder(), name) or abort(404)
    return render_template("demo/show.html", mail=mail)
