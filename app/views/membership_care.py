"""What goes with a partner's part: agreed beforehand, and what its leaving touches."""

from __future__ import annotations

from flask import g, redirect, render_template, request, url_for

from app.chance import Secret, new_id
from app.facts.membership import name_of_partner
from app.gate import may
from app.models import Membership
from app.services.consortia.consent import agree_beforehand, take_agreement_back
from app.services.consortia.departure import what_follows
from app.services.transitions import Refused, verdict_on
from app.views.application import Answer
from app.views.membership import UNPROCESSABLE, bp, own_form, part_page, say
from forms.consortium import AgreementForm


@bp.post("/memberships/<membership_id>/agreement")
@may("membership.agree_beforehand")
def agree(membership: Membership) -> Answer:
    """Say beforehand what the lead may change until the deadline."""
    form = AgreementForm(request.form, prefix="agreement-")
    if form.validate():
        try:
            agree_beforehand(g.act, membership, share_percent=form.percent, texts=bool(form.texts.data))
            return redirect(url_for("membership.show", membership_id=membership.id) + "#beforehand", 303)
        except Refused as refused:
            say(form, refused)
    return part_page(membership, own_form(membership, typed_in=False), UNPROCESSABLE, agreement=form)


@bp.post("/memberships/<membership_id>/agreement/end")
@may("membership.agree_beforehand")
def end_agreement(membership: Membership) -> Answer:
    take_agreement_back(g.act, membership)
    return redirect(url_for("membership.show", membership_id=membership.id) + "#beforehand", 303)


@bp.get("/memberships/<membership_id>/removal")
@may("membership.remove")
def removal(membership: Membership) -> Answer:
    """What removing a partner touches, before it is confirmed."""
    return render_template(
        "membership/removal.html", membership=membership, name=name_of_partner(membership),
        departure=what_follows(g.act, membership), verdict=verdict_on(g.act, membership, "remove"),
        act_id=new_id(Secret()),
    )  # fmt: skip
