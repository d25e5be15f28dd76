"""Plans of who evaluates what: asked for, looked at, changed by hand, compared; published and undone as acts."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.access import can, visible
from app.gate import may
from app.models import Application, Call, Person, Plan, PlanProbe
from app.services.assigning import plan as plans
from app.services.assigning.plan_queries import (
    bottleneck_of,
    busy_experts,
    choices_for,
    compared,
    forced_of,
    needs_nobody,
    plans_of,
    rows_of,
)
from app.services.conflicts.conflict_groups import to_decide
from app.services.history import history_of
from app.services.transitions import Refused, verdict_on
from workflows.plan import State
from workflows.verdict import refuse
from workflows.words import _

bp = Blueprint("plan", __name__)
Answer = str | Response | tuple[str, int]


@bp.get("/calls/<call_id>/plans")
@may("call.manage")
def of_call(call: Call) -> Answer:
    return render_template("plan/of_call.html", call=call, plans=plans_of(g.act, call), busy=busy_experts(g.act, call))


@bp.post("/calls/<call_id>/plans")
@may("call.plan_assignment")
def make(call: Call) -> Answer:
    asked = request.form.get("without", "")
    if "repair" in request.form and not asked:
        raise Refused(refuse("nobody-chosen", _("Choose who drops out.")))
    without = (g.act.session.get(Person, asked) or abort(404)) if asked else None
    plan = plans.make_plan(g.act, call, without=without)
    return redirect(url_for("plan.show", plan_id=plan.id), 303)


@bp.get("/plans/<plan_id>")
@may("plan.view")
def show(plan: Plan) -> Answer:
    return render_template(
        "plan/show.html",
        plan=plan,
        rows=rows_of(g.act, plan),
        bottleneck=bottleneck_of(g.act, plan),
        verdict=verdict_on(g.act, plan, "publish") if plan.state is State.DRAFT else None,
        waits=plan.state is State.MAKING,
        others=[other for other in plans_of(g.act, plan.call) if other.id != plan.id],
        history=history_of(g.act, plan),
        matrix=request.args.get("view") == "matrix",
        undecided=len(to_decide(g.act, plan.call)) if can(g.act, "call.decide_conflicts", plan.call) else 0,
    )


@bp.get("/plans/<plan_id>/panel")
@may("plan.view")
def of_application(plan: Plan) -> Answer:
    if "application" not in request.args:
        return _whole(plan)
    application = _application(plan, request.args)
    choices = choices_for(g.act, plan, application)
    full = needs_nobody(plan, application)
    return render_template("plan/of_application.html", plan=plan, application=application, choices=choices, full=full)


@bp.post("/plans/<plan_id>/panel")
@may("plan.edit")
def change(plan: Plan) -> Answer:
    """Put one expert in, or take one line out."""
    application = _application(plan, request.form)
    if out := request.form.get("out"):
        line = next((line for line in plan.lines if line.id == out), None) or abort(404)
        plans.take_out(g.act, plan, line)
    else:
        person = g.act.session.get(Person, request.form.get("person", "")) or abort(404)
        plans.add_pair(g.act, plan, application, person)
    return redirect(url_for("plan.of_application", plan_id=plan.id, application=application.id), 303)


@bp.post("/plans/<plan_id>/why")
@may("plan.ask")
def ask(plan: Plan) -> Answer:
    """Ask why an expert is not proposed: what forcing the pair would cost is worked out by a job."""
    application = _application(plan, request.form)
    person = g.act.session.get(Person, request.form.get("person", "")) or abort(404)
    found = plans.probe(g.act, plan, application.id, person.id)
    return redirect(url_for("plan.why", plan_id=plan.id, probe=found.id), 303)


@bp.get("/plans/<plan_id>/why")
@may("plan.view")
def why(plan: Plan) -> Answer:
    if "probe" not in request.args:
        return _whole(plan)
    query = select(PlanProbe).where(PlanProbe.plan_id == plan.id, PlanProbe.id == request.args.get("probe", ""))
    found = g.act.session.scalar(query) or abort(404)
    return render_template("plan/why.html", plan=plan, forced=forced_of(g.act, plan, found))


@bp.get("/plans/<plan_id>/compare")
@may("plan.view")
def compare(plan: Plan) -> Answer:
    if "other" not in request.args:
        return _whole(plan)
    query = visible(g.act, Plan, "plan.view").where(Plan.call_id == plan.call_id, Plan.id == request.args.get("other"))
    other = g.act.session.scalar(query) or abort(404)
    return render_template("plan/compare.html", plan=plan, comparison=compared(plan, other))


def _whole(plan: Plan) -> Answer:
    """An address that names nothing of the plan leads to all of it."""
    return redirect(url_for("plan.show", plan_id=plan.id))


def _application(plan: Plan, given: Mapping[str, str]) -> Application:
    query = visible(g.act, Application, "application.view_evaluation")
    found: Application | None = g.act.session.scalar(
        query.where(Application.id == given.get("application", ""), Application.call_id == plan.call_id)
    )
    return found or abort(404)
