"""The consortium of an application: partners, what they change, and the people who act."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import abort, g, redirect, render_template, request, url_for

from app import geography, taxonomy
from app.access import can
from app.chance import Secret, new_id
from app.clash import as_chosen, clash_page, started_from
from app.facts.call import is_open_for
from app.facts.consortium import rule_results
from app.gate import may
from app.models import Application, Membership, Organisation, Part, Participant, Role
from app.services.applications import application_queries as queries
from app.services.applications.answer_lists import lists_for
from app.services.applications.content import ROLES
from app.services.calls.call import definition_of
from app.services.consortia.amendment import amendments_of, name_in
from app.services.consortia.draft_look import looks_taken, running_look
from app.services.consortia.handover import coordinator_is_gone, heirs_of, may_lead
from app.services.consortia.membership import give_facts, invite
from app.services.consortia.participant import end_part, name_person, people_of
from app.services.consortia.reminder import remind, reminders_offered
from app.services.documents.paper_heads import end_of_day
from app.services.gaps.gap import missing_of
from app.services.gaps.gap_reasons import in_words
from app.services.transitions import Refused
from app.ui import reason, words
from app.views.application import Answer, bp
from app.views.application_write import typed
from forms.base import BaseForm
from forms.membership import InviteForm, NamedPersonForm, SharedPartForm, WhatIfForm

UNPROCESSABLE = 422
Choices = list[tuple[str, str]]


def regions_of(application: Application) -> Choices:
    lists = lists_for(definition_of(application.call))
    return [(choice.code, choice.label) for choice in lists.regions]


def countries() -> Choices:
    return sorted(((c.iso, c.name) for c in geography.countries()), key=lambda pair: pair[1])


def kinds() -> Choices:
    return [(term.code, term.name) for term in taxonomy.terms("organisation_types")]


def roles() -> Choices:
    return [(role.value, words(ROLES[role.value])) for role in (Role.PARTNER, Role.ASSOCIATED)]


@bp.get("/applications/<application_id>/consortium")
@may("application.view_people")
def consortium(application: Application) -> Answer:
    return _page(application, _invite_form(application))


def _invite_form(application: Application, *, sent: bool = False) -> InviteForm:
    chosen = request.form.get("organisation", "") if sent else request.args.get("invite", "")
    form = InviteForm(request.form if sent else None, data={"organisation": chosen})
    form.offer([(o.id, o.name) for o in queries.directory(g.act, application, chosen)], roles())
    return form


def _page(application: Application, form: InviteForm, status: int = 200) -> Answer:
    imagined = WhatIfForm(request.args)
    imagined.offer(countries(), regions_of(application), kinds())
    country = imagined.country.data
    what_if: Any = ()
    if country and geography.country(country):
        what_if = queries.what_if(g.act, application, country, imagined.region.data or "", imagined.kind.data or "")
    partners = queries.partners_of(g.act, application, gone=True)
    locked = not is_open_for(g.act, application)
    looks = can(g.act, "application.view_gap", application) and not locked
    return render_template(
        "application/consortium.html", application=application, form=form, imagined=imagined, what_if=what_if,
        partners=partners, locked=locked, missing=missing_of(g.act, application) if looks else None, why=in_words,
        reminders=reminders_offered(g.act, [partner.membership for partner in partners]),
        amendments=[(one, name_in(one)) for one in amendments_of(g.act, application)],
        rules_found=rule_results(g.act, application),
        overlay=queries.map_of([partner for partner in partners if partner.accepted]),
        act_id=request.form.get("act_id") or new_id(Secret()), roles=ROLES,
    ), status  # fmt: skip


@bp.post("/applications/<application_id>/consortium")
@may("application.invite_partner")
def invite_partner(application: Application) -> Answer:
    form = _invite_form(application, sent=True)
    if not form.validate():
        return _page(application, form, UNPROCESSABLE)
    organisation = g.act.session.get(Organisation, form.organisation.data) if form.organisation.data else None
    try:
        invite(
            g.act, application, email=form.email.data or "", name=form.name.data or "", organisation=organisation,
            role=Role(form.role.data), invitation=form.invitation.data or "", answer_by=_end_of_day(application, form),
        )  # fmt: skip
    except Refused as refused:
        return _refused(application, form, refused)
    return redirect(url_for("application.consortium", application_id=application.id), 303)


def _refused(application: Application, form: InviteForm, refused: Refused) -> Answer:
    g.act.session.rollback()
    form.form_errors = [reason(one) for one in refused.reasons]
    return _page(application, form, UNPROCESSABLE)


def _end_of_day(application: Application, form: InviteForm) -> datetime | None:
    """Give the first instant after the chosen day, in the call's zone; never later than the call's own end."""
    if form.answer_by.data is None:
        return None
    end = end_of_day(form.answer_by.data, application.call.zone)
    return min(end, application.closes_at)


@bp.post("/memberships/<membership_id>/reminder")
@may("membership.remind")
def remind_partner(membership: Membership) -> Answer:
    application = membership.application
    try:
        remind(g.act, membership)
    except Refused as refused:
        return _refused(application, _invite_form(application), refused)
    return redirect(url_for("application.consortium", application_id=application.id), 303)


@bp.route("/memberships/<membership_id>/share", methods=["GET", "POST"])
@may("membership.edit_share")
def share(membership: Membership) -> Answer:
    """Role, task and share of a partner; what it has confirmed before, it confirms again."""
    form, stored = _share_form(membership, as_chosen()), _share_form(membership, None)
    back = url_for("application.share", membership_id=membership.id)
    if request.method == "POST" and (clash := clash_page(stored, back)) is not None:
        return clash
    if request.method == "POST" and form.validate():
        try:
            give_facts(g.act, membership, form.facts | {"role": Role(form.role.data)})
            return redirect(url_for("application.consortium", application_id=membership.application_id), 303)
        except Refused as refused:
            g.act.session.rollback()
            form.form_errors = [reason(one) for one in refused.reasons]
    status = UNPROCESSABLE if request.method == "POST" else 200
    started = request.form.get("started") or started_from(stored)
    return render_template("membership/share.html", membership=membership, form=form, started=started), status


def _share_form(membership: Membership, sent: Any) -> SharedPartForm:  # noqa: ANN401 - a MultiDict, or none
    stored = {"role": membership.role.value, "task": membership.task, "share": membership.share}
    form = SharedPartForm(sent, data=stored)
    lead = [(Role.COORDINATOR.value, words(ROLES["coordinator"]))]
    form.role.choices = lead if membership.role is Role.COORDINATOR else roles()
    return form


# -- people --------------------------------------------------------------------------------------------------------


@bp.route("/applications/<application_id>/people", methods=["GET", "POST"])
@may("application.view_people")
def people(application: Application) -> Answer:
    form = NamedPersonForm(typed())
    if request.method == "GET":
        return _people_page(application, form)
    if not can(g.act, "application.name_people", application):
        abort(404)
    if form.validate():
        try:
            name_person(g.act, application, Part(form.part.data), form.email.data or "")
            return redirect(url_for("application.people", application_id=application.id), 303)
        except Refused as refused:
            _say(form, refused)
    return _people_page(application, form, UNPROCESSABLE)


def _say(form: BaseForm, refused: Refused) -> None:
    g.act.session.rollback()
    form.form_errors = [reason(one) for one in refused.reasons]


def _people_page(application: Application, form: NamedPersonForm, status: int = 200) -> Answer:
    may_name = can(g.act, "application.name_people", application)
    found = people_of(g.act, application)
    return render_template(
        "application/people.html", application=application, form=form, people=found,
        may_name=may_name, look=running_look(g.act, application), looks=looks_taken(g.act, application),
        heirs=heirs_of(g.act, application) if can(g.act, "application.hand_over", application) else (),
        may_lead={p.id for p in found if may_lead(g.act, application, p)}, gone=coordinator_is_gone(g.act, application),
        act_id=request.form.get("act_id") or new_id(Secret()),
        names={partner.membership.id: partner.name for partner in queries.partners_of(g.act, application)},
    ), status  # fmt: skip


@bp.post("/applications/<application_id>/people/<participant_id>/end")
@may("application.name_people")
def end_person(application: Application, participant_id: str) -> Answer:
    end_part(g.act, application, _participant(application, participant_id))
    return redirect(url_for("application.people", application_id=application.id), 303)


def _participant(application: Application, participant_id: str) -> Participant:
    found: Participant | None = g.act.session.get(Participant, participant_id)
    if found is None or found.application_id != application.id or found.until is not None:
        abort(404)
    return found
