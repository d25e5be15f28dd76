"""The reserve list after the award, and the proposal that the next of it moves up."""

from __future__ import annotations

from flask import Blueprint, abort, g, redirect, render_template, request, url_for

from app.access import offered
from app.gate import may
from app.models import Advance, Application, Decision, Person
from app.services.calls.call import definition_of
from app.services.deciding import reserve as services
from app.services.history import history_of
from app.services.transitions import Refused, verdict_on
from app.ui import reason
from app.views.application import Answer
from workflows import decision as decisions

bp = Blueprint("advance", __name__)


@bp.get("/decisions/<decision_id>/reserve")
@may("decision.view")
def of_decision(decision: Decision) -> Answer:
    return _list(decision)


def _list(decision: Decision, refused: tuple[str, ...] = ()) -> Answer:
    released = decision.state is decisions.State.RELEASED
    reserves = services.reserves_of(g.act, decision.call) if released else ()
    budget = definition_of(decision.call).budget
    return render_template(
        "advance/of_decision.html", decision=decision, reserves=reserves,
        advances=services.advances_of(g.act, decision.call), refused=refused,
        currency=budget.currency if budget else "EUR",
    ), (422 if refused else 200)  # fmt: skip


@bp.post("/decisions/<decision_id>/reserve")
@may("decision.propose_advance")
def propose(decision: Decision) -> Answer:
    application = g.act.session.get(Application, request.form.get("application", "")) or abort(404)
    try:
        advance = services.propose_advance(g.act, decision, application)
    except Refused as refused:
        return _list(decision, tuple(reason(one) for one in refused.reasons))
    return redirect(url_for("advance.show", advance_id=advance.id), 303)


@bp.get("/advances/<advance_id>")
@may("advance.view")
def show(advance: Advance) -> Answer:
    act = g.act
    budget = definition_of(advance.call).budget
    freed = [(act.session.get_one(Application, one["application"]), one) for one in advance.freed]
    rows = offered(act, advance)
    return render_template(
        "advance/show.html", advance=advance, application=advance.application, freed=freed, rows=rows,
        against={row.name: verdict_on(act, advance, row.name).reasons for row in rows},
        proposer=act.session.get_one(Person, advance.proposed_by),
        signer=act.session.get(Person, advance.signed_by) if advance.signed_by else None,
        history=history_of(act, advance, people=True), currency=budget.currency if budget else "EUR",
    )  # fmt: skip
