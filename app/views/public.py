"""Pages for everybody: what this is, who may do what, accessibility, privacy, help, licences, health."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Blueprint, abort, current_app, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import text

from app import sign_ins
from app.act import Act
from app.gate import may
from app.permission_page import matrix
from app.services.calls import call_queries
from app.services.calls.help import ask_for_help
from app.views.sign_in import limit
from forms.person import ContactForm

bp = Blueprint("public", __name__)
ROOT = Path(__file__).resolve().parents[2]
VENDOR = ROOT / "app" / "static" / "vendor"


@bp.get("/")
@may("site.view")
def home() -> Any:  # noqa: ANN401
    calls = call_queries.calls_listed(g.act)
    return render_template("public/home.html", calls=calls, precision=call_queries.closing_precision)


@bp.get("/about/permissions")
@may("site.view")
def permissions() -> Any:  # noqa: ANN401
    return render_template("public/permissions.html", matrix=matrix())


@bp.get("/accessibility")
@may("site.view")
def accessibility() -> Any:  # noqa: ANN401
    return render_template("public/accessibility.html", own=current_app.extensions["settings"].site.accessibility)


@bp.get("/privacy")
@may("site.view")
def privacy() -> Any:  # noqa: ANN401
    site = current_app.extensions["settings"].site
    return render_template("public/privacy.html", own=site.privacy, years=site.retention_years)


@bp.get("/licences")
@may("site.view")
def licences() -> Any:  # noqa: ANN401
    names = sorted(path.name for path in VENDOR.glob("LICENSE-*.txt"))
    places = (ROOT / "NOTICE", ROOT / "app" / "NOTICE")  # in the source, in the wheel
    notice = next((path.read_text(encoding="utf-8") for path in places if path.is_file()), "")
    return render_template("public/licences.html", files=names, notice=notice)


@bp.get("/help")
@may("site.view")
def help_page() -> Any:  # noqa: ANN401
    page = sign_ins.local(request.args.get("page"))
    form = ContactForm(None, data={"page": page, "reference": request.args.get("reference", "")[:60]})
    return render_template("public/help.html", form=form)


@bp.post("/help")
@may("work.view")
def ask() -> Any:  # noqa: ANN401
    act: Act = g.act
    form = ContactForm(request.form)
    if not form.validate():
        return render_template("public/help.html", form=form), 422
    if act.person is None:
        abort(404)
    limit("mail.account", act.person.id)
    page, reference = sign_ins.local(form.page.data), form.reference.data or act.request_id
    ask_for_help(act, text=form.answers["text"], page=page, reference=reference)
    flash(_("Your message was sent to the office. The answer comes by mail."))
    return redirect(url_for("public.help_page"), 303)


@bp.get("/healthz")
@may("site.view")
def health() -> Any:  # noqa: ANN401
    g.act.session.execute(text("SELECT 1"))
    return {"status": "ok", "now": g.act.now.isoformat()}
