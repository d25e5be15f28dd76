"""A report written off line: everything to read and a form in one page, brought back line by line."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from flask import abort, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response

from app.access import can
from app.gate import may
from app.models import Assessment
from app.offline.brought import UnreadableError
from app.offline.scores import BroughtScores, read, seal
from app.scoring_form import ScoreLine, problems, save_lines, stored_lines, typed_lines
from app.services.applications.content import ShownContent
from app.services.calls.call import definition_of
from app.services.evaluating.reading import reading_of
from app.ui import reason
from app.views.assessment import CONFLICT, UNPROCESSABLE, Answer, bp, save_line

_STATIC = Path(__file__).resolve().parent.parent / "static"
_NOT_FOUND = 404


@dataclass(frozen=True)
class Pair:
    """One criterion as it is stored and as it was typed off line."""

    stored: ScoreLine
    brought: ScoreLine
    clash: bool  # it was saved here after the form was taken


@bp.get("/assessments/<assessment_id>/off-line/form.html")
@may("assessment.write")
def offline_form(assessment: Assessment) -> Response:
    """Give the application and the form of its report as one page that needs no connection."""
    if not can(g.act, "application.view", assessment.application):
        abort(_NOT_FOUND)
    answer = make_response(offline_page(assessment))
    name = f"{assessment.application.number}-report.html"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def offline_page(report: Assessment) -> str:
    """Write the page: the application, and the form of its report with what is stored."""
    lines = stored_of(report)
    numbers = {line.code: line.number for line in lines}
    return render_template(
        "offline/scores.html", report=report, lines=lines, numbers=numbers, seal=seal(report.id, numbers),
        content=_without_pictures(reading_of(g.act, report.application)),
        script=_own("offline-scores.js"), style=_own("offline.css"),
    )  # fmt: skip


def stored_of(report: Assessment) -> list[ScoreLine]:
    return stored_lines(definition_of(report.application.call), report.scores)


def _own(name: str) -> Markup:
    return Markup((_STATIC / name).read_text(encoding="utf-8"))  # noqa: S704 - a file of ours, not what anybody typed


def _without_pictures(content: ShownContent) -> ShownContent:
    """Leave pictures out: a page that is taken along loads nothing; they are in the copy to read."""
    sections = tuple(
        replace(section, answers=tuple(replace(answer, figures=()) for answer in section.answers))
        for section in content.sections
    )
    return replace(content, sections=sections)


@bp.route("/assessments/<assessment_id>/off-line", methods=["GET", "POST"])
@may("assessment.write")
def offline(assessment: Assessment) -> Answer:
    if request.method == "GET":
        return _page(assessment)
    try:
        brought = read(_sent())
    except UnreadableError as fault:
        return _page(assessment, faults=[reason(fault.reason)])
    if brought.assessment != assessment.id:
        return _page(assessment, faults=[_("This file belongs to another application. Bring it back there.")])
    return _take(assessment, brought) if "take" in request.form else _page(assessment, brought)


def _sent() -> bytes:
    chosen = request.files.get("file")
    return chosen.stream.read() if chosen is not None and chosen.filename else request.form.get("brought", "").encode()


def pairs_of(report: Assessment, brought: BroughtScores) -> list[Pair]:
    """Give the criteria on which something else was typed off line than is stored."""
    stored = stored_of(report)
    typed = {f"{name}-{code}": text for code, one in brought.scores.items() for name, text in one.items()}
    return [
        Pair(line, new, clash=line.number > brought.numbers.get(line.code, 0))
        for line, new in zip(stored, typed_lines(stored, typed), strict=True)
        if (new.points, new.reasons, new.note) != (line.points, line.reasons, line.note)
    ]


def _take(report: Assessment, brought: BroughtScores) -> Answer:
    """Store what was ticked, unless it was saved from elsewhere since the page was shown."""
    wanted = set(request.form.getlist("line"))
    chosen = [
        replace(pair.brought, number=request.form.get(f"n_{pair.stored.code}", 0, type=int))
        for pair in pairs_of(report, brought)
        if pair.stored.code in wanted
    ]
    if not chosen:
        return _page(report, brought, [_("Tick what to keep, or leave this page: nothing was changed.")])
    saved = save_lines(chosen, lambda line: save_line(report, line))
    if found := problems(saved):
        g.act.session.rollback()
        clashes = any(line.clash for line in saved)
        return _page(report, brought, [text for _place, text in found], CONFLICT if clashes else UNPROCESSABLE)
    return redirect(url_for("assessment.show", assessment_id=report.id), 303)


def _page(
    report: Assessment,
    brought: BroughtScores | None = None,
    faults: list[str] | None = None,
    status: int = 200,
) -> Answer:
    page = render_template(
        "assessment/offline.html",
        report=report,
        pairs=pairs_of(report, brought) if brought else None,
        kept=brought.as_json() if brought else "",
        faults=[(None, fault) for fault in faults or []],
    )
    return page, UNPROCESSABLE if faults and status == 200 else status  # noqa: PLR2004 - no better word for "all well"
