"""The charter of the label, read and accepted by one partner with one button."""

from __future__ import annotations

from flask import g, redirect, render_template, request, url_for

from app.chance import Secret, new_id
from app.facts.membership import name_of_partner
from app.gate import may
from app.models import Membership
from app.services.labels import charter as service
from app.services.transitions import Refused
from app.views.application import Answer
from app.views.membership import UNPROCESSABLE, bp, say
from forms.charter import NoForm, YesForm


@bp.get("/memberships/<membership_id>/charter")
@may("membership.answer_charter")
def charter(membership: Membership) -> Answer:
    return _page(membership, YesForm(), NoForm())


@bp.post("/memberships/<membership_id>/charter")
@may("membership.answer_charter")
def accept_charter(membership: Membership) -> Answer:
    form = YesForm(request.form)
    try:
        service.answer_charter(g.act, membership, accepts=True, seen=form.text.data or "")
    except Refused as refused:
        say(form, refused)
        return _page(membership, form, NoForm(), UNPROCESSABLE)
    return redirect(url_for("membership.charter", membership_id=membership.id), 303)


@bp.post("/memberships/<membership_id>/charter/refusal")
@may("membership.answer_charter")
def refuse_charter(membership: Membership) -> Answer:
    form = NoForm(request.form)
    if form.validate():
        seen, reason = form.text.data or "", form.reason.data or ""
        try:
            service.answer_charter(g.act, membership, accepts=False, seen=seen, reason=reason)
            return redirect(url_for("membership.charter", membership_id=membership.id), 303)
        except Refused as refused:
            say(form, refused)
    return _page(membership, YesForm(), form, UNPROCESSABLE)


def _page(membership: Membership, yes: YesForm, no: NoForm, status: int = 200) -> Answer:
    label = service.label_asking(g.act, membership)
    if label is None:
        return render_template("membership/charter_none.html", membership=membership), status
    stand = next(one for one in service.stands_of(g.act, label) if one.membership.id == membership.id)
    return render_template(
        "membership/charter.html", membership=membership, label=label, terms=service.terms_of(label), stand=stand,
        digest=service.digest_of_charter(label), name=name_of_partner(membership), yes=yes, no=no,
        act_id=new_id(Secret()),
    ), status  # fmt: skip
