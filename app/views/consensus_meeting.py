"""What happens before a consensus: the discussion, the live meeting, and when the reports will be in."""

from __future__ import annotations

from flask import g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.gate import may
from app.matters import called
from app.models import Call, Consensus
from app.services.evaluating import meeting as meetings
from app.services.evaluating.discussion import say
from app.services.evaluating.evaluation_queries import sees_whole_call
from app.services.evaluating.progress import progress_of
from app.services.transitions import Refused
from app.ui import reason
from app.views.consensus import UNPROCESSABLE, Answer, bp, consensus_page


@bp.post("/consensus/<consensus_id>/discussion")
@may("consensus.discuss")
def discuss(consensus: Consensus) -> Answer:
    try:
        say(g.act, consensus, request.form.get("text", ""), request.form.get("criterion", ""))
    except Refused as refused:
        g.act.session.rollback()
        return consensus_page(consensus, status=UNPROCESSABLE, errors=[("text", reason(r)) for r in refused.reasons])
    return redirect(url_for("consensus.show", consensus_id=consensus.id, _anchor="discussion"), 303)


@bp.post("/consensus/<consensus_id>/presence")
@may("consensus.discuss")
def attend(consensus: Consensus) -> Response:
    """Come into the meeting, or leave it."""
    if request.form.get("go") == "leave":
        meetings.leave(g.act, consensus)
    else:
        meetings.join(g.act, consensus)
    return redirect(url_for("consensus.show", consensus_id=consensus.id, _anchor="meeting"), 303)


@bp.get("/consensus/<consensus_id>/meeting")
@may("consensus.discuss")
def live(consensus: Consensus) -> Answer:
    """Show the part of the page that changes while a meeting goes on; it is no reading of the consensus anew."""
    if "HX-Request" not in request.headers:
        return redirect(url_for("consensus.show", consensus_id=consensus.id, _anchor="meeting"))
    found = meetings.own_meeting(g.act, consensus)
    return render_template("consensus/_meeting.html", consensus=consensus, meeting=found) if found else ""


@bp.get("/calls/<call_id>/reports")
@may("call.manage")
def progress(call: Call) -> Answer:
    return render_template("consensus/progress.html", call=call, progress=progress_of(g.act, call))


@bp.get("/calls/<call_id>/meeting")
@may("call.chair_meeting")
def meeting(call: Call) -> Answer:
    return _page(call)


def _page(call: Call, status: int = 200, errors: list[tuple[str, str]] | None = None) -> tuple[str, int]:
    whole = sees_whole_call(g.act, call)
    agenda = meetings.agenda_of(g.act, call) if whole else []
    page = render_template(
        "consensus/meeting.html",
        call=call,
        whole=whole,
        agenda=agenda,
        names={item.consensus.id: called(item.application) for item in agenda},
        meeting=meetings.meeting_of(g.act, call) if whole else None,
        errors=errors or [],
    )
    return page, status


@bp.post("/calls/<call_id>/meeting")
@may("call.chair_meeting")
def chair(call: Call) -> Answer:
    """Begin, turn to an application, write a line of the minutes, or end."""
    try:
        _chair(call, request.form.get("go", ""))
    except Refused as refused:
        g.act.session.rollback()
        return _page(call, UNPROCESSABLE, [("text", reason(one)) for one in refused.reasons])
    return redirect(url_for("consensus.meeting", call_id=call.id), 303)


def _chair(call: Call, go: str) -> None:
    found = meetings.meeting_of(g.act, call)
    if go == "begin":
        meetings.begin(g.act, call)
    elif found is not None and go == "minute":
        meetings.write_minute(g.act, call, found, request.form.get("text", ""))
    elif found is not None and go == "end":
        meetings.end(g.act, call, found)
    elif found is not None:
        meetings.turn_to(g.act, call, found, meetings.consensus_in(g.act, call, request.form.get("consensus", "")))
