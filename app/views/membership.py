"""A partner's page: its own part, who acts for it, and who signs."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, abort, g, redirect, render_template, request, url_for

from app.access import can
from app.chance import Secret, new_id
from app.facts.call import is_open_for
from app.facts.membership import facts_to_confirm, name_of_partner
from app.gate import may
from app.models import File, Mandate, Membership
from app.services.consortia.consent import consents_of
from app.services.consortia.departure import what_follows
from app.services.consortia.mandate import ask_signatory, attach_signed, files_of, mandates_of, open_mandates
from app.services.consortia.membership import give_facts
from app.services.consortia.participant import lead_of, name_contact
from app.services.organisations.region_marks import region_of_call
from app.services.transitions import Refused, perform
from app.ui import reason
from app.views.application import Answer
from app.views.application_people import countries, kinds, regions_of
from app.views.application_write import typed
from forms.base import BaseForm
from forms.consortium import AgreementForm
from forms.membership import OwnPartForm, PersonForm, SignatoryForm
from workflows.consent import FACT_WORDS, Part, from_data
from workflows.membership import LIVE, State

bp = Blueprint("membership", __name__)
UNPROCESSABLE = 422
GONE = frozenset(set(State) - LIVE)


def say(form: BaseForm, refused: Refused) -> None:
    g.act.session.rollback()
    form.form_errors = [reason(one) for one in refused.reasons]


def own_form(membership: Membership, *, typed_in: bool = True) -> OwnPartForm:
    """The form of the part; as it is stored where another form of the page was sent."""
    stored = {
        "country": membership.country,
        "region": membership.region or "",
        "region_acted_for": membership.region_acted_for or "",
        "kinds": membership.kinds,
    }
    form = OwnPartForm(typed() if typed_in else None, data=stored)
    form.offer(countries(), regions_of(membership.application), kinds())
    return form


@bp.post("/memberships/<membership_id>/part")
@may("membership.edit")
def change_part(membership: Membership) -> Answer:
    """Change one's own part and confirm it in the same act: whoever changes it stands to it."""
    form = own_form(membership)
    if not form.validate():
        return part_page(membership, form, UNPROCESSABLE)
    try:
        give_facts(g.act, membership, form.facts)
        if membership.state is State.ACCEPTED:
            perform(g.act, membership, "confirm")
    except Refused as refused:
        say(form, refused)
        return part_page(membership, form, UNPROCESSABLE)
    return redirect(url_for("membership.show", membership_id=membership.id), 303)


def _confirmed(membership: Membership) -> Part | None:
    return from_data(membership.consents[-1].part) if membership.consents else None


def part_page(
    membership: Membership,
    form: OwnPartForm,
    status: int = 200,
    person: PersonForm | None = None,
    signatory: SignatoryForm | None = None,
    agreement: AgreementForm | None = None,
) -> Answer:
    mandate: Mandate | None = mandates_of(g.act, membership.application_id).get(membership.id)
    return render_template(
        "membership/show.html", membership=membership, form=form, person=person or PersonForm(prefix="contact-"),
        signatory=signatory or SignatoryForm(prefix="signatory-"), mandate=mandate,
        files=files_of(g.act, membership), name=name_of_partner(membership),
        to_confirm=facts_to_confirm(membership), fact_words=FACT_WORDS, confirmed_part=_confirmed(membership),
        consents=consents_of(g.act, membership) if can(g.act, "membership.view_consents", membership) else (),
        agreement_form=agreement or AgreementForm(prefix="agreement-"),
        agreement=next((one for one in membership.agreements if one.ended_at is None), None),
        departure=what_follows(g.act, membership) if membership.state in GONE else None,
        open_=is_open_for(g.act, membership.application),
        lead=lead_of(membership.application), region=partial(region_of_call, membership.application.call),
        act_id=new_id(Secret()),
    ), status  # fmt: skip


@bp.post("/memberships/<membership_id>/contacts")
@may("membership.name_contact")
def add_contact(membership: Membership) -> Answer:
    form = PersonForm(request.form, prefix="contact-")
    if form.validate():
        try:
            name_contact(g.act, membership, form.email.data or "")
            return redirect(url_for("application.people", application_id=membership.application_id), 303)
        except Refused as refused:
            say(form, refused)
    return part_page(membership, own_form(membership, typed_in=False), UNPROCESSABLE, person=form)


@bp.post("/memberships/<membership_id>/signatory")
@may("membership.ask_signatory")
def ask_to_sign(membership: Membership) -> Answer:
    form = SignatoryForm(request.form, prefix="signatory-")
    if form.validate():
        try:
            ask_signatory(g.act, membership, name=form.name.data or "", email=form.email.data or "")
            return redirect(url_for("membership.show", membership_id=membership.id), 303)
        except Refused as refused:
            say(form, refused)
    return part_page(membership, own_form(membership, typed_in=False), UNPROCESSABLE, signatory=form)


@bp.post("/memberships/<membership_id>/signed-file")
@may("membership.ask_signatory")
def use_signed_file(membership: Membership) -> Answer:
    """Take a PDF signed on paper, uploaded among the partner's documents, for the signature asked for."""
    mandate = next(iter(open_mandates(g.act, membership)), None) or abort(404)
    file = g.act.session.get(File, request.form.get("file", "")) or abort(404)
    attach_signed(g.act, mandate, file)
    return redirect(url_for("membership.show", membership_id=membership.id), 303)
