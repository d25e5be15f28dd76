"""The consensus on one application, and the scores of a call."""

from __future__ import annotations

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.access import can
from app.gate import may
from app.models import Call, Consensus
from app.scoring_form import ScoreLine, problems, save_lines, stored_lines, typed_lines
from app.services.calls.call import definition_of
from app.services.evaluating.consensus import save_agreed
from app.services.evaluating.consensus_queries import agreement_of
from app.services.evaluating.discussion import hides_names, said_in
from app.services.evaluating.evaluation_queries import results_of, sees_whole_call
from app.services.evaluating.meeting import own_meeting
from app.services.evaluating.quality import points_of, quality_checks
from app.services.evaluating.scores import LONGEST, Totals, totals_of
from app.services.transitions import verdict_on
from workflows.consensus import OPENED

bp = Blueprint("consensus", __name__)
Answer = str | Response | tuple[str, int]
UNPROCESSABLE, CONFLICT = 422, 409


@bp.get("/calls/<call_id>/scores")
@may("call.manage")
def index(call: Call) -> Answer:
    whole = sees_whole_call(g.act, call)
    results = results_of(g.act, call) if whole else []
    return render_template("consensus/index.html", call=call, results=results, whole=whole)


@bp.get("/consensus/<consensus_id>")
@may("consensus.view")
def show(consensus: Consensus) -> Answer:
    return consensus_page(consensus)


def consensus_page(
    consensus: Consensus,
    lines: list[ScoreLine] | None = None,
    status: int = 200,
    errors: list[tuple[str, str]] | None = None,
) -> tuple[str, int]:
    definition = definition_of(consensus.application.call)
    shown = stored_lines(definition, consensus.scores) if lines is None else lines
    agreement = agreement_of(g.act, consensus, definition)
    hidden = hides_names(g.act, consensus.application)
    page = render_template(
        "consensus/show.html",
        consensus=consensus,
        agreement=agreement,
        lines={line.code: line for line in shown},
        weighted=len({criterion.weight for criterion in definition.criteria}) > 1,
        totals=_totals(consensus),
        opened=consensus.state in OPENED,
        writes=can(g.act, "consensus.write", consensus),
        opening=verdict_on(g.act, consensus, "open"),
        limit=LONGEST,
        discusses=can(g.act, "consensus.discuss", consensus),
        said=said_in(g.act, consensus),
        meeting=own_meeting(g.act, consensus),
        hidden=hidden,
        points=points_of(definition),
        checked=quality_checks(g.act, consensus, people=not hidden),
        errors=errors or [],
    )
    return page, status


def _totals(consensus: Consensus) -> Totals:
    return totals_of(definition_of(consensus.application.call), consensus.scores)


@bp.post("/consensus/<consensus_id>/save")
@may("consensus.write")
def save(consensus: Consensus) -> Answer:
    stored = stored_lines(definition_of(consensus.application.call), consensus.scores)
    lines = save_lines(typed_lines(stored, request.form), lambda line: _save(consensus, line))
    status = CONFLICT if any(line.clash for line in lines) else UNPROCESSABLE
    if request.headers.get("HX-Request"):
        page = render_template("assessment/_saved.html", lines=lines, totals=_totals(consensus))
        return page, CONFLICT if status == CONFLICT else 200
    if found := problems(lines):
        g.act.session.rollback()
        return consensus_page(consensus, lines, status, found)
    return redirect(url_for("consensus.show", consensus_id=consensus.id), 303)


def _save(consensus: Consensus, line: ScoreLine) -> None:
    save_agreed(g.act, consensus, line.code, points=line.value, reasons=line.reasons, number=line.number)
