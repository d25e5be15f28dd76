"""Replies to expressions of interest: sent, read, answered."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, abort, g, redirect, render_template, request, url_for

from app.access import can
from app.chance import Secret, new_id
from app.gate import may
from app.models import Expression, Organisation, Reply
from app.prose import guarded
from app.services.expressions import expression_queries as queries
from app.services.expressions.reply import against, send_reply
from app.services.history import history_of
from app.services.searching.contact_details import message_is_whole
from app.services.transitions import Refused
from app.ui import reason
from app.views.expression import Answer
from forms.reply import ReplyForm

bp = Blueprint("reply", __name__)


@bp.route("/expressions/<expression_id>/reply", methods=["GET", "POST"])
@may("expression.reply")
def new(expression: Expression) -> Answer:
    mine = [o for o in queries.my_organisations(g.act) if o.id != expression.organisation_id]
    form = ReplyForm(request.form if request.method == "POST" else None)
    form.offer([(organisation.id, organisation.name) for organisation in mine])
    reasons: tuple[str, ...] = ()
    if request.method == "POST" and form.validate():
        organisation = g.act.session.get(Organisation, form.organisation.data) or abort(404)
        try:
            reply = send_reply(g.act, expression, organisation, form.message.data or "")
            return redirect(url_for("reply.show", reply_id=reply.id), 303)
        except Refused as refused:
            reasons = tuple(reason(one) for one in refused.reasons)
    elif len(mine) == 1:
        reasons = tuple(reason(one) for one in against(g.act, expression, mine[0]).reasons)
    page = render_template(
        "reply/new.html", expression=expression, form=form, mine=mine, reasons=reasons, act_id=new_id(Secret())
    )
    return page, (422 if request.method == "POST" else 200)


@bp.get("/replies/<reply_id>")
@may("reply.view")
def show(reply: Reply) -> Answer:
    whole, agreed = message_is_whole(g.act, reply), can(g.act, "reply.view_contact_details", reply)
    told = [replace(one, remark=guarded(one.remark, agreed)) for one in history_of(g.act, reply, people=True)]
    return render_template("reply/show.html", reply=reply, history=told, whole=whole)
