"""Reminders to partners who still owe something: by hand, and by the clock on working days until it is done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from sqlalchemy import Select, or_, select

from app.access import can
from app.act import Act
from app.facts.call import deadline_of, is_open_for
from app.facts.membership import facts_to_confirm
from app.models import Application, Call, Mandate, Membership, SectionPlan, SectionSignOff
from app.outbox import enqueue_mail
from app.services.accounts.mailed_link import make_link
from app.services.consortia.consent import mail_own_people
from app.services.consortia.invitation import send_invitation
from app.services.consortia.mandate import LINK, open_mandates
from app.services.permitted import relation_for
from app.services.transitions import Refused, note
from workflows.application import EDITABLE
from workflows.membership import LIVE, State
from workflows.relations import Relation as R
from workflows.reminders import BEFORE, due_moment, next_by_hand
from workflows.verdict import ALLOWED, Verdict, refuse
from workflows.words import _
from workflows.working_days import BRUSSELS, is_working_moment

SPAN = max(BEFORE) + timedelta(days=7)  # holidays may move a reminder forward by some days


class Owed(StrEnum):
    """What a partner may still owe."""

    ANSWER = "answer"
    CONFIRMATION = "confirmation"
    SIGNATURE = "signature"
    SECTION = "section"


@dataclass(frozen=True)
class Debt:
    """Something owed, and until when."""

    what: Owed
    due: datetime
    section: SectionPlan | None = None
    mandate: Mandate | None = None


def debts_of(act: Act, membership: Membership) -> list[Debt]:
    """Give all that a partner still owes; nothing once it is done, and nothing of one who left."""
    return list(_debts(act, membership))


def _debts(act: Act, membership: Membership) -> Iterator[Debt]:
    closes = deadline_of(membership.application)
    if membership.state is State.INVITED:
        yield Debt(Owed.ANSWER, membership.answer_by or closes)
    if membership.state is not State.ACCEPTED:
        return
    if facts_to_confirm(membership):
        yield Debt(Owed.CONFIRMATION, membership.confirm_by or closes)
    if not is_open_for(act, membership.application):
        return
    yield from (Debt(Owed.SIGNATURE, closes, mandate=mandate) for mandate in open_mandates(act, membership))
    yield from (Debt(Owed.SECTION, min(_end_of(plan, closes), closes), plan) for plan in _sections(act, membership))


def _end_of(plan: SectionPlan, closes: datetime) -> datetime:
    if plan.due_on is None:
        return closes
    return datetime.combine(plan.due_on + timedelta(days=1), time(), tzinfo=BRUSSELS)


def _sections(act: Act, membership: Membership) -> list[SectionPlan]:
    """Give the sections that people of the partner write and nobody has signed off."""
    people = {p.person_id for p in membership.participants if p.until is None}
    if not people:
        return []
    signed = select(SectionSignOff.section).where(
        SectionSignOff.application_id == membership.application_id, SectionSignOff.undone_at.is_(None)
    )
    query = select(SectionPlan).where(
        SectionPlan.application_id == membership.application_id,
        SectionPlan.owner_id.in_(people),
        SectionPlan.section.not_in(signed),
    )
    return list(act.session.scalars(query.order_by(SectionPlan.due_on, SectionPlan.section)))


# -- by hand -------------------------------------------------------------------------------------------------------


def reminder_verdict(act: Act, membership: Membership, debts: list[Debt]) -> Verdict:
    """Say what stands against reminding by hand: nothing owed, or a mail less than 48 hours ago."""
    if not debts:
        return refuse("nothing-owed", _("This partner owes nothing now."))
    free_from = next_by_hand(_last_mail(membership, debts))
    if free_from is not None and act.now < free_from:
        text = _("A mail went out less than 48 hours ago: the next one can be sent from {when}.")
        return refuse("reminded-lately", text, when=free_from)
    return ALLOWED


def _last_mail(membership: Membership, debts: list[Debt]) -> datetime | None:
    """Give when the partner was last written to for what it owes."""
    known = [membership.reminded_at]
    if any(debt.what is Owed.ANSWER for debt in debts):
        known.append(max(membership.created_at, membership.last_act_at))
    known += [debt.mandate.asked_at for debt in debts if debt.mandate is not None]
    return max((moment for moment in known if moment is not None), default=None)


def remind(act: Act, membership: Membership) -> None:
    """Remind a partner of all it owes; refused within 48 hours of the last mail."""
    relation = relation_for(act, "membership.remind", membership)
    debts = debts_of(act, membership)
    verdict = reminder_verdict(act, membership, debts)
    if not verdict:
        raise Refused(verdict)
    _send(act, membership, debts, relation, "remind")


def reminders_offered(act: Act, members: list[Membership]) -> dict[str, Verdict]:
    """Say of each partner that owes something whether it can be reminded now; nothing for who may not remind."""
    if not members or not can(act, "membership.remind", members[0]):
        return {}
    found = {member.id: debts_of(act, member) for member in members if member.state in LIVE}
    return {m.id: reminder_verdict(act, m, found[m.id]) for m in members if found.get(m.id)}


# -- by the clock --------------------------------------------------------------------------------------------------


def due_reminders(act: Act) -> list[str]:
    """Find the partners to remind now: 7 days, 2 days and 4 hours before something is due. Only reads."""
    if not is_working_moment(act.now):
        return []
    return [m.id for m in act.session.scalars(_soon_due(act.now)) if _due_now(act, m)]


def remind_by_clock(act: Act, membership: Membership) -> bool:
    """Remind one partner of what is due, if it still is; says whether a mail went out."""
    debts = _due_now(act, membership)
    if debts:
        _send(act, membership, debts, R.CLOCK, "remind_by_clock")
    return bool(debts)


def _due_now(act: Act, membership: Membership) -> list[Debt]:
    return [debt for debt in debts_of(act, membership) if _is_time(membership, debt, act.now)]


def _soon_due(now: datetime) -> Select[Membership]:
    soon = now + SPAN
    due = or_(Call.closes_at < soon, Membership.answer_by < soon, Membership.confirm_by > now)
    return (
        select(Membership)
        .join(Application, Application.id == Membership.application_id)
        .join(Call, Call.id == Application.call_id)
        .where(
            Membership.state.in_(LIVE),
            or_(Call.closes_at > now, Membership.confirm_by > now, Membership.answer_by > now),
            or_(Application.state.in_(EDITABLE), Membership.confirm_by > now, Membership.amendment_id.is_not(None)),
            or_(Membership.reminded_at.is_(None), Membership.reminded_at < now - min(BEFORE)),
            due,
        )
        .order_by(Membership.id)
    )


def _is_time(membership: Membership, debt: Debt, now: datetime) -> bool:
    moment = due_moment(debt.due, now)
    if moment is None:
        return False
    last = max(membership.reminded_at or membership.created_at, membership.created_at)
    return last < moment


def _send(act: Act, membership: Membership, debts: list[Debt], relation: R, name: str) -> None:
    """Write to each addressee once: who may answer, the signatory, and the partner's own people."""
    event = note(act, membership, name, relation=relation, data={"owed": sorted({debt.what.value for debt in debts})})
    membership.reminded_at = act.now
    kinds = {debt.what for debt in debts}
    if Owed.ANSWER in kinds:
        send_invitation(act, membership, event, "invitation_reminder")
    if kinds & {Owed.CONFIRMATION, Owed.SECTION}:
        mail_own_people(act, membership, "still_owed", event.id)
    for mandate in (debt.mandate for debt in debts if debt.mandate is not None):
        ends = max(deadline_of(membership.application) - act.now, timedelta(days=1))
        link = make_link(act, LINK, mandate.signatory_email, None, mandate.id, ends)
        about = {"noun": "membership", "thing": membership.id, "event": event.id, "link": link.id}
        address = mandate.signatory_email
        enqueue_mail(act, "signature_reminder", person_id=None, address=address, about=about, key=event.id)
