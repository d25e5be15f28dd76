"""Who audits which call, from when until when; the sample of its files; what an auditor notes on them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select

from app.access import visible
from app.act import Act
from app.models import (
    Application,
    Assignment,
    AuditAccess,
    AuditNote,
    AuditSample,
    Call,
    OfficeHolding,
    Person,
    Review,
    ReviewMember,
)
from app.outbox import enqueue_mail
from app.relations_auditor import running
from app.services.documents.paper_heads import end_of_day
from app.services.permitted import one_at_a_time, relation_for
from app.services.transitions import Refused, note
from workflows import audit
from workflows.application import AFTER_SUBMISSION
from workflows.call import State
from workflows.relations import Relation as R
from workflows.verdict import Verdict, refuse
from workflows.words import _

SEED = 16  # bytes
DRAWABLE = frozenset({State.CLOSED, State.CONCLUDED})


def auditors(act: Act) -> list[Person]:
    """Give everybody who holds the office of auditor, by name."""
    holding = select(OfficeHolding.person_id).where(
        OfficeHolding.office == R.AUDITOR,
        OfficeHolding.since <= act.now,
        (OfficeHolding.until.is_(None)) | (OfficeHolding.until > act.now),
    )
    query = select(Person).where(Person.id.in_(holding), Person.disabled_at.is_(None)).order_by(Person.name, Person.id)
    return list(act.session.scalars(query))


def accesses_to(act: Act, call: Call) -> list[AuditAccess]:
    """Give every access to a call there ever was, the newest first."""
    query = select(AuditAccess).where(AuditAccess.call_id == call.id)
    return list(act.session.scalars(query.order_by(AuditAccess.granted_at.desc(), AuditAccess.id)))


def grant(act: Act, call: Call, person: Person, since_on: date | None, until_on: date) -> AuditAccess:
    """Let an auditor read a call from the first moment of one day until the end of another, in the call's time.

    Without a first day it begins now. Raises `Refused` where they hold no office, take part, or have an access then.
    """
    relation = relation_for(act, "call.grant_audit", call)
    since = act.now
    if since_on is not None:
        since = max(act.now, datetime(since_on.year, since_on.month, since_on.day, tzinfo=ZoneInfo(call.zone)))
    until = end_of_day(until_on, call.zone)
    one_at_a_time(act, call)
    if not (verdict := _may_be_granted(act, call, person, since, until)):
        raise Refused(verdict)
    access = AuditAccess(
        id=act.new_id(), person_id=person.id, call_id=call.id, since=since, until=until,
        seed=act.chance.bytes(SEED).hex(), granted_by=act.person_id, granted_at=act.now,
    )  # fmt: skip
    act.session.add(access)
    act.session.flush()
    data = {"access": access.id, "person": person.id, "since": since, "until": until}
    note(act, call, "grant_audit", relation=relation, data=data)
    about = {"noun": "call", "thing": call.id}
    enqueue_mail(act, "audit_granted", person_id=person.id, address=person.email, about=about, key=access.id)
    return access


def _may_be_granted(act: Act, call: Call, person: Person, since: datetime, until: datetime) -> Verdict:
    found = Verdict()
    if person.id == act.person_id:
        found += refuse("oneself", _("You can't let yourself audit; somebody else has to."))
    if person not in auditors(act):
        found += refuse("no-auditor", _("Choose somebody who holds the office of auditor."))
    if until <= since:
        found += refuse("ends-before", _("The last day is before the first, or over."))
    if _takes_part(act, call, person):
        found += refuse("takes-part", _("This person evaluates in this call or sits in a committee of it."))
    if any(one.person_id == person.id and _ends(one) > since and one.since < until for one in accesses_to(act, call)):
        found += refuse("access-held", _("This person has an access in that time: end it first."))
    return found


def _takes_part(act: Act, call: Call, person: Person) -> bool:
    evaluates = (
        select(Assignment.id)
        .join(Application, Application.id == Assignment.application_id)
        .where(Application.call_id == call.id, Assignment.person_id == person.id)
    )
    sits = (
        select(ReviewMember.review_id)
        .join(Review, Review.id == ReviewMember.review_id)
        .where(Review.call_id == call.id, ReviewMember.person_id == person.id)
    )
    return any(act.session.scalar(one.limit(1)) is not None for one in (evaluates, sits))


def _ends(access: AuditAccess) -> datetime:
    return access.until if access.ended_at is None else min(access.until, access.ended_at)


def end(act: Act, call: Call, access_id: str) -> None:
    """End an access at this moment. Raises `Refused` where it is over, or is none of this call."""
    relation = relation_for(act, "call.end_audit", call)
    access = act.session.get(AuditAccess, access_id, with_for_update=True)
    if access is None or access.call_id != call.id or _ends(access) <= act.now:
        raise Refused(refuse("access-over", _("This access is over already.")))
    access.ended_at, access.ended_by = act.now, act.person_id
    note(act, call, "end_audit", relation=relation, data={"access": access.id, "person": access.person_id})


@dataclass(frozen=True)
class Audited:
    """One access as its auditor sees it; what is not running tells no more than the call and the dates."""

    access: AuditAccess
    running: bool
    sample: tuple[Application, ...] = ()
    of: int = 0  # from how many it was, or would be, drawn
    can_draw: bool = False


def my_accesses(act: Act) -> list[Audited]:
    """Give the acting person's accesses, what runs first."""
    query = select(AuditAccess).where(AuditAccess.person_id == act.person_id)
    mine = act.session.scalars(query.order_by(AuditAccess.until.desc(), AuditAccess.id))
    told = [_audited(act, one) for one in mine]
    return sorted(told, key=lambda one: not one.running)


def _audited(act: Act, access: AuditAccess) -> Audited:
    if not (access.since <= act.now < _ends(access)):
        return Audited(access, running=False)
    if access.drawn_at is not None:
        return Audited(access, running=True, sample=tuple(sample_of(act, access)), of=len(access.population or ()))
    received = list(act.session.scalars(_received(act, access.call)))
    drawable = access.call.state in DRAWABLE and bool(received)
    return Audited(access, running=True, of=len(received), can_draw=drawable)


def _received(act: Act, call: Call) -> Select[Any]:
    """Select what the auditor may read of what was submitted: nothing they have an interest in."""
    mine = visible(act, Application, "application.view")
    return mine.where(Application.call_id == call.id, Application.state.in_(AFTER_SUBMISSION)).order_by(
        Application.number
    )


def running_access(act: Act, call: Call) -> AuditAccess | None:
    """Give the access by which the acting person audits the call at this moment."""
    query = select(AuditAccess).where(AuditAccess.call_id == call.id, *running(act.person_id, act.now))
    return act.session.scalar(query.limit(1))


def draw(act: Act, call: Call, size: int) -> list[Application]:
    """Draw the sample of the acting auditor's access, once. Raises `Refused` with the reason."""
    relation = relation_for(act, "call.draw_sample", call)
    access = running_access(act, call)
    if access is None:
        raise Refused(refuse("no-access", _("You have no access to this call at this moment.")))
    one_at_a_time(act, access)
    act.session.refresh(access)
    found = {str(one.number): one for one in act.session.scalars(_received(act, call))}
    closed = call.state in DRAWABLE
    if not (verdict := audit.may_draw(drawn=access.drawn_at is not None, closed=closed, of=len(found), size=size)):
        raise Refused(verdict)
    access.size, access.drawn_at, access.population = size, act.now, sorted(found)
    drawn = audit.sample(found, size, access.seed)
    for number in drawn:
        act.session.add(AuditSample(id=act.new_id(), access_id=access.id, application_id=found[number].id))
    data = {"access": access.id, "seed": access.seed, "size": size, "of": len(found)}
    note(act, call, "draw_sample", relation=relation, data=data)
    return [found[number] for number in drawn]


def sample_of(act: Act, access: AuditAccess) -> list[Application]:
    """Give the sample in the order it was drawn."""
    lines = act.session.scalars(select(AuditSample).where(AuditSample.access_id == access.id))
    found = [line.application for line in lines]
    return sorted(found, key=lambda one: audit.place_of(str(one.number), access.seed))


def write_note(act: Act, application: Application, text: str) -> AuditNote:
    """Keep what an auditor notes on an application. Nothing of it stands in the record: it is the auditors' own."""
    relation_for(act, "application.write_audit_note", application)
    written = AuditNote(
        id=act.new_id(), person_id=act.person_id, application_id=application.id, text=text, at=act.now
    )  # fmt: skip
    act.session.add(written)
    return written


def notes_on(act: Act, application: Application) -> list[AuditNote]:
    """Give what auditors noted on an application, the newest first."""
    query = select(AuditNote).where(AuditNote.application_id == application.id)
    return list(act.session.scalars(query.order_by(AuditNote.at.desc(), AuditNote.id)))
