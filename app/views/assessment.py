"""An expert's own work: declare in a row, score in three panes, look over one's own scores."""

from __future__ import annotations

from flask import Blueprint, current_app, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.access import can
from app.gate import may
from app.models import Assessment, Person
from app.scoring_form import ScoreLine, problems, save_lines, stored_lines, typed_lines, with_reasons
from app.services.anonymising.redaction_lists import closed_meanwhile
from app.services.calls.call import definition_of
from app.services.checks.clarification import clarified_for_experts
from app.services.conflicts.declaration import declare_in_a_row, partners_shown, to_declare
from app.services.conflicts.disclosure import disclosures_to_make
from app.services.evaluating.assessment import save_score
from app.services.evaluating.pins import pins_of
from app.services.evaluating.reading import passages_of, reading_of, shown_file
from app.services.evaluating.reading_pack import own_copy
from app.services.evaluating.report_queries import my_reports, next_open, place_of
from app.services.evaluating.scores import LONGEST, changes_of, totals_of
from app.services.experts.training import untrained_for
from app.services.standstill import frozen_for
from app.services.transitions import Refused, perform, verdict_on
from app.services.uploads.file_pages import pages_of
from app.ui import reason
from app.urls import url_of
from workflows.assignment import CONFLICT_KIND

bp = Blueprint("assessment", __name__)
Answer = str | Response | tuple[str, int]
UNPROCESSABLE, CONFLICT = 422, 409


@bp.get("/assessments")
@may("work.view")
def index() -> Answer:
    return _list_page()


def _list_page(status: int = 200, errors: list[tuple[None, str]] | None = None) -> tuple[str, int]:
    words = request.args.get("q", "")
    tasks = to_declare(g.act)
    partners = partners_shown(g.act, [task.application for task in tasks])
    page = render_template(
        "assessment/index.html",
        asked=[(task, partners[task.application_id]) for task in tasks],
        reports=my_reports(g.act, words),
        words=words,
        disclosures=disclosures_to_make(g.act),
        frozen=frozen_for(g.act.session, g.act.person_id),
        closed_meanwhile=closed_meanwhile(g.act),
        untrained=untrained_for(g.act),
        kinds=CONFLICT_KIND.choices,
        errors=errors or [],
    )
    return page, status


@bp.post("/assessments/declare")
@may("work.view")
def declare() -> Answer:
    answers = {key.removeprefix("task-"): value for key, value in request.form.items() if key.startswith("task-")}
    kinds = {key.removeprefix("kind-"): value for key, value in request.form.items() if key.startswith("kind-")}
    try:
        declare_in_a_row(g.act, answers, kinds)
    except Refused as refused:
        g.act.session.rollback()
        return _list_page(UNPROCESSABLE, [(None, reason(one)) for one in refused.reasons])
    return redirect(url_for("assessment.index"), 303)


@bp.get("/assessments/mine")
@may("work.view")
def mine() -> Answer:
    return render_template("assessment/mine.html", reports=my_reports(g.act))


@bp.get("/assessments/<assessment_id>")
@may("assessment.view")
def show(assessment: Assessment) -> Answer:
    lines = stored_lines(definition_of(assessment.application.call), assessment.scores)
    if assessment.person_id != g.act.person_id:
        call = definition_of(assessment.application.call)
        return render_template(
            "assessment/read.html", report=assessment, lines=lines, totals=_totals(assessment), call=call
        )
    return scoring_page(assessment, lines)


def _totals(report: Assessment) -> object:
    return totals_of(definition_of(report.application.call), report.scores)


def scoring_page(
    report: Assessment,
    lines: list[ScoreLine] | None = None,
    status: int = 200,
    errors: list[tuple[str | None, str]] | None = None,
) -> tuple[str, int]:
    reports = my_reports(g.act)
    reads = can(g.act, "application.view", report.application)
    reading = reading_of(g.act, report.application) if reads else None
    call = definition_of(report.application.call)
    file = shown_file(g.act, reading, request.args.get("file", "")) if reading else None
    pages = pages_of(g.act, file.id, current_app.extensions["store"]) if file else None
    page = render_template(
        "assessment/show.html",
        report=report,
        place=place_of(reports, report),
        lines=stored_lines(call, report.scores) if lines is None else lines,
        call=call,
        totals=_totals(report),
        reading=reading,
        shown_file=file,
        passages=passages_of(reading, request.args.get("pin", "")) if reading else None,
        pins=pins_of(g.act, report),
        places=[f"answer-{a.id}" for s in reading.sections for a in s.answers] if reading else [],
        names_of_criteria={criterion.code: criterion.name for criterion in call.criteria},
        pages=pages,
        changes=changes_of(g.act, report),
        copy=own_copy(g.act, report),
        clarified=clarified_for_experts(g.act, report.application),
        reports=reports,
        writes=can(g.act, "assessment.write", report),
        verdict=verdict_on(g.act, report, "finish"),
        limit=LONGEST,
        errors=errors or [],
    )
    return page, status


@bp.post("/assessments/<assessment_id>/save")
@may("assessment.write")
def save(assessment: Assessment) -> Answer:
    stored = stored_lines(definition_of(assessment.application.call), assessment.scores)
    lines = save_lines(typed_lines(stored, request.form), lambda line: save_line(assessment, line))
    clashes = any(line.clash for line in lines)
    if request.headers.get("HX-Request"):
        call = definition_of(assessment.application.call)
        page = render_template("assessment/_saved.html", lines=lines, totals=_totals(assessment), call=call)
        return page, CONFLICT if clashes else 200
    if found := problems(lines):
        return _refused(assessment, lines, CONFLICT if clashes else UNPROCESSABLE, [*found])
    return _go_on(assessment, lines)


def save_line(report: Assessment, line: ScoreLine) -> None:
    save_score(
        g.act, report, line.code, points=line.value, reasons=line.reasons, private_note=line.note, number=line.number
    )


def _refused(
    report: Assessment, lines: list[ScoreLine], status: int, errors: list[tuple[str | None, str]]
) -> tuple[str, int]:
    """Show everything that was typed again; nothing of it is stored."""
    g.act.session.rollback()
    return scoring_page(report, lines, status, errors)


def _go_on(report: Assessment, lines: list[ScoreLine]) -> Answer:
    """Stay, or finish and open the next application."""
    if request.form.get("go") != "finish":
        return redirect(url_for("assessment.show", assessment_id=report.id), 303)
    try:
        perform(g.act, report, "finish")
    except Refused as refused:
        lines = with_reasons(lines, refused.reasons)
        return _refused(report, lines, UNPROCESSABLE, [*problems(lines)])
    following = next_open(my_reports(g.act), report)
    if following is None:
        return redirect(url_for("assessment.index"), 303)
    return redirect(url_for("assessment.show", assessment_id=following.report.id), 303)


@bp.post("/people/<person_id>/single-keys")
@may("person.edit")
def switch_keys(person: Person) -> Answer:
    person.single_keys = not person.single_keys
    for noun, key in (("assessment", "report"), ("consensus", "consensus")):
        if (thing := request.form.get(key, "")).isalnum():
            return redirect(url_of(noun, thing), 303)
    return redirect(url_for("assessment.index"), 303)
