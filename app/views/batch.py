"""One act on many rows of a list: a page to confirm, one POST, and a page that says what became of each."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.chance import Secret, new_id
from app.gate import may
from app.models import Batch, Call
from app.office_page import address, places_of
from app.services.work.batch import MOST, batch_of_act, items_of, offered_on, outcomes_of, rows_of, take
from app.services.work.office_lists import MODELS, NAMES
from app.ui import words
from forms.transition import transition_form
from workflows.machine import Row
from workflows.machines import MACHINES

bp = Blueprint("batch", __name__)
OF = "any(applications,checks,tasks,consensus):of"
Answer = Any


@bp.get(f"/calls/<call_id>/lists/<{OF}>/act")
@may("call.manage")
def confirm(call: Call, of: str) -> Answer:
    """Show what was ticked, what stands against the act on each, and what has to be supplied for all."""
    row, ticked = rows_of(of).get(request.args.get("row", "")), request.args.getlist("thing")
    return _page(call, of, row, ticked, transition_form(row, [])() if row else None)


@bp.post(f"/calls/<call_id>/lists/<{OF}>/act")
@may("call.manage")
def act(call: Call, of: str) -> Answer:
    if (earlier := batch_of_act(g.act)) is not None:
        return redirect(url_for("batch.done", call_id=call.id, batch=earlier.id), 303)
    row, ticked = rows_of(of).get(request.form.get("row", "")), request.form.getlist("thing")
    form = transition_form(row, [])(request.form) if row else None
    if row is None or form is None or not ticked or not form.validate():
        return _page(call, of, row, ticked, form, 422)
    versions = {thing: request.form.get(f"version-{thing}", 0, type=int) for thing in ticked[:MOST]}
    made = take(g.act, call, of, row.name, versions, form.answers)
    if all(one["reasons"] for one in made.results):  # what was typed stays on the page: nothing of it is stored
        g.act.session.rollback()
        g.act.session.refresh(call)
        form.form_errors = [
            _("Nothing was done. What stands against it is said below; some may have been changed meanwhile.")
        ]
        return _page(call, of, row, ticked, form, 422)
    return redirect(url_for("batch.done", call_id=call.id, batch=made.id), 303)


def _page(call: Call, of: str, row: Row | None, ticked: list[str], form: Any, status: int = 200) -> Answer:  # noqa: ANN401
    items = items_of(g.act, call, of, row.name, ticked) if row and ticked else []
    machine = MACHINES[MODELS[of].__noun__]
    title = words(machine.words[row.name].button) if row else _("Act on several at once")
    offered = offered_on(g.act, of, [item.line.id for item in items]) if row else {}
    page = render_template(
        "cockpit/batch.html", call=call, of=of, name=words(NAMES[of]), title=title, row=row, form=form,
        fine=[item for item in items if item.verdict], against=[item for item in items if not item.verdict],
        may_act=row is not None and row.name in offered, most=MOST, many=len(ticked) > MOST,
        places=places_of(g.act, of, [item.line for item in items]),
        act_id=request.form.get("act_id") or new_id(Secret()),
    )  # fmt: skip
    return page, status


@bp.get("/calls/<call_id>/batches/<batch>")
@may("call.manage")
def done(call: Call, batch: str) -> Answer:
    """Say what became of each to whoever sent it; others are led to the lists, where everything stands as it is now."""
    found = g.act.session.get(Batch, batch)
    if found is None or found.call_id != call.id or found.person_id != g.act.person_id:
        return redirect(url_for("office_list.show", call_id=call.id, of="applications"), 303)
    outcomes = outcomes_of(g.act, call, found)
    left = {"row": found.name, "thing": [one.line.id for one in outcomes if one.reasons]}
    return render_template(
        "cockpit/batch_done.html", call=call, batch=found, name=words(NAMES[found.of]),
        title=words(MACHINES[MODELS[found.of].__noun__].words[found.name].button),
        refused=[one for one in outcomes if one.reasons], taken=[one for one in outcomes if not one.reasons],
        places=places_of(g.act, found.of, [one.line for one in outcomes]),
        again=address(call, found.of, left, "batch.confirm"),
    )  # fmt: skip
