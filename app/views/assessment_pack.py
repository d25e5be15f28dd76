"""All reports off line at once: one ZIP with everything to read and a form to fill; back, criterion by criterion."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from io import BytesIO
from typing import IO

from flask import current_app, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.gate import may
from app.matters import called
from app.models import Assessment
from app.offline.brought import UnreadableError
from app.offline.pack import MOST_OF_A_PACK, Entry, as_kept, read_any
from app.offline.pack import Refused as RefusedEntry
from app.offline.score_sheet import SheetLine, SheetReport, write_sheet
from app.offline.scores import BroughtScores
from app.scoring_form import ScoreLine, problems, save_lines
from app.services.evaluating.offline_pack import pack_of, pdfs_of, to_take_along
from app.services.evaluating.report_queries import Mine
from app.services.reason_json import trimmed
from app.ui import reason
from app.uploads import room_for_the_signed_in
from app.views.assessment import CONFLICT, UNPROCESSABLE, Answer, bp, save_line
from app.views.assessment_offline import Pair, offline_page, pairs_of, stored_of
from app.views.file import attachment

SHEET = "scores.txt"
Known = tuple[Assessment, str, BroughtScores]  # of a report that the acting expert may write; the form's name


@dataclass(frozen=True)
class Line:
    """A criterion on which something else was typed off line than is stored; `twice`: not the same in two forms."""

    pair: Pair
    key: str
    twice: bool


@dataclass(frozen=True)
class Returned:
    """One report of one form, with the criteria that differ. `form`: the file's name in the pack it came in."""

    report: Assessment
    brought: BroughtScores
    form: str
    lines: list[Line]


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
    try:
        brought = read_any(_sent())
    except UnreadableError as fault:
        return _page(faults=[reason(fault.reason)])
    known, left_out = _known(brought.entries)
    if not known and not brought.refused:
        return _page(faults=[_("None of the reports in this file can be written by you now.")])
    if "take" in request.form:
        return _take(_compared(known), known)
    return _page(_compared(known), left_out=left_out, refused=brought.refused)


@bp.before_request
def make_room() -> None:
    """Let a pack be brought back whole, with the copies to read in it; other requests stay as small as they are."""
    if request.endpoint == f"{bp.name}.{offline_all.__name__}":
        room_for_the_signed_in(MOST_OF_A_PACK)


def _sent() -> IO[bytes]:
    chosen = request.files.get("file")
    return (
        chosen.stream if chosen is not None and chosen.filename else BytesIO(request.form.get("brought", "").encode())
    )


def _known(entries: list[Entry]) -> tuple[list[Known], int]:
    """Give what the acting expert may still write, and how many reports are left out, whatever stands in them."""
    mine = {one.report.id: one.report for one in to_take_along(g.act)}
    brought = [(entry.name, one) for entry in entries for one in entry.reports]
    left_out = {one.assessment for _name, one in brought} - set(mine)
    return [(mine[one.assessment], name, one) for name, one in brought if one.assessment in mine], len(left_out)


def _compared(known: list[Known]) -> list[Returned]:
    """Compare each form with what is stored, by application; what two forms say alike is shown once."""
    compared = [(one, pairs_of(one[0], one[2])) for one in sorted(known, key=lambda one: one[0].application.number)]
    versions = _versions([(one[0], pair) for one, pairs in compared for pair in pairs])
    shown: set[str] = set()
    returned = []
    for (report, form, brought), pairs in compared:
        lines = [_line(pair, _key(report, pair), versions[_key(report, pair)]) for pair in pairs]
        new = [line for line in lines if line is not None and line.key not in shown]
        shown |= {line.key for line in new}
        if new:
            returned.append(Returned(report, brought, form, new))
    return returned


def _line(pair: Pair, key: str, said: list[ScoreLine]) -> Line | None:
    if pair.brought not in said:
        return None
    place = said.index(pair.brought)
    return Line(pair, f"{key}.{place}" if place else key, twice=len(said) > 1)


def _versions(pairs: list[tuple[Assessment, Pair]]) -> dict[str, list[ScoreLine]]:
    """What the forms say of each criterion. One left empty says nothing where another was filled in."""
    versions: dict[str, list[ScoreLine]] = {}
    for report, pair in pairs:
        said = versions.setdefault(_key(report, pair), [])
        if pair.brought not in said:
            said.append(pair.brought)
    return {key: [one for one in said if not _is_empty(one)] or said for key, said in versions.items()}


def _is_empty(line: ScoreLine) -> bool:
    return not (line.points or line.reasons or line.note)


def _take(returned: list[Returned], known: list[Known]) -> Answer:
    """Store what was ticked, all or nothing, unless one of it was saved from elsewhere since the page was shown."""
    wanted, faults, clashes = set(request.form.getlist("line")), [], False
    chosen = [(one.report, line) for one in returned for line in one.lines if line.key in wanted]
    if not chosen:
        return _page(returned, [_("Tick what to keep, or leave this page: nothing was changed.")])
    keys = [_key(report, line.pair) for report, line in chosen]
    if len(set(keys)) < len(keys):
        return _page(returned, [_("You ticked one criterion in two files. Tick it in the one that you want to keep.")])
    for report, line in chosen:
        number = request.form.get(f"n_{line.key}", 0, type=int)
        saved = save_lines([replace(line.pair.brought, number=number)], partial(save_line, report))
        faults += [f"{called(report.application)}: {text}" for _place, text in problems(saved)]
        clashes = clashes or any(line.clash for line in saved)
    if faults:
        g.act.session.rollback()
        return _page(_compared(known), faults, CONFLICT if clashes else UNPROCESSABLE)
    return redirect(url_for("assessment.index"), 303)


def _key(report: Assessment, pair: Pair) -> str:
    return f"{report.id}.{pair.stored.code}"


def _page(
    returned: list[Returned] | None = None,
    faults: list[str] | None = None,
    status: int = 200,
    *,
    left_out: int = 0,
    refused: list[RefusedEntry] | None = None,
) -> Answer:
    reports = to_take_along(g.act)
    page = render_template(
        "assessment/pack.html",
        returned=returned,
        kept=as_kept([Entry(one.form, [one.brought]) for one in returned or []]),
        reports=reports,
        pdfs=len(pdfs_of(g.act, reports)),
        left_out=left_out,
        refused=refused or [],
        faults=[(None, fault) for fault in faults or []],
    )
    return page, UNPROCESSABLE if faults and status == 200 else status  # noqa: PLR2004 - no better word for "all well"
