"""An invitation: readable before any account, and answered by one page of four facts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import abort, g, make_response, redirect, render_template, request, url_for

from app.access import can
from app.chance import Secret, new_id
from app.gate import may
from app.models import MailedLink, Membership, Organisation
from app.moved import forget_token, moved_token
from app.services.accounts import person as people
from app.services.accounts.mailed_link import open_link
from app.services.applications.application_queries import my_organisations
from app.services.consortia.departure import what_follows
from app.services.consortia.invitation import INVITATION
from app.services.consortia.membership import bind_organisation, give_facts
from app.services.consortia.membership_queries import applications_counted
from app.services.consortia.other_address import ask_with_other_address
from app.services.consortia.participant import lead_of
from app.services.organisations.names import fold_address
from app.services.organisations.organisation import create_organisation
from app.services.transitions import Refused, perform, verdict_on
from app.ui import reason
from app.views.application import Answer
from app.views.application_people import countries, kinds, regions_of
from app.views.application_write import typed
from app.views.membership import UNPROCESSABLE, bp, own_form, part_page, say
from app.views.sign_in import limit
from app.views.sign_in_links import spent
from forms.membership import AcceptForm
from forms.transition import transition_form
from workflows.membership import LIVE, MEMBERSHIP, State


@bp.get("/invitation")
@may("site.sign_in")
def read_invitation() -> Any:  # noqa: ANN401
    """Show the invitation a mailed link speaks of, to whoever holds the link; nothing is changed by it."""
    opened = open_link(g.act, INVITATION, moved_token(INVITATION))
    membership = g.act.session.get(Membership, opened.live.thing_id) if opened.live else None
    if opened.live is None or membership is None or membership.state not in LIVE:
        return spent(INVITATION, opened)
    if can(g.act, "membership.accept", membership):
        return redirect(url_for("membership.show", membership_id=membership.id), 303)
    return _invitation_page(membership, opened.live)


def _invitation_page(membership: Membership, link: MailedLink, reasons: Sequence[str] = ()) -> Any:  # noqa: ANN401
    same = g.act.person is not None and fold_address(g.act.person.email) == link.address
    page = render_template(
        "membership/invitation.html", membership=membership, same_address=same, lead=lead_of(membership.application),
        asked=g.act.person_id is not None and membership.claimed_by == g.act.person_id, reasons=reasons,
    )  # fmt: skip
    response = make_response(page, UNPROCESSABLE if reasons else 200)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.post("/invitation/other-address")
@may("work.view")
def ask_other_address() -> Any:  # noqa: ANN401
    """Ask the coordinator to let the signed-in person accept, who has the link but not the invited address."""
    opened = open_link(g.act, INVITATION, moved_token(INVITATION))
    membership = g.act.session.get(Membership, opened.live.thing_id) if opened.live else None
    if opened.live is None or membership is None:
        return spent(INVITATION, opened)
    limit("mail.account", g.act.person.id)
    try:
        ask_with_other_address(g.act, membership)
    except Refused as refused:
        return _invitation_page(membership, opened.live, [reason(one) for one in refused.reasons])
    return redirect(url_for("membership.read_invitation"), 303)


@bp.post("/invitation")
@may("work.view")
def confirm_address() -> Any:  # noqa: ANN401
    """Take the mailed link for the proof of the address: whoever holds it reads that mailbox."""
    opened = open_link(g.act, INVITATION, moved_token(INVITATION))
    if opened.live is None:
        return spent(INVITATION, opened)
    if fold_address(g.act.person.email) == opened.live.address and g.act.person.email_verified_at is None:
        people.confirm_address(g.act, g.act.person, keep=g.sign_in)
    return redirect(url_for("membership.show", membership_id=opened.live.thing_id), 303)


@bp.get("/memberships/<membership_id>")
@may("membership.view")
def show(membership: Membership) -> Answer:
    """The invited see what they are asked and answer; a partner sees its own part."""
    if can(g.act, "membership.accept", membership):
        return _answer_page(membership, _accept_form(membership))
    return part_page(membership, own_form(membership))


def _accept_form(membership: Membership) -> AcceptForm:
    mine = my_organisations(g.act)
    bound = membership.organisation_id
    stored = {
        "organisation": bound or (mine[0].id if mine else ""),
        "name": "" if mine else membership.invited_name,
        "country": membership.country or (mine[0].country if mine else None),
        "region": membership.region,
        "kinds": membership.kinds or (mine[0].kinds if mine else []),
    }
    form = AcceptForm(typed(), data=stored)
    form.offer(countries(), regions_of(membership.application), kinds())
    offered = [o for o in mine if bound is None or o.id == bound]
    form.offer_organisations([(o.id, o.name) for o in offered])
    if bound is not None and membership.organisation is not None:
        form.organisation.choices = [(bound, membership.organisation.name)]
    return form


@bp.post("/memberships/<membership_id>/answer")
@may("membership.accept")
def answer(membership: Membership) -> Answer:
    """Give name, country, region and kind, and accept: one act."""
    form = _accept_form(membership)
    if not form.validate():
        return _answer_page(membership, form, UNPROCESSABLE)
    try:
        if membership.organisation_id is None:
            bind_organisation(g.act, membership, _organisation(form))
        give_facts(g.act, membership, form.facts)
        perform(g.act, membership, "accept")
    except Refused as refused:
        say(form, refused)
        return _answer_page(membership, form, UNPROCESSABLE)
    forget_token(INVITATION)
    return redirect(url_for("membership.show", membership_id=membership.id, accepted=1), 303)


def _organisation(form: AcceptForm) -> Organisation:
    """Take one of the person's own organisations, or make one of the name: its full profile can wait."""
    chosen = next((o for o in my_organisations(g.act) if o.id == form.organisation.data), None)
    if chosen is not None:
        return chosen
    made = create_organisation(g.act, name=form.name.data or "", country=form.country.data)
    made.kinds = list(form.kinds.data or [])
    return made


def _answer_page(membership: Membership, form: AcceptForm, status: int = 200) -> Answer:
    return render_template(
        "membership/answer.html", membership=membership, form=form, counts=applications_counted(g.act, membership),
        lead=lead_of(membership.application),
        verdict=verdict_on(g.act, membership, "decline"), act_id=request.form.get("act_id") or new_id(Secret()),
    ), status  # fmt: skip


@bp.route("/memberships/<membership_id>/step-back", methods=["GET", "POST"])
@may("membership.step_back")
def step_back(membership: Membership) -> Answer:
    """Decline or leave. Afterwards the application is out of sight, so the page itself says that it is done."""
    invited = membership.state is State.INVITED
    name = "decline" if invited else "leave"
    row = MEMBERSHIP.row(name, membership.state) or abort(404)
    form = transition_form(row, [])(typed())
    done = False
    if request.method == "POST" and form.validate():
        try:
            perform(g.act, membership, name, form.answers)
            done = True
        except Refused as refused:
            say(form, refused)
    status = 200 if done or request.method == "GET" else UNPROCESSABLE
    return render_template(
        "membership/step_back.html", membership=membership, form=form, was_invited=invited, done=done,
        departure=what_follows(g.act, membership) if not invited and not done else None,
        act_id=request.form.get("act_id") or new_id(Secret()),
    ), status  # fmt: skip
