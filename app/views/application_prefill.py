"""What need not be typed again: suggestions with their sources, taken one by one."""

from __future__ import annotations

from flask import abort, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.gate import may
from app.models import Application
from app.services.applications.answers import Clash, restate
from app.services.applications.prefill import suggestions, take
from app.services.calls.call import definition_of
from app.services.transitions import Refused
from app.ui import reason
from app.views.application import Answer, bp
from app.views.application_write import CLASH, UNPROCESSABLE, lists_of

_FIELD = "take_"


@bp.route("/applications/<application_id>/suggestions", methods=["GET", "POST"])
@may("application.edit")
def suggested(application: Application) -> Answer:
    if request.method == "GET":
        return _page(application)
    chosen = {
        key.removeprefix(_FIELD): value for key, value in request.form.items() if key.startswith(_FIELD) and value
    }
    try:
        taken = take(g.act, application, chosen, lists_of(application))
    except Clash:
        return _page(application, [_("Somebody answered one of these meanwhile. Look at the list again.")], CLASH)
    except Refused as refused:
        g.act.session.rollback()
        return _page(application, [reason(one) for one in refused.reasons], UNPROCESSABLE)
    if not taken:
        return _page(
            application, [_("Choose what to take over, or leave this page: nothing was changed.")], UNPROCESSABLE
        )
    return redirect(url_for("application.show", application_id=application.id), 303)


@bp.post("/applications/<application_id>/suggestions/<question_id>/checked")
@may("application.edit")
def checked(application: Application, question_id: str) -> Answer:
    section = next(
        (s for s in definition_of(application.call).sections if question_id in {q.id for q in s.questions}), None
    ) or abort(404)
    try:
        restate(g.act, application, question_id)
    except Refused as refused:
        g.act.session.rollback()
        return _page(application, [reason(one) for one in refused.reasons], UNPROCESSABLE)
    return redirect(url_for("application.section", application_id=application.id, section_id=section.id), 303)


def _page(application: Application, faults: list[str] | None = None, status: int = 200) -> Answer:
    definition = definition_of(application.call)
    found = suggestions(g.act, application, lists_of(application))
    return render_template(
        "application/suggestions.html", application=application, faults=faults or [],
        offered=[(definition.question(question), offered) for question, offered in found.items()],
        has_errors=status == UNPROCESSABLE,
    ), status  # fmt: skip
