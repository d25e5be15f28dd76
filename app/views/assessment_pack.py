"""All reports off line at once: one ZIP with everything to read and a form to fill; back, criterion by criterion."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from flask import current_app, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.gate import may
from app.matters import called
from app.models import Assessment
from app.offline.brought import UnreadableError
from app.offline.score_sheet import SheetLine, SheetReport, read_sheet, write_sheet
from app.offline.scores import BroughtScores, read
from app.scoring_form import ScoreLine, problems, save_lines
from app.services.evaluating.offline_pack import pack_of, pdfs_of, to_take_along
from app.services.evaluating.report_queries import Mine
from app.services.reason_json import trimmed
from app.ui import reason
from app.views.assessment import CONFLICT, UNPROCESSABLE, Answer, bp, save_line
from app.views.assessment_offline import Pair, offline_page, pairs_of, stored_of
from app.views.file import attachment

SHEET = "scores.txt"


@dataclass(frozen=True)
class Returned:
    """One report with the criteria on which something else was typed off line than is stored."""

    report: Assessment
    pairs: list[Pair]


@bp.post("/assessments/off-line.zip")
@may("work.view")
def pack() -> Answer:
    """Give everything to read and the forms of all reports that may still be written."""
    reports = to_take_along(g.act)
    files = {SHEET: write_sheet([_sheet_report(mine) for mine in reports])}
    files |= {f"{mine.application.number}.html": offline_page(mine.report).encode() for mine in reports}
    content = pack_of(g.act, current_app.extensions["store"], reports, files)
    return attachment(content, name="applications off line.zip", media_type="application/zip", size=len(content))


def _sheet_report(mine: Mine) -> SheetReport:
    name = called(mine.application)
    lines = tuple(_sheet_line(line) for line in stored_of(mine.report))
    return SheetReport(mine.report.id, mine.application.number, "" if name == mine.application.number else name, lines)


def _sheet_line(line: ScoreLine) -> SheetLine:
    most, step = trimmed(line.criterion.max_points), trimmed(line.criterion.step)
    asked = _("%(name)s (from 0 to %(most)s, in steps of %(step)s)", name=line.criterion.name, most=most, step=step)
    return SheetLine(line.code, " ".join(asked.split()), line.number, line.points, line.reasons, line.note)


@bp.route("/assessments/off-line", methods=["GET", "POST"])
@may("work.view")
def offline_all() -> Answer:
    if request.method == "GET":
        return _page()
    content = _sent()
    try:
        brought = _read(content)
    except UnreadableError as fault:
        return _page(faults=[reason(fault.reason)])
    if not (known := _known(brought)):
        return _page(faults=[_("None of the reports in this file can be written by you now.")])
    if "take" in request.form:
        return _take(_compared(known), content)
    return _page(_compared(known), content, left_out=len(brought) - len(known))


def _read(content: bytes) -> list[BroughtScores]:
    return [read(content)] if content.lstrip().startswith(b"{") else read_sheet(content)


def _sent() -> bytes:
    chosen = request.files.get("file")
    return chosen.stream.read() if chosen is not None and chosen.filename else request.form.get("brought", "").encode()


def _known(brought: list[BroughtScores]) -> list[tuple[Assessment, BroughtScores]]:
    """Give what the acting expert may still write; the rest is left out, whatever stands in it."""
    mine = {one.report.id: one.report for one in to_take_along(g.act)}
    return [(mine[one.assessment], one) for one in brought if one.assessment in mine]


def _compared(known: list[tuple[Assessment, BroughtScores]]) -> list[Returned]:
    found = [Returned(report, pairs_of(report, brought)) for report, brought in known]
    return [one for one in found if one.pairs]


def _take(returned: list[Returned], content: bytes) -> Answer:
    """Store what was ticked, all or nothing, unless one of it was saved from elsewhere since the page was shown."""
    wanted, faults, clashes = set(request.form.getlist("line")), [], False
    chosen = [(one.report, pair) for one in returned for pair in one.pairs if _key(one.report, pair) in wanted]
    for report, pair in chosen:
        number = request.form.get(f"n_{_key(report, pair)}", 0, type=int)
        saved = save_lines([replace(pair.brought, number=number)], partial(save_line, report))
        faults += [f"{called(report.application)}: {text}" for _place, text in problems(saved)]
        clashes = clashes or any(line.clash for line in saved)
    if not chosen:
        return _page(returned, content, [_("Tick what to keep, or leave this page: nothing was changed.")])
    if faults:
        g.act.session.rollback()
        return _page(_compared(_known(_read(content))), content, faults, CONFLICT if clashes else UNPROCESSABLE)
    return redirect(url_for("assessment.index"), 303)


def _key(report: Assessment, pair: Pair) -> str:
    return f"{report.id}.{pair.stored.code}"


def _page(
    returned: list[Returned] | None = None,
    content: bytes = b"",
    faults: list[str] | None = None,
    status: int = 200,
    *,
    left_out: int = 0,
) -> Answer:
    reports = to_take_along(g.act)
    page = render_template(
        "assessment/pack.html",
        returned=returned,
        kept=content.decode("utf-8-sig"),
        reports=reports,
        pdfs=len(pdfs_of(g.act, reports)),
        left_out=left_out,
        faults=[(None, fault) for fault in faults or []],
    )
    return page, UNPROCESSABLE if faults and status == 200 else status  # noqa: PLR2004 - no better word for "all well"
