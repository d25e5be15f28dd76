"""Questions about a call: the public list, asking, one question."""

from __future__ import annotations

from flask import Blueprint, g, redirect, render_template, request, url_for

from app.chance import Secret, new_id
from app.gate import may
from app.models import Call, Enquiry
from app.services.calls import enquiry as service
from app.services.calls.call import definition_of
from app.services.history import history_of
from app.services.transitions import Refused
from app.ui import reason
from app.views.call import Answer
from forms.enquiry import AskForm

bp = Blueprint("enquiry", __name__)


@bp.get("/calls/<call_id>/questions")
@may("call.view")
def index(call: Call) -> Answer:
    words, clause = request.args.get("q", "")[:200], request.args.get("about", "")
    page = service.enquiries_of(g.act, call, words, clause)
    return render_template("enquiry/index.html", call=call, page=page, words=words, clause=clause)


@bp.route("/calls/<call_id>/questions/ask", methods=["GET", "POST"])
@may("call.ask")
def ask(call: Call) -> Answer:
    form = AskForm(request.form if request.method == "POST" else None, data={"clause": request.args.get("about", "")})
    form.offer([(place.code, reason(place.name)) for place in service.places_of(definition_of(call))])
    reasons: tuple[str, ...] = ()
    if request.method == "POST" and form.validate():
        try:
            asked = service.ask(g.act, call, form.text.data or "", form.clause.data or "")
            return redirect(url_for("enquiry.show", enquiry_id=asked.id), 303)
        except Refused as refused:
            reasons = tuple(reason(one) for one in refused.reasons)
    until = service.questions_until(call, definition_of(call))
    page = render_template(
        "enquiry/ask.html", call=call, form=form, reasons=reasons, until=until, act_id=new_id(Secret())
    )
    return page, (422 if request.method == "POST" else 200)


@bp.get("/questions/<enquiry_id>")
@may("enquiry.view")
def show(enquiry: Enquiry) -> Answer:
    return render_template(
        "enquiry/show.html", enquiry=enquiry, place=service.place_of(enquiry), history=history_of(g.act, enquiry)
    )
