"""Sharing the writing of an application: the plan of sections, comments, sign-off."""

from __future__ import annotations

from collections.abc import Mapping

from flask import abort, g, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict

from app.access import can
from app.chance import Secret, new_id
from app.gate import may
from app.models import Application, Person
from app.services.applications import writing
from app.services.applications.writing_queries import SectionStanding, standing_of
from app.services.transitions import Refused
from app.ui import reason
from app.views.application import Answer, bp
from app.views.application_write import UNPROCESSABLE, typed
from forms.writing import PlanLine, SectionCommentForm, plan_line
from workflows.definition import Section


def section_or_404(application: Application, section_id: str) -> Section:
    try:
        return writing.section_of(application, section_id)
    except LookupError:
        abort(404)


# -- the plan ------------------------------------------------------------------------------------------------------


@bp.get("/applications/<application_id>/plan")
@may("application.view_comments")
def plan(application: Application) -> Answer:
    standing = standing_of(g.act, application)
    lines = _plan_lines(application, standing) if can(g.act, "application.plan_writing", application) else {}
    return _plan_page(application, standing, lines)


@bp.post("/applications/<application_id>/plan")
@may("application.plan_writing")
def save_plan(application: Application) -> Answer:
    standing = standing_of(g.act, application)
    lines = _plan_lines(application, standing)
    verdicts = [line.validate() for line in lines.values()]  # each line is judged, not only up to the first fault
    if not all(verdicts):
        return _plan_page(application, standing, lines, UNPROCESSABLE)
    try:
        for section, line in lines.items():
            writing.plan_section(g.act, application, section, line.owner.data or None, line.due_on.data)
    except Refused as refused:
        g.act.session.rollback()
        return _plan_page(application, standing, lines, UNPROCESSABLE, refused)
    return redirect(url_for("application.plan", application_id=application.id), 303)


def _plan_lines(application: Application, standing: Mapping[str, SectionStanding]) -> dict[str, PlanLine]:
    people = {person.id: person.name for person in writing.writers_of(g.act, application)}
    lines = {}
    for section, one in standing.items():
        owner = one.plan.owner if one.plan else None
        offered = people | ({owner.id: owner.name} if owner else {})
        due_on = one.plan.due_on if one.plan else None
        lines[section] = plan_line(section, [*offered.items()], typed(), owner.id if owner else "", due_on)
    return lines


def _plan_page(
    application: Application,
    standing: Mapping[str, SectionStanding],
    lines: Mapping[str, PlanLine],
    status: int = 200,
    refused: Refused | None = None,
) -> Answer:
    errors = [(None, reason(one)) for one in refused.reasons] if refused else []
    found = [(field.id, str(text)) for line in lines.values() for field in line for text in field.errors]
    return render_template(
        "application/plan.html", application=application, standing=standing, lines=lines, errors=errors + found,
        has_errors=status == UNPROCESSABLE,
    ), status  # fmt: skip


# -- comments ------------------------------------------------------------------------------------------------------


@bp.get("/applications/<application_id>/sections/<section_id>/comments")
@may("application.view_comments")
def comments(application: Application, section_id: str) -> Answer:
    found = section_or_404(application, section_id)
    people = writing.writers_of(g.act, application)
    return _comments_page(application, found, _comment_form(found, people, None), people)


@bp.post("/applications/<application_id>/sections/<section_id>/comments")
@may("application.write_comment")
def comment(application: Application, section_id: str) -> Answer:
    found = section_or_404(application, section_id)
    people = writing.writers_of(g.act, application)
    form = _comment_form(found, people, request.form)
    if not form.validate():
        return _comments_page(application, found, form, people, UNPROCESSABLE)
    writing.comment_on_section(
        g.act, application, section_id, form.text.data or "",
        question=form.question.data or None, mentions=form.mentions.data or (),
    )  # fmt: skip
    address = url_for("application.comments", application_id=application.id, section_id=section_id)
    return redirect(f"{address}#comments", 303)


@bp.post("/applications/<application_id>/sections/<section_id>/comments/<section_comment_id>/settle")
@may("application.write_comment")
def settle_comment(application: Application, section_id: str, section_comment_id: str) -> Answer:
    found = section_or_404(application, section_id)
    try:
        writing.settle_comment(g.act, application, section_comment_id, settled="again" not in request.form)
    except LookupError:
        abort(404)
    address = url_for("application.comments", application_id=application.id, section_id=found.id)
    return redirect(f"{address}#comment-{section_comment_id}", 303)


def _comment_form(section: Section, people: list[Person], sent: MultiDict[str, str] | None) -> SectionCommentForm:
    form = SectionCommentForm(sent, data={"question": request.args.get("about", "")})
    others = [(person.id, person.name) for person in people if person.id != g.act.person_id]
    form.offer([(question.id, question.label) for question in section.questions], others)
    return form


def _comments_page(
    application: Application, section: Section, form: SectionCommentForm, people: list[Person], status: int = 200
) -> Answer:
    comments, names = writing.comments_on(g.act, application, section.id), {p.id: p.name for p in people}
    return render_template(
        "application/comments.html", application=application, section=section, form=form, comments=comments,
        told={one.id: [names[person] for person in one.mentions if person in names] for one in comments},
        labels={question.id: question.label for question in section.questions},
        act_id=request.form.get("act_id") or new_id(Secret()),
    ), status  # fmt: skip


# -- sign-off ------------------------------------------------------------------------------------------------------


@bp.post("/applications/<application_id>/sections/<section_id>/sign-off")
@may("application.sign_off")
def sign_off(application: Application, section_id: str) -> Answer:
    found = section_or_404(application, section_id)
    if "undo" in request.form:
        writing.undo_sign_off(g.act, application, found.id)
    else:
        writing.sign_off_section(g.act, application, found.id)
    return redirect(url_for("application.section", application_id=application.id, section_id=found.id), 303)
