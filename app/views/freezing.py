"""Freezing an evaluation on suspicion of a leak, and who read what."""

from __future__ import annotations

from flask import Response, g, render_template

from app.gate import may
from app.models import Call
from app.services.evaluating.freezing import WHAT, frozen_story, readings_as_csv, readings_of
from app.views.call import bp
from app.views.file import attachment


@bp.get("/calls/<call_id>/readings")
@may("call.view_readings")
def readings(call: Call) -> str:
    return render_template(
        "call/readings.html",
        call=call,
        readings=readings_of(g.act, call),
        story=frozen_story(g.act, call),
        what=WHAT,
    )


@bp.get("/calls/<call_id>/readings.csv")
@may("call.view_readings")
def readings_table(call: Call) -> Response:
    data = readings_as_csv(readings_of(g.act, call)).encode()
    return attachment(data, name=f"{call.code}-readings.csv", media_type="text/csv; charset=utf-8", size=len(data))
