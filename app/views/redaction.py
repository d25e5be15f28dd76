"""The office anonymises what evaluators of an anonymous call read: texts side by side, files, all applications."""

from __future__ import annotations

from flask import Blueprint, abort, current_app, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.gate import may
from app.models import Call, File, Redaction
from app.services.anonymising import redaction as service
from app.services.anonymising import redaction_files as files
from app.services.anonymising.redaction_lists import redactions_of
from app.services.anonymising.redaction_pages import searched_files
from app.services.history import history_of
from app.services.transitions import Refused, verdict_on
from app.single_text import single_text
from app.ui import reason
from app.uploads import judging
from workflows.redaction_names import REASONS

bp = Blueprint("redaction", __name__)
Answer = str | Response | tuple[str, int]
UNPROCESSABLE = 422


@bp.get("/calls/<call_id>/redactions")
@may("call.view_redactions")
def of_call(call: Call) -> Answer:
    return render_template("redaction/of_call.html", call=call, lines=redactions_of(g.act, call))


@bp.get("/redactions/<redaction_id>")
@may("redaction.view")
def show(redaction: Redaction) -> Answer:
    return _page(redaction)


def _page(redaction: Redaction, place: str = "", refused: Refused | None = None, typed: str | None = None) -> Answer:
    page = render_template(
        "redaction/show.html", redaction=redaction, application=redaction.application,
        sides=service.sides_of(g.act, redaction), files=files.file_sides(g.act, redaction), why=REASONS,
        history=history_of(g.act, redaction, people=True),
        verdict=verdict_on(g.act, redaction, "release"), place=place, typed=typed,
        clarified=service.clarified(g.act, redaction), limit=service.LONGEST,
        errors=[(f"text-{place}", reason(one)) for one in refused.reasons] if refused else [],
    )  # fmt: skip
    return (page, UNPROCESSABLE) if refused else page


@bp.get("/redactions/<redaction_id>/pages")
@may("redaction.view")
def pages(redaction: Redaction) -> Answer:
    """Show what was found on the pages of files."""
    searched = searched_files(g.act, redaction, current_app.extensions["store"])
    return render_template("redaction/pages.html", redaction=redaction, searched=searched, why=REASONS)


@bp.post("/redactions/<redaction_id>/texts")
@may("redaction.edit")
def edit(redaction: Redaction) -> Answer:
    """Save one text, or decide on passages that were found in it."""
    place, number = request.form.get("place", ""), request.form.get("number", "")
    if not number.isdecimal():
        abort(400)
    try:
        _do(redaction, place, int(number))
    except Refused as refused:
        g.act.session.rollback()
        return _page(redaction, place, refused, request.form.get("text", ""))
    return redirect(url_for("redaction.show", redaction_id=redaction.id, _anchor=f"side-{place}"), 303)


def _do(redaction: Redaction, place: str, number: int) -> None:
    marked = [passage.rpartition("@")[2] for passage in request.form.getlist("passage")]
    match request.form.get("go"):
        case "accept":
            service.accept(g.act, redaction, place, marked, number)
        case "accept_all":
            service.accept_all(g.act, redaction, place)
        case "leave":
            service.leave_as_it_is(g.act, redaction, place, marked, number)
        case "take_back":
            service.take_back(g.act, redaction, place)
        case _:
            service.save_text(g.act, redaction, place, single_text("text"), number)


@bp.post("/redactions/<redaction_id>/all")
@may("redaction.edit")
def accept_all(redaction: Redaction) -> Answer:
    service.accept_all(g.act, redaction)
    return redirect(url_for("redaction.show", redaction_id=redaction.id), 303)


@bp.post("/redactions/<redaction_id>/files")
@may("redaction.edit", before=judging(Redaction, "redaction.edit"))
def file(redaction: Redaction) -> Answer:
    """Choose what evaluators get of a file."""
    chosen = g.act.session.get(File, request.form.get("of", "")) or abort(404)
    try:
        _choose(redaction, chosen)
    except Refused as refused:
        g.act.session.rollback()
        return _page(redaction, f"file-{chosen.id}", refused)
    return redirect(url_for("redaction.show", redaction_id=redaction.id, _anchor=f"file-{chosen.id}"), 303)


def _choose(redaction: Redaction, chosen: File) -> None:
    match request.form.get("go"):
        case "withhold":
            files.withhold(g.act, redaction, chosen)
        case "own":
            files.give_its_own(g.act, redaction, chosen)
        case _:
            if g.received is None:
                raise g.refused or files.nothing_chosen()
            files.give_instead(g.act, redaction, chosen, g.received)
