"""From an empty draft to a submitted version: the partnership's own people act."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

import pikepdf
from sqlalchemy import select

from app.facts.readiness import due_with_application
from app.models import Application, Call, Membership, Organisation
from app.partnerships import Partnership
from app.rehearsal.cast import Cast, enter_organisation
from app.rehearsal.stage import Stage, get
from app.rehearsal.texts import CENT, raw_answer, theme_of
from app.services.applications import answers
from app.services.applications.answer_lists import lists_for
from app.services.applications.application import save_basics, start_application
from app.services.calls.call import definition_of
from app.services.consortia.membership import give_facts, invite
from app.services.statements import statements_for
from app.services.transitions import Refused, perform
from app.services.uploads import files
from workflows.application import APPLICATION, State
from workflows.definition import CallDefinition, DocumentPer, RuleKind
from workflows.definition_questions import Choice, DocumentSlot
from workflows.membership import State as MembershipState
from workflows.questions import clean
from workflows.rules_facts import COORDINATOR


@dataclass
class Entry:
    """One partnership's application in the rehearsal, and what became of it."""

    partnership: Partnership
    application_id: str
    coordinator: str
    reasons: tuple[tuple[str, str], ...] = ()  # (rule or reason, message) when it was refused


def with_money(stage: Stage, definition: CallDefinition, partnership: Partnership) -> Partnership:
    """Fill in what the source leaves open, within the call's ceilings; what was chosen is marked assumed."""
    months = definition.months
    length = partnership.months or (stage.dice.randint(months.min, months.max) if months else 18)
    if partnership.grant is not None and partnership.total_cost is not None:
        return replace(partnership, months=length)
    ceiling = next((r.value for r in definition.rules if r.rule is RuleKind.MAX_VALUE and r.value), Decimal(300000))
    ratio = next((r.value for r in definition.rules if r.rule is RuleKind.MAX_RATIO and r.value), Decimal("0.75"))
    grant = (Decimal(ceiling) * stage.dice.randint(80, 100) / 100).quantize(CENT)
    cost = (grant / Decimal(ratio)).quantize(CENT) + CENT
    stage.notes.append(f"{partnership.acronym}: grant and cost are assumed")
    return replace(partnership, months=length, grant=grant, total_cost=cost)


def apply(stage: Stage, cast: Cast, call_id: str, partnership: Partnership, *, unfinished: bool = False) -> Entry:
    """Found the consortium: the coordinator starts, invites, and each partner accepts by its own act.

    An unfinished one still waits for the answer of its last partner.
    """
    for partner in partnership.partners:
        if partner.role_assumed:
            stage.notes.append(f"{partnership.acronym}: assumed that {partner.name} coordinates")
    first, *others = sorted(partnership.partners, key=lambda partner: partner.role != COORDINATOR)
    organisation_id, coordinator = enter_organisation(stage, cast, first, theme_of(partnership))
    with stage.act(coordinator) as act:
        call, organisation = get(act, Call, call_id), get(act, Organisation, organisation_id)
        application = start_application(act, call, organisation, acronym=partnership.acronym, title=partnership.title)
    for partner in others:
        organisation_id, contact = enter_organisation(stage, cast, partner, theme_of(partnership))
        with stage.act(coordinator) as act:
            invited = invite(
                act,
                get(act, Application, application.id),
                email="",
                organisation=get(act, Organisation, organisation_id),
                invitation=f"Take part in {partnership.acronym} (made-up invitation).",
            )
        stage.told(partner.name)
        if unfinished and partner is others[-1]:
            continue
        with stage.act(contact) as act:
            membership = get(act, Membership, invited.id)
            give_facts(
                act, membership, {"kinds": list(partner.kinds), "country": partner.country, "region": partner.region}
            )
            perform(act, membership, "accept")
    _own_facts_of_coordinator(stage, application.id, coordinator, partnership)
    return Entry(partnership, application.id, coordinator)


def _own_facts_of_coordinator(stage: Stage, application_id: str, coordinator: str, partnership: Partnership) -> None:
    first = next(partner for partner in partnership.partners if partner.role == COORDINATOR)
    with stage.act(coordinator) as act:
        own = act.session.scalars(
            select(Membership).where(Membership.application_id == application_id, Membership.position == 1)
        ).one()
        give_facts(act, own, {"kinds": list(first.kinds), "region": first.region})
        perform(act, own, "confirm")


def write(stage: Stage, entry: Entry, *, unfinished: bool = False) -> None:
    """Answer every question, give the basic facts, upload every required document; or stop in the middle."""
    partnership = entry.partnership
    with stage.act(entry.coordinator) as act:
        application = get(act, Application, entry.application_id)
        definition = definition_of(application.call)
        save_basics(
            act,
            application,
            {
                "theme": theme_of(partnership),
                "months": partnership.months,
                "requested_grant": partnership.grant,
                "eligible_cost": partnership.total_cost,
                "starts_on": _starts_on(partnership, stage),
            },
        )
    sections = definition.sections[: len(definition.sections) // 2] if unfinished else definition.sections
    for section in sections:
        with stage.act(entry.coordinator) as act:
            application = get(act, Application, entry.application_id)
            lists = lists_for(definition, _partners(application))
            given = {q.id: raw_answer(partnership, q, lists, stage.dice) for q in section.questions}
            values = {q.id: clean(q, given[q.id], lists)[0] for q in section.questions if given[q.id]}
            answers.save(act, application, values, {})
    for slot in due_with_application(definition):
        if slot.required and not unfinished:
            _upload(stage, entry, slot)
    stage.told(partnership.acronym)


def _starts_on(partnership: Partnership, stage: Stage) -> date:
    if partnership.start:
        return date.fromisoformat(partnership.start)
    return (stage.clock.now + timedelta(days=240)).date().replace(day=1)


def _partners(application: Application) -> tuple[Choice, ...]:
    accepted = [m for m in application.memberships if m.state is MembershipState.ACCEPTED]
    return tuple(Choice(code=m.id, label=m.invited_name or m.id) for m in accepted)


def _upload(stage: Stage, entry: Entry, slot: DocumentSlot) -> None:
    paper = made_up_pdf(f"{slot.label} - {entry.partnership.acronym} - made up for a rehearsal")
    with stage.act(entry.coordinator) as act:
        application = get(act, Application, entry.application_id)
        partners = [m for m in application.memberships if m.state is MembershipState.ACCEPTED]
        owners = partners if slot.per is DocumentPer.PARTNER else [None]
        for membership in owners:
            if membership is not None and set(slot.waived_for) & set(membership.kinds):
                continue
            files.upload(
                act, application, slot.id, f"{slot.id}.pdf", paper, store=stage.house.store, membership=membership
            )


def made_up_pdf(title: str) -> bytes:
    """Make the smallest honest PDF: one page, a title that says what it is; the same bytes for the same title."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(595, 842))
    page = pdf.pages[0]
    font = pdf.make_indirect(
        pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    )
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
    plain = title.encode("ascii", "replace").decode().replace("(", "[").replace(")", "]")
    page.Contents = pdf.make_stream(f"BT /F1 11 Tf 60 760 Td ({plain}) Tj ET".encode())
    out = io.BytesIO()
    pdf.save(out, deterministic_id=True)
    return out.getvalue()


def submit(stage: Stage, entry: Entry) -> bool:
    """Submit, with every declaration ticked; a refusal is noted with its rules."""
    with stage.act(entry.coordinator) as act:
        application = get(act, Application, entry.application_id)
        name = "submit" if application.state is State.DRAFT else "resubmit"
        row = APPLICATION.row(name, application.state)
        statements = [code for code, _ in statements_for(act, application, row)] if row else []
        try:
            perform(act, application, name, {"declarations": statements})
        except Refused as refused:
            act.session.rollback()
            entry.reasons = tuple((reason.code, reason.plain()) for reason in refused.reasons)
            return False
    stage.told(entry.partnership.acronym)
    return True
