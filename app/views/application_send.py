"""Sending an application: what will be sent, the declarations, the receipt."""

from __future__ import annotations

from typing import Any

from flask import abort, g, redirect, render_template, request, url_for

from app.access import can
from app.chance import Secret, new_id
from app.facts.call import is_open_for
from app.gate import may
from app.models import Application
from app.services.applications.application_queries import receipts_of
from app.services.applications.canonical import canonical, content_of, digest_of
from app.services.applications.content import shown_content
from app.services.applications.readiness import readiness
from app.services.applications.submission import content_of_version, current_version, definition_of_version
from app.services.calls.call import definition_of
from app.services.statements import statements_for
from app.services.transitions import Refused, perform, verdict_on
from app.ui import reason
from app.views.application import Answer, bp
from app.views.application_write import CLASH, UNPROCESSABLE, address_of, typed
from forms.transition import transition_form
from workflows.application import APPLICATION, State
from workflows.verdict import together


@bp.route("/applications/<application_id>/send", methods=["GET", "POST"])
@may("application.edit")
def send(application: Application) -> Answer:
    row = APPLICATION.row("submit" if application.state is State.DRAFT else "resubmit", application.state) or abort(404)
    form = transition_form(row, statements_for(g.act, application, row))(typed())
    digest = digest_of(canonical(content_of(g.act, application)))
    if request.method == "GET":
        return _send_page(application, row.name, form, digest)
    if not form.validate():
        return _send_page(application, row.name, form, digest, UNPROCESSABLE)
    if request.form.get("digest") != digest:
        return _send_page(application, row.name, form, digest, CLASH)
    try:
        perform(g.act, application, row.name, form.answers)
    except Refused as refused:
        g.act.session.rollback()
        form.form_errors = [reason(one) for one in refused.reasons]
        return _send_page(application, row.name, form, digest, UNPROCESSABLE)
    return redirect(url_for("application.receipt", application_id=application.id), 303)


def _send_page(application: Application, name: str, form: Any, digest: str, status: int = 200) -> Answer:  # noqa: ANN401
    definition = definition_of(application.call)
    content = shown_content(definition, content_of(g.act, application))
    version, items = current_version(g.act, application), readiness(g.act, application)
    may_send = can(g.act, f"application.{name}", application)
    verdict = verdict_on(g.act, application, name) if may_send else together(item.verdict for item in items)
    return render_template(
        "application/send.html", application=application, form=form, digest=digest, content=content,
        changed=status == CLASH,
        items=items, may_send=may_send, verdict=verdict, address_of=address_of,
        number=(version.number if version else 0) + 1,
        act_id=request.form.get("act_id") or new_id(Secret()),
    ), status  # fmt: skip


@bp.get("/applications/<application_id>/receipt")
@may("application.view_receipt")
def receipt(application: Application) -> Answer:
    version = current_version(g.act, application) or abort(404)
    document = receipts_of(g.act, application).get(version.sha256)
    return render_template(
        "application/receipt.html",
        application=application,
        version=version,
        document=document,
        files=shown_content(definition_of_version(g.act, version), content_of_version(version)).files,
        is_open=is_open_for(g.act, application),
    )
