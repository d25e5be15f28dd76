"""Who evaluates what: prepared by hand with conflicts shown, published as one act, declared by the expert."""

from __future__ import annotations

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.access import can, visible
from app.expert_form import expertise_name
from app.gate import may
from app.models import Application, Assessment, Assignment, Call, Person
from app.services.anonymising.redaction import not_anonymised
from app.services.anonymising.redaction_lists import redaction_of
from app.services.assigning import assignment as assignments
from app.services.assigning.assignment_queries import (
    candidates_for,
    last_due_on,
    readers_of,
    reading_lines,
    reasons_given,
)
from app.services.calls.call import definition_of
from app.services.conflicts.conflict import dismiss_findings, open_findings
from app.services.conflicts.conflict_groups import to_decide
from app.services.conflicts.declaration import partners_shown
from app.services.conflicts.disclosure import disclosure_of, disclosure_to_make
from app.services.documents.paper_heads import end_of_day
from app.services.experts.training import cases_to_score
from app.services.reason_json import reason_from_json
from forms.assignment import DismissForm, DueForm
from workflows.assignment import WAITING, State

bp = Blueprint("assignment", __name__)
Answer = str | Response | tuple[str, int]


@bp.get("/calls/<call_id>/assignments")
@may("call.manage")
def index(call: Call) -> Answer:
    lines = readers_of(g.act, call)
    people = {task.assignment.person_id: task.assignment.person for line in lines for task in line.live}
    experts = sorted(people.values(), key=lambda person: person.name)
    undecided = len(to_decide(g.act, call)) if can(g.act, "call.decide_conflicts", call) else 0
    unready = not_anonymised(g.act, [line.application.id for line in lines]) if call.waits_for_redaction else []
    return render_template(
        "assignment/index.html", call=call, lines=lines, experts=experts, undecided=undecided, unready=unready
    )


@bp.post("/calls/<call_id>/assignments/publish")
@may("call.manage")
def publish(call: Call) -> Answer:
    prepared = visible(g.act, Assignment, "assignment.publish").where(
        Assignment.state == State.DRAFT,
        Assignment.application_id.in_(select(Application.id).where(Application.call_id == call.id)),
    )
    assignments.publish(g.act, g.act.session.scalars(prepared.order_by(Assignment.id)).all())
    return redirect(url_for("assignment.index", call_id=call.id), 303)


@bp.get("/applications/<application_id>/evaluators")
@may("application.view_evaluation")
def of_application(application: Application) -> Answer:
    return _evaluators_page(application, DueForm(data={"due_on": last_due_on(g.act, application.call)}))


def _evaluators_page(application: Application, form: DueForm, status: int = 200) -> tuple[str, int]:
    (line,) = reading_lines(g.act, [application], definition_of(application.call))
    candidates = candidates_for(g.act, application) if can(g.act, "application.assign_expert", application) else []
    page = render_template(
        "assignment/of_application.html",
        application=application,
        line=line,
        redaction=redaction_of(g.act, application),
        candidates=candidates,
        because=reasons_given(g.act, line.tasks),
        form=form,
        name_of_term=expertise_name,
    )
    return page, status


@bp.post("/applications/<application_id>/evaluators")
@may("application.assign_expert")
def assign(application: Application) -> Answer:
    form = DueForm(request.form)
    if not form.validate():
        return _evaluators_page(application, form, 422)
    person = g.act.session.get(Person, request.form.get("person", "")) or abort(404)
    due_at = end_of_day(form.due_on.data, application.call.zone) if form.due_on.data else None
    assignments.assign(g.act, application, person, due_at=due_at)
    return redirect(url_for("assignment.of_application", application_id=application.id), 303)


@bp.get("/assignments/<assignment_id>")
@may("assignment.view_line")
def show(assignment: Assignment) -> Answer:
    """The expert's declaration, what became of it, or what the office sees of the task."""
    mine = assignment.person_id == g.act.person_id
    if not mine:
        there = url_for("assignment.of_application", application_id=assignment.application_id)
        return redirect(there, 303)
    report = g.act.session.scalar(select(Assessment).where(Assessment.assignment_id == assignment.id))
    if report is not None and can(g.act, "assessment.view", report):
        return redirect(url_for("assessment.show", assessment_id=report.id), 303)
    if (first := disclosure_to_make(g.act, assignment)) is not None:
        return redirect(url_for("disclosure.show", disclosure_id=first.id), 303)
    sees = assignment.state in WAITING and can(g.act, "assignment.view", assignment)
    if not sees and assignment.application.call.anonymous:  # no word on which application an interest barred
        return redirect(url_for("assessment.index"), 303)
    shown = partners_shown(g.act, [assignment.application]) if sees else {}
    waits = assignment.state is State.DECLARED
    return render_template(
        "assignment/show.html",
        assignment=assignment,
        sees=sees,
        waits=waits,
        training=cases_to_score(g.act, assignment.application.call) if sees else 0,
        disclosure=disclosure_of(g.act, assignment.application.call, g.act.person_id),
        partners=shown.get(assignment.application_id, []),
    )


@bp.post("/assignments/<assignment_id>/lead")
@may("assignment.name_rapporteur")
def name_rapporteur(assignment: Assignment) -> Answer:
    assignments.name_rapporteur(g.act, assignment)
    return redirect(url_for("assignment.of_application", application_id=assignment.application_id), 303)


@bp.route("/assignments/<assignment_id>/findings", methods=["GET", "POST"])
@may("assignment.dismiss_findings")
def dismiss(assignment: Assignment) -> Answer:
    form = DismissForm(request.form if request.method == "POST" else None)
    if request.method == "POST" and form.validate():
        dismiss_findings(g.act, assignment, form.reason.data or "")
        return redirect(url_for("assignment.of_application", application_id=assignment.application_id), 303)
    found = [[reason_from_json(step) for step in one.path] for one in open_findings(g.act, assignment)]
    page = render_template("assignment/dismiss.html", assignment=assignment, found=found, form=form)
    return page, 422 if form.errors else 200
