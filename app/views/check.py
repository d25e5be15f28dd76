"""Formal and eligibility checks: the queue of a call, and the sheet of one application."""

from __future__ import annotations

from flask import Blueprint, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.gate import may
from app.models import Application, Call, Check
from app.services.checks.check import confirm_all
from app.services.checks.check_queries import queue_of, sheet_of

bp = Blueprint("check", __name__)


@bp.get("/calls/<call_id>/checks")
@may("call.manage")
def index(call: Call) -> str:
    return render_template("check/index.html", call=call, queue=queue_of(g.act, call))


@bp.get("/applications/<application_id>/checks")
@may("application.view_checks")
def of_application(application: Application) -> str:
    sheet = sheet_of(g.act, application)
    return render_template("check/of_application.html", application=application, sheet=sheet)


@bp.post("/applications/<application_id>/checks/confirm")
@may("application.view_checks")
def confirm(application: Application) -> Response:
    confirm_all(g.act, application)
    return redirect(url_for("check.of_application", application_id=application.id), 303)


@bp.get("/checks/<check_id>")
@may("check.view")
def show(check: Check) -> Response:
    """A check has no page of its own: it stands on the sheet of its application."""
    there = url_for("check.of_application", application_id=check.application_id, _anchor=f"check-{check.id}")
    return redirect(there, 303)
