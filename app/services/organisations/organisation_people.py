"""Who acts for an organisation: asked, answered by its administrator or, after three working days, by the office."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from app.access import can
from app.act import Act
from app.models import OfficeHolding, Organisation, OrganisationMember, Person
from app.outbox import enqueue_mail
from app.services.transitions import Refused, note
from workflows.relations import Relation as R
from workflows.verdict import refuse
from workflows.words import _
from workflows.working_days import working_days_before

WORKING_DAYS = 3

_LIVE: tuple[ColumnElement[bool], ...] = (OrganisationMember.accepted.is_(True), OrganisationMember.ended_at.is_(None))
_WAITING: tuple[ColumnElement[bool], ...] = (
    OrganisationMember.answered_at.is_(None),
    OrganisationMember.ended_at.is_(None),
)


def ask_to_join(act: Act, organisation: Organisation) -> OrganisationMember:
    """Ask to act for an organisation. Where nobody administers it, the office is asked at once."""
    if act.person is None:
        raise LookupError("nobody is signed in")
    earlier = act.session.scalar(
        select(OrganisationMember).where(
            OrganisationMember.organisation_id == organisation.id,
            OrganisationMember.person_id == act.person_id,
            OrganisationMember.ended_at.is_(None),
            (OrganisationMember.accepted.is_(True)) | (OrganisationMember.answered_at.is_(None)),
        )
    )
    if earlier is not None:
        return earlier
    member = OrganisationMember(
        id=act.new_id(), organisation_id=organisation.id, person_id=act.person.id, asked_at=act.now
    )
    act.session.add(member)
    note(act, organisation, "ask_to_join", relation=R.SIGNED_IN, data={"member": member.id})
    administrators = administrators_of(act, organisation)
    if not administrators:
        member.handed_to_office_at = act.now
    for person in administrators:
        _mail(act, "join_request", person, organisation, member)
    act.session.flush()
    return member


def administrators_of(act: Act, organisation: Organisation) -> list[Person]:
    query = (
        select(Person)
        .join(OrganisationMember, OrganisationMember.person_id == Person.id)
        .where(
            OrganisationMember.organisation_id == organisation.id, OrganisationMember.administrator.is_(True), *_LIVE
        )
        .where(Person.disabled_at.is_(None))
    )
    return list(act.session.scalars(query.order_by(Person.name, Person.id)))


def people_of(act: Act, organisation: Organisation) -> list[OrganisationMember]:
    """List who acts for an organisation, administrators first."""
    query = select(OrganisationMember).where(OrganisationMember.organisation_id == organisation.id, *_LIVE)
    return _by_name(act, query)


def requests_of(act: Act, organisation: Organisation) -> list[OrganisationMember]:
    """List who waits for an answer."""
    query = select(OrganisationMember).where(OrganisationMember.organisation_id == organisation.id, *_WAITING)
    return _by_name(act, query)


def _by_name(act: Act, query: object) -> list[OrganisationMember]:
    found = list(act.session.scalars(query.options(joinedload(OrganisationMember.person))))  # type: ignore[attr-defined]
    return sorted(found, key=lambda member: (not member.administrator, member.person.name, member.id))


def member_of(act: Act, organisation: Organisation, member_id: str) -> OrganisationMember:
    """Find somebody of just this organisation; raises `Refused` where there is no such person (any more)."""
    member = act.session.get(OrganisationMember, member_id)
    if member is None or member.organisation_id != organisation.id or member.ended_at is not None:
        raise Refused(refuse("no-member", _("This person does not act for the organisation any more.")))
    return member


def answer(act: Act, organisation: Organisation, member_id: str, *, accept: bool, relation: R) -> None:
    """Say yes or no to somebody who asks to join; they are told."""
    member = member_of(act, organisation, member_id)
    if member.answered_at is not None:
        raise Refused(refuse("answered", _("This request was answered already.")))
    if relation is R.CALL_MANAGER and member.handed_to_office_at is None:
        raise Refused(refuse("not-yet-ours", _("The organisation still has time to answer this request itself.")))
    if member.person_id == act.person_id:
        raise Refused(refuse("oneself", _("Somebody else has to answer your request.")))
    member.answered_at, member.answered_by, member.accepted = act.now, act.person_id, accept
    if accept and not administrators_of(act, organisation):
        member.administrator = True
    if not accept:
        member.ended_at = act.now
    act.session.flush()
    note(
        act,
        organisation,
        "accept_member" if accept else "decline_member",
        relation=relation,
        data={"member": member.id},
    )
    _mail(act, "join_answered", member.person, organisation, member)


def set_administrator(act: Act, organisation: Organisation, member_id: str, *, yes: bool, relation: R) -> None:
    """Make somebody an administrator, or take it back; one always remains."""
    member = member_of(act, organisation, member_id)
    if not yes:
        _one_remains(act, organisation, member)
    member.administrator = yes
    act.session.flush()
    note(
        act,
        organisation,
        "name_administrator" if yes else "end_administrator",
        relation=relation,
        data={"member": member.id},
    )


def end_membership(act: Act, organisation: Organisation, member_id: str, *, relation: R) -> None:
    """End that somebody acts for an organisation, as its administrator, the office or that person says."""
    member = member_of(act, organisation, member_id)
    if member.person_id != act.person_id and not can(act, "profile.manage_people", organisation):
        raise Refused(refuse("not-yours", _("You can't do this: it is for somebody else.")))
    _one_remains(act, organisation, member)
    member.ended_at = act.now
    act.session.flush()
    note(act, organisation, "end_member", relation=relation, data={"member": member.id})


def _one_remains(act: Act, organisation: Organisation, member: OrganisationMember) -> None:
    others = [person for person in administrators_of(act, organisation) if person.id != member.person_id]
    if member.administrator and not others:
        raise Refused(refuse("last-administrator", _("Name another administrator first: an organisation keeps one.")))


def overdue_since(now: datetime) -> datetime:
    """Give the moment before which a request has waited for three working days, in Brussels."""
    return working_days_before(now, WORKING_DAYS)


def hand_over_requests(act: Act) -> int:
    """Pass requests unanswered for three working days to the office; says how many. The clock calls this."""
    query = select(OrganisationMember).where(
        *_WAITING,
        OrganisationMember.handed_to_office_at.is_(None),
        OrganisationMember.asked_at <= overdue_since(act.now),
    )
    late = list(act.session.scalars(query))
    managers = call_managers(act) if late else []
    for member in late:
        member.handed_to_office_at = act.now
        organisation = act.session.get_one(Organisation, member.organisation_id)
        note(act, organisation, "hand_over_request", relation=R.CLOCK, data={"member": member.id})
        for person in managers:
            _mail(act, "join_request_waits", person, organisation, member)
    act.session.flush()
    return len(late)


def call_managers(act: Act) -> list[Person]:
    """List who is call manager now."""
    query = (
        select(Person)
        .join(OfficeHolding, OfficeHolding.person_id == Person.id)
        .where(OfficeHolding.office == R.CALL_MANAGER, OfficeHolding.since <= act.now, Person.disabled_at.is_(None))
        .where(func.coalesce(OfficeHolding.until, act.now + timedelta(days=1)) > act.now)
    )
    return list(act.session.scalars(query.distinct().order_by(Person.name, Person.id)))


def requests_with_the_office(act: Act) -> list[OrganisationMember]:
    """List the requests the office has to answer, the oldest first."""
    query = select(OrganisationMember).where(*_WAITING, OrganisationMember.handed_to_office_at.is_not(None))
    options = (joinedload(OrganisationMember.person), joinedload(OrganisationMember.organisation))
    return list(
        act.session.scalars(query.options(*options).order_by(OrganisationMember.asked_at, OrganisationMember.id))
    )


def _mail(act: Act, template: str, person: Person, organisation: Organisation, member: OrganisationMember) -> None:
    about = {"noun": "profile", "thing": organisation.id, "member": member.id}
    enqueue_mail(
        act,
        template,
        person_id=person.id,
        address=person.email,
        about=about,
        key=f"{member.id}:{member.asked_at.isoformat()}",
    )
