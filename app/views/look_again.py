"""Somebody has looked at the changes of a call: the draft follows its newest version now."""

from __future__ import annotations

from flask import g, redirect, request

from app.gate import may
from app.models import Application, Expression
from app.services.calls.call_versions import looked_again
from app.urls import url_of
from app.views import application, expression
from app.views.application import Answer


@application.bp.post("/applications/<application_id>/look-again", endpoint="look_again")
@may("application.edit")
def of_application(application: Application) -> Answer:
    return _looked(application)


@expression.bp.post("/expressions/<expression_id>/look-again", endpoint="look_again")
@may("expression.edit")
def of_expression(expression: Expression) -> Answer:
    return _looked(expression)


def _looked(owner: Application | Expression) -> Answer:
    number = request.form.get("number", type=int) or 0
    looked_again(g.act, owner, number)
    return redirect(url_of(owner.__noun__, owner.id), 303)
