"""Possible conflicts of the proposed pairs of a call: like ones are decided together."""

from __future__ import annotations

from flask import g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.gate import may
from app.models import Call
from app.services.conflicts.conflict_groups import Alike, alike_in, decide_alike, to_decide
from app.views.assignment import Answer, bp
from forms.assignment import DecideForm


@bp.get("/calls/<call_id>/conflicts")
@may("call.decide_conflicts")
def conflicts(call: Call) -> Answer:
    return render_template("assignment/conflicts.html", call=call, groups=to_decide(g.act, call))


@bp.route("/calls/<call_id>/conflicts/decide", methods=["GET", "POST"])
@may("call.decide_conflicts")
def decide(call: Call) -> Answer:
    alike = alike_in(g.act, call, request.values.get("like", ""))
    there = url_for("assignment.conflicts", call_id=call.id)
    if alike is None:  # decided meanwhile, or no such thing
        return redirect(there, 303)
    form = DecideForm(request.form if request.method == "POST" else None)
    if request.method == "GET" or not form.validate():
        return _decide_page(call, alike, form)
    decide_alike(g.act, call, alike, form.reason.data or "", is_conflict=form.decision.data == "conflict")
    return redirect(there, 303)


def _decide_page(call: Call, alike: Alike, form: DecideForm) -> tuple[str, int]:
    title = _("%(name)s: a possible conflict", name=alike.person.name)
    page = render_template("assignment/decide.html", call=call, alike=alike, form=form, title=title)
    return page, 422 if form.errors else 200
