"""Training cases of a call: written by the office, scored by evaluators, looked at together on the briefing page."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.access import can
from app.gate import may
from app.models import Call, TrainingCase
from app.services.calls.call import definition_of
from app.services.experts import training
from app.services.transitions import Refused
from app.ui import reason
from forms.pool import CaseForm, training_form

bp = Blueprint("training", __name__)
Answer = str | Response | tuple[str, int]
UNPROCESSABLE = 422
_NUMBER = re.compile(r"[0-9]{1,6}([.,][0-9]{1,3})?")


@bp.get("/calls/<call_id>/training")
@may("call.view_training")
def briefing(call: Call) -> Answer:
    return _page(call, CaseForm())


def _page(call: Call, form: CaseForm) -> tuple[str, int]:
    office = can(g.act, "call.prepare_training", call)
    page = render_template(
        "training/briefing.html",
        call=call,
        briefings=training.briefing_of(g.act, call),
        form=form,
        untrained=training.untrained_in(g.act, call) if office else [],
    )
    return page, UNPROCESSABLE if form.errors else 200


@bp.post("/calls/<call_id>/training")
@may("call.prepare_training")
def prepare(call: Call) -> Answer:
    """Add a case, or take one away."""
    if out := request.form.get("withdraw"):
        if (case := training.case_in(g.act, call, out)) is not None:
            training.withdraw_case(g.act, call, case)
        return redirect(url_for("training.briefing", call_id=call.id), 303)
    form = CaseForm(request.form)
    if not form.validate():
        return _page(call, form)
    training.add_case(g.act, call, title=form.title.data or "", text=form.text.data or "")
    return redirect(url_for("training.briefing", call_id=call.id), 303)


@bp.route("/calls/<call_id>/training/score", methods=["GET", "POST"])
@may("call.score_training")
def score(call: Call) -> Answer:
    case = training.case_in(g.act, call, request.values.get("case", ""))
    if case is None:
        return redirect(url_for("training.briefing", call_id=call.id), 303)
    form = _form(call, case)
    if request.method == "GET" or not form.validate():
        return _score_page(call, case, form)
    try:
        training.score_case(g.act, call, case, _given(call, form))
    except Refused as refused:
        form.form_errors = [reason(one) for one in refused.reasons]
        return _score_page(call, case, form)
    return redirect(url_for("training.briefing", call_id=call.id), 303)


def _form(call: Call, case: TrainingCase) -> Any:  # noqa: ANN401 - a class of its own for each call
    criteria = [(one.code, f"{one.name} (0–{one.max_points})") for one in definition_of(call).criteria]
    stored: dict[str, str] = {}
    for code, one in training.own_scores(g.act, case).items():
        stored |= {f"points_{code}": f"{one.points.normalize():f}", f"reasons_{code}": one.reasons}
    return training_form(criteria)(request.form if request.method == "POST" else None, data=stored)


def _given(call: Call, form: Any) -> dict[str, tuple[Decimal, str]]:  # noqa: ANN401 - see above
    """Read the points; what is no number is left out and missed by the service."""
    found = {}
    for criterion in definition_of(call).criteria:
        typed = (form[f"points_{criterion.code}"].data or "").strip()
        if _NUMBER.fullmatch(typed):
            found[criterion.code] = (Decimal(typed.replace(",", ".")), form[f"reasons_{criterion.code}"].data or "")
    return found


def _score_page(call: Call, case: TrainingCase, form: Any) -> tuple[str, int]:  # noqa: ANN401 - see above
    page = render_template(
        "training/score.html", call=call, case=case, form=form, criteria=definition_of(call).criteria
    )
    return page, UNPROCESSABLE if form.errors else 200
