"""What an expert keeps while reading: pins, where reading stopped, copies to read, and their own scores as a file."""

from __future__ import annotations

import csv
import io

from flask import current_app, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.gate import may
from app.models import Assessment
from app.services.evaluating.pins import add_pin, remove_pin, stop_at
from app.services.evaluating.reading_pack import copies_in_one, own_copies
from app.services.evaluating.report_queries import my_reports
from app.services.transitions import Refused, perform, verdict_on
from app.ui import reason
from app.views.assessment import UNPROCESSABLE, Answer, bp, scoring_page
from app.views.file import attachment

NO_CONTENT = 204
NO_FORMULA = "'"  # a text that a spreadsheet would compute begins with this


@bp.post("/assessments/<assessment_id>/pins")
@may("assessment.write")
def pin(assessment: Assessment) -> Answer:
    """Attach a remark to a passage, or take one away."""
    place = request.form.get("place", "")
    if out := request.form.get("remove"):
        remove_pin(g.act, assessment, out)
        return redirect(_there(assessment, place), 303)
    try:
        add_pin(
            g.act, assessment, place=place, quote=request.form.get("quote", ""), remark=request.form.get("remark", "")
        )
    except Refused as refused:
        g.act.session.rollback()
        return scoring_page(assessment, status=UNPROCESSABLE, errors=[("remark", reason(r)) for r in refused.reasons])
    return redirect(_there(assessment, place), 303)


def _there(report: Assessment, place: str) -> str:
    return url_for("assessment.show", assessment_id=report.id, _anchor=place or None)


@bp.post("/assessments/<assessment_id>/place")
@may("assessment.write")
def stop(assessment: Assessment) -> Answer:
    place = request.form.get("place", "")
    stop_at(g.act, assessment, place)
    if request.headers.get("HX-Request"):
        return Response(status=NO_CONTENT)
    return redirect(_there(assessment, place), 303)


@bp.get("/assessments/copies")
@may("work.view")
def copies() -> Answer:
    """Show which copies there are to read off the screen."""
    return render_template("assessment/copies.html", lines=own_copies(g.act))


@bp.post("/assessments/copies/order")
@may("work.view")
def order_copies() -> Answer:
    """Order a copy of every application that has none and may have one now."""
    for line in own_copies(g.act):
        if line.document is None and verdict_on(g.act, line.report, "order_copy"):
            perform(g.act, line.report, "order_copy")
    return redirect(url_for("assessment.copies"), 303)


@bp.post("/assessments/copies/all.zip")
@may("work.view")
def all_copies() -> Answer:
    """Give all copies that are made as one file; each is noted as read."""
    content = copies_in_one(g.act, current_app.extensions["store"])
    return attachment(content, name=_("applications to read") + ".zip", media_type="application/zip", size=len(content))


@bp.get("/assessments/mine.csv")
@may("work.view")
def mine_csv() -> Answer:
    """Give the expert's own scores, reasons and private notes: no other export has the notes."""
    rows = io.StringIO()
    table = csv.writer(rows)
    heads = (_("Application"), _("Criterion"), _("Score"), _("Reasons"), _("Private note"), _("Saved"))
    table.writerow(heads)
    for mine in my_reports(g.act):
        for line in mine.report.scores:
            points = "" if line.points is None else f"{line.points.normalize():f}"
            texts = (line.reasons, line.private_note)
            table.writerow(
                [mine.application.number, line.criterion, points, *map(_as_text, texts), line.saved_at.isoformat()]
            )
    answer = make_response(rows.getvalue().encode("utf-8-sig"))
    answer.headers["Content-Type"] = "text/csv; charset=utf-8"
    answer.headers["Content-Disposition"] = 'attachment; filename="my-scores.csv"'
    return answer


def _as_text(text: str) -> str:
    return NO_FORMULA + text if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
