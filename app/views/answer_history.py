"""The history of one answer: every saved version, any two of them side by side, an old one put back."""

from __future__ import annotations

from flask import abort, g, redirect, render_template, request, url_for

from app.access import can
from app.facts.call import is_open_for
from app.gate import may
from app.models import Application
from app.services.applications.answer_history import compare, put_back, versions_of
from app.services.applications.answers import Clash
from app.services.calls.call import definition_of
from app.views.application import Answer, bp
from app.views.application_write import CLASH, lists_of
from workflows.definition_questions import Question


@bp.get("/applications/<application_id>/answers/<question_id>/history")
@may("application.view_comments")
def answer_history(application: Application, question_id: str) -> Answer:
    """Versions of drafts are for those who write: what was submitted, others read on the page of its version."""
    return _page(application, _question(application, question_id))


def _page(application: Application, question: Question, status: int = 200) -> Answer:
    versions = versions_of(g.act, application, question, lists_of(application))
    compared = compare(versions, _number("old"), _number("new"))
    section = next(s for s in definition_of(application.call).sections if question in s.questions)
    may_edit = can(g.act, "application.edit", application) and is_open_for(g.act, application)
    return render_template(
        "application/answer_history.html", application=application, question=question, section=section,
        versions=versions, compared=compared, may_edit=may_edit, newer=status == CLASH,
    ), status  # fmt: skip


@bp.post("/applications/<application_id>/answers/<question_id>/history")
@may("application.edit")
def put_answer_back(application: Application, question_id: str) -> Answer:
    question = _question(application, question_id)
    number, newest = (request.form.get(name, "") for name in ("number", "newest"))
    if not (number.isdecimal() and newest.isdecimal() and len(number + newest) < 18):  # noqa: PLR2004
        abort(422)
    try:
        put_back(g.act, application, question.id, int(number), int(newest))
    except LookupError:
        abort(404)
    except Clash:
        return _page(application, question, CLASH)
    address = url_for("application.answer_history", application_id=application.id, question_id=question.id)
    return redirect(address, 303)


def _question(application: Application, question_id: str) -> Question:
    found = (one for one in definition_of(application.call).questions() if one.id == question_id)
    return next(found, None) or abort(404)


def _number(name: str) -> int | None:
    asked = request.args.get(name, "")
    return int(asked) if asked.isdecimal() and len(asked) < 9 else None  # noqa: PLR2004
