"""Erasing a person: asked for, confirmed, done in one transaction; what is evidence goes when its time is over.

The person decides alone about their own account; an administrator needs a second one, for what is erased is gone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.act import Act
from app.models import (
    Application,
    Assignment,
    Call,
    Decision,
    Erasure,
    Expert,
    Membership,
    OfficeHolding,
    Organisation,
    OrganisationMember,
    Participant,
    Person,
    Remark,
    SignIn,
    Statement,
)
from app.outbox import enqueue_mail
from app.services.dossiers.dossier import take_away_naming
from app.services.erasing import erasing_record as record
from app.services.erasing import erasing_words as texts
from app.services.erasing.erasing_mails import FOLDER, speaking_of, want_forgetting
from app.services.erasing.erasing_obstacles import obstacles
from app.services.transitions import Refused, note, perform, remark
from workflows import application as applications
from workflows import assignment as assignments
from workflows.relations import Relation as R
from workflows.verdict import refuse
from workflows.words import _


def erasure_of(session: Session, person: Person) -> Erasure | None:
    """Give the erasure that was done, or the one that waits for a second person."""
    query = select(Erasure).where(Erasure.person_id == person.id, Erasure.taken_back_at.is_(None))
    return session.scalar(query.order_by(Erasure.asked_at.desc(), Erasure.id).limit(1))


def is_erased(session: Session, person: Person) -> bool:
    found = erasure_of(session, person)
    return found is not None and found.erased_at is not None


def kept_until(act: Act, person: Person) -> datetime | None:
    """Say until when evidence of award decisions stays under the pseudonym; None where there is none.

    The years are counted from the last deadline of a call in which the person applied or evaluated; for whoever held an
    office, from now.
    """
    held = select(OfficeHolding.id).where(OfficeHolding.person_id == person.id).limit(1)
    signed = select(Decision.id).where((Decision.signed_by == person.id) | (Decision.proposed_by == person.id)).limit(1)
    if act.session.scalar(held) is not None or act.session.scalar(signed) is not None:
        return _years_after(act.now, act.site.retention_years)
    sent = Application.state.in_(applications.AFTER_SUBMISSION)
    evaluated = select(Assignment.application_id).where(Assignment.person_id == person.id)
    applied = select(Participant.application_id).where(Participant.person_id == person.id)
    last = act.session.scalar(
        select(func.max(Call.closes_at))
        .join(Application, Application.call_id == Call.id)
        .where(sent, Application.id.in_(evaluated.union(applied)))
    )
    worked = act.session.scalar(select(Statement.id).where(Statement.person_id == person.id).limit(1))
    last = last or (act.now if worked else None)
    return _years_after(last, act.site.retention_years) if last else None


def _years_after(moment: datetime, years: int) -> datetime:
    try:
        return moment.replace(year=moment.year + years)
    except ValueError:  # 29 February
        return moment.replace(year=moment.year + years, day=28)


@dataclass(frozen=True)
class Asked:
    """Who asked that an account be erased, and why; what the second administrator reads."""

    who: str
    reason: str


def asked_for(act: Act, person: Person) -> Asked | None:
    """Give who asked and why, while it waits."""
    waiting = erasure_of(act.session, person)
    if waiting is None or waiting.erased_at is not None:
        return None
    who = act.session.get(Person, waiting.asked_by) if waiting.asked_by else None
    why = act.session.get(Remark, waiting.reason_id) if waiting.reason_id else None
    return Asked(who.name if who else "", (why.text or "") if why else "")


# -- asked for by an administrator ---------------------------------------------------------------------------------


def ask_erasure(act: Act, person: Person, reason: str, *, relation: R) -> Erasure:
    """Propose to erase an account; another administrator has to confirm, and the person is told."""
    _not_yet(act, person)
    _refuse_oneself(act, person)
    waiting = erasure_of(act.session, person)
    if waiting is not None:
        return waiting
    if not (verdict := obstacles(act, person)):
        raise Refused(verdict)
    kept = remark(act, reason)
    act.session.flush()  # the row names the remark
    erasure = Erasure(
        id=act.new_id(), person_id=person.id, asked_by=act.person_id, asked_at=act.now, reason_id=kept["remark"]
    )
    act.session.add(erasure)
    act.session.flush()
    note(act, person, record.ASKED, relation=relation, data={"reason": kept})
    if person.email_verified_at is not None:
        about = {"noun": "person", "thing": person.id}
        enqueue_mail(act, "erasure_asked", person_id=person.id, address=person.email, about=about, key=erasure.id)
    return erasure


def take_erasure_back(act: Act, person: Person, *, relation: R) -> None:
    """Leave the account as it is. Any administrator may, the one who asked as well."""
    erasure = _waiting(act, person)
    erasure.taken_back_at = act.now
    note(act, person, "take_erasure_back", relation=relation)


def confirm_erasure(act: Act, person: Person, *, relation: R, data: Path | None = None) -> Erasure:
    """Erase as the second administrator. Raises `Refused` for whoever asked, or whose account it is."""
    erasure = _waiting(act, person)
    _refuse_oneself(act, person)
    if act.person_id == erasure.asked_by:
        raise Refused(refuse("same-person", _("You asked for this; another administrator has to confirm it.")))
    erasure.confirmed_by = act.person_id
    return _erase(act, person, erasure, relation, data)


def _waiting(act: Act, person: Person) -> Erasure:
    erasure = erasure_of(act.session, person)
    if erasure is None or erasure.erased_at is not None:
        raise Refused(refuse("no-erasure", _("No erasing waits for this account.")))
    return erasure


def _refuse_oneself(act: Act, person: Person) -> None:
    if act.person_id == person.id:
        raise Refused(refuse("oneself", _("Your own account is erased from your account page.")))


def _not_yet(act: Act, person: Person) -> None:
    if is_erased(act.session, person):
        raise Refused(refuse("erased", _("This account was erased already.")))


# -- erasing -------------------------------------------------------------------------------------------------------


def erase(act: Act, person: Person, *, relation: R, reason: str = "", data: Path | None = None) -> Erasure:
    """Erase a person as they ask themselves, or as the operator commands. `data`: the folder that has written mails.

    Raises `Refused` with everything that has to be settled first; nothing is changed then.
    """
    _not_yet(act, person)
    erasure = erasure_of(act.session, person)
    if erasure is None:
        erasure = Erasure(id=act.new_id(), person_id=person.id, asked_by=act.person_id, asked_at=act.now)
        act.session.add(erasure)
    erasure.confirmed_by = act.person_id
    return _erase(act, person, erasure, relation, data, reason)


def _erase(act: Act, person: Person, erasure: Erasure, relation: R, data: Path | None, reason: str = "") -> Erasure:
    session = act.session
    session.execute(select(Person.id).where(Person.id == person.id).with_for_update())
    if not (verdict := obstacles(act, person)):
        raise Refused(verdict)
    erasure.evidence_until, erasure.erased_at = kept_until(act, person), act.now
    erasure.ended_at = act.now if erasure.evidence_until is None else None
    _leave(act, person, relation)
    traces = record.gather(session, person)
    record.write_documents_anew(act, traces, erasure.id)
    take_away_naming(act, person.id)
    record.empty_sheets(session, person.id)
    record.forget_links(session, traces)
    mails = {*record.forget_mails(session, traces), *(speaking_of(data / FOLDER, traces) if data else ())}
    record.forget_remarks(session, traces)
    record.replace_addresses(session, traces)
    record.close_account(act, person)
    _take_away(session, traces)
    want_forgetting(act, person.id, mails if data else (), erasure.id)
    kept = {"reason": remark(act, traces.replaced(reason))} if reason else {}
    session.flush()
    erasure.reason_id = kept["reason"]["remark"] if kept else erasure.reason_id
    note(act, person, record.DONE, relation=relation, data={"erasure": erasure.id, **kept})
    return erasure


def _take_away(session: Session, traces: texts.Traces) -> None:
    """Delete, empty and replace by the table of fates, beneath what the session has loaded."""
    session.flush()
    overwrite_what_goes(session)
    texts.delete_rows(session, traces.person_id)
    texts.empty(session, texts.emptied_at_once(traces.person_id))
    changed = texts.replace_names(session, traces)
    for loaded in list(session):
        if not isinstance(loaded, Person | Erasure | SignIn):  # what the request itself goes on with
            session.expire(loaded)
    record.index_anew(session, changed["organisation"], changed["expression"])


def overwrite_what_goes(session: Session) -> None:
    """Let SQLite write nothings over what is deleted on this connection: it would leave the words in the file."""
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("PRAGMA secure_delete=ON"))


def _leave(act: Act, person: Person, relation: R) -> None:
    """End the person's parts in organisations, consortia and the pool, each with its entry in the record."""
    session = act.session
    living = select(OrganisationMember).where(
        OrganisationMember.person_id == person.id, OrganisationMember.ended_at.is_(None)
    )
    for member in session.scalars(living).all():
        member.ended_at = act.now
        organisation = session.get_one(Organisation, member.organisation_id)
        note(act, organisation, "end_member", relation=relation, data={"member": member.id})
    parts = select(Participant).where(Participant.person_id == person.id, Participant.until.is_(None))
    for participant in session.scalars(parts).all():
        participant.until = act.now
        application = session.get_one(Application, participant.application_id)
        note(act, application, f"end_{participant.part.value}", relation=relation, data={"person": person.id})
    for membership in session.scalars(select(Membership).where(Membership.claimed_by == person.id)).all():
        membership.claimed_by = membership.claimed_at = None
    prepared = select(Assignment).where(Assignment.person_id == person.id, Assignment.state == assignments.State.DRAFT)
    for task in session.scalars(prepared).all():  # which nobody was told of
        perform(act, task, "end", by=R.CASCADE)
    expert = session.scalar(select(Expert).where(Expert.person_id == person.id))
    if expert is not None and expert.declined_at is None:
        expert.declined_at, expert.conduct_accepted_at = act.now, None
        note(act, expert, "decline", relation=relation)


# -- the end of keeping --------------------------------------------------------------------------------------------


def evidence_is_over(session: Session, now: datetime) -> list[str]:
    """Give the erasures whose evidence has been kept long enough."""
    due = select(Erasure.id).where(Erasure.evidence_until <= now, Erasure.ended_at.is_(None))
    return list(session.scalars(due.where(Erasure.erased_at.is_not(None)).order_by(Erasure.id)))


def forget_evidence(act: Act, erasure: Erasure) -> None:
    """Take away what the person wrote as evidence; scores, signatures and decisions stay as numbers under ids."""
    person = act.session.get_one(Person, erasure.person_id)
    erasure.ended_at = act.now
    act.session.flush()
    texts.empty(act.session, texts.emptied_in_the_end(person.id))
    for remark_id in record.kept_remarks(act.session, person.id):
        row = act.session.get_one(Remark, remark_id)
        row.text = row.salt = None
    note(act, person, "forget_evidence", relation=R.CLOCK, data={"erasure": erasure.id})


@dataclass(frozen=True)
class Left:
    """Something of an erased person that should not be there."""

    person_id: str
    where: str


def left_over(session: Session) -> list[Left]:
    """Give what is left of people who were erased (threats.md 37): nothing, unless something went wrong."""
    found = []
    for person in session.scalars(
        select(Person).join(Erasure, Erasure.person_id == Person.id).where(Erasure.erased_at.is_not(None))
    ):
        where = [*texts.still_there(session, person.id)]
        if (person.name, person.email) != (texts.pseudonym_of(person.id), texts.address_of(person.id)):
            where.append("person")
        if person.password_hash is not None or person.disabled_at is None:
            where.append("person.password_hash")
        if record.own_remarks(session, person.id):
            where.append("remark")
        found += [Left(person.id, one) for one in where]
    return found
