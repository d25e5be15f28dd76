"""Tables of an application by way of a spreadsheet: a file there and back, or a range that is pasted."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from flask import abort, current_app, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app import sign_ins
from app.access import can
from app.act import Act
from app.chance import Secret
from app.gate import csrf, database, may
from app.inspection.slots import MIME_TYPES
from app.models import Application
from app.services.applications.answers import Clash, Difference, latest, numbers_of, save, value_of
from app.services.applications.answers_shown import shown
from app.services.calls.call import definition_of
from app.services.transitions import Refused
from app.services.uploads.files import own_inspector
from app.sheets.book import Texts, book_of
from app.sheets.grid import Grid, grid_of, pasted
from app.sheets.rows import Taken, taken_from
from app.ui import reason, words
from app.views.application import Answer, bp
from app.views.application_write import CLASH, UNPROCESSABLE, lists_of
from workflows.definition_questions import Question
from workflows.question_tables import TABLE_TYPES
from workflows.verdict import Reason

_MOST_BYTES = 2_000_000
_XLSX = MIME_TYPES["xlsx"]


@dataclass(frozen=True)
class _Sent:
    """What came back from the spreadsheet, and why nothing of it can be read."""

    grid: Grid
    refused: tuple[Reason, ...] = ()


def _read_file() -> None:
    """Read a chosen file before the transaction; nothing is read for somebody who may not write the application."""
    g.sheet = None
    chosen = request.files.get("file")
    if chosen is None or not chosen.filename or not _may_write():
        return
    csrf.protect()
    cells, verdict = own_inspector().cells(chosen.stream.read(_MOST_BYTES + 1), chosen.filename)
    g.sheet = _Sent(grid_of(cells), verdict.reasons)


def _may_write() -> bool:
    with database().reading() as session:
        now = current_app.extensions["clock"]()
        signed_in = sign_ins.current(session, now)
        application = session.get(Application, (request.view_args or {})["application_id"])
        act = Act(session, now, Secret(), g.request_id, signed_in.person if signed_in else None)
        return application is not None and can(act, "application.edit", application)


@bp.route("/applications/<application_id>/tables/<question_id>", methods=["GET", "POST"])
@may("application.edit", before=_read_file)
def table(application: Application, question_id: str) -> Answer:
    question = _question(application, question_id)
    if request.method == "GET":
        return _page(application, question)
    sent = g.sheet or _pasted()
    if sent.refused or not sent.grid:
        none = _("Choose the file, or paste the cells, first.")
        faults = [reason(one) for one in sent.refused] or [none]
        return _page(application, question, faults=faults, status=UNPROCESSABLE)
    taken = taken_from(question, lists_of(application), sent.grid)
    if taken.faults:
        return _page(application, question, sent.grid, taken, _said(taken), UNPROCESSABLE)
    return (
        _take(application, question, sent.grid, taken)
        if "take" in request.form
        else _page(application, question, sent.grid, taken)
    )


@bp.get("/applications/<application_id>/tables/<question_id>.xlsx")
@may("application.edit")
def table_file(application: Application, question_id: str) -> Response:
    question = _question(application, question_id)
    rows = value_of(latest(g.act, application).get(question.id))
    known: Any = rows if isinstance(rows, list) else []
    answer = make_response(book_of(question, known, lists_of(application), _texts(question), words, g.act.now))
    answer.headers["Content-Type"] = _XLSX
    answer.headers["Content-Disposition"] = f'attachment; filename="{question.id}.xlsx"'
    return answer


def _question(application: Application, question_id: str) -> Question:
    questions = (q for s in definition_of(application.call).sections for q in s.questions)
    found = next((q for q in questions if q.id == question_id and q.type in TABLE_TYPES), None)
    return found or abort(404)


def _pasted() -> _Sent:
    """Give the cells typed into the page, or those of the file that was shown before."""
    try:
        kept = json.loads(request.form.get("grid") or "null")
    except (ValueError, RecursionError):  # brackets within brackets without end
        kept = None
    if isinstance(kept, list) and all(isinstance(row, list) for row in kept):
        return _Sent(grid_of([[str(cell) for cell in row] for row in kept]))
    return _Sent(pasted(request.form.get("pasted", "")))


def _take(application: Application, question: Question, grid: Grid, taken: Taken) -> Answer:
    number = request.form.get("number", 0, type=int)
    rows: Any = taken.rows
    try:
        save(g.act, application, {question.id: rows}, {question.id: number})
    except Clash as clash:
        return _page(application, question, grid, taken, status=CLASH, clash=clash.differences[0])
    except Refused as refused:
        g.act.session.rollback()
        return _page(application, question, grid, taken, [reason(one) for one in refused.reasons], UNPROCESSABLE)
    return redirect(_back(application, question), 303)


def _said(taken: Taken) -> list[str]:
    return [_("%(cell)s: %(problem)s", cell=f.cell, problem=reason(f.reason)) if f.cell else reason(f.reason)
            for f in taken.faults]  # fmt: skip


def _back(application: Application, question: Question) -> str:
    section = next(s for s in definition_of(application.call).sections if question in s.questions)
    address = url_for("application.section", application_id=application.id, section_id=section.id)
    return f"{address}#q_{question.id}"


def _page(
    application: Application,
    question: Question,
    grid: Grid | None = None,
    taken: Taken | None = None,
    faults: list[str] | None = None,
    status: int = 200,
    clash: Difference | None = None,
) -> Answer:
    stored = latest(g.act, application)
    lists = lists_of(application)
    number = clash.number if clash else numbers_of(stored).get(question.id, 0)
    new: Any = taken.rows if taken else None
    return render_template(
        "application/table.html", application=application, question=question, back=_back(application, question),
        faults=faults or [], clash=clash, number=number,
        stored=shown(question, value_of(stored.get(question.id)), lists),
        new=shown(question, new, lists) if taken and not faults else None,
        grid=json.dumps(grid.rows) if grid else "", typed=request.form.get("pasted", ""),
        has_errors=status == UNPROCESSABLE,
    ), status  # fmt: skip


def _texts(question: Question) -> Texts:
    return Texts(
        table=_("Rows"),
        lists=_("Choices"),
        about=_("How to use this file"),
        lines=(
            words(question.label),
            _("Fill in the sheet “Rows”, one row for each line of the table. Keep its first row as it is."),
            _("Where a cell offers a list, choose from it. Leave empty what does not apply."),
            _("Save the file and bring it back on the page you took it from: you see what changes before it is kept."),
        ),
        yes=_("yes"),
        no=_("no"),
    )
