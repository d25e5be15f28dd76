"""What the office does with accounts: offices granted and ended, accounts closed and opened."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import selectinload

from app.act import Act
from app.models import OfficeHolding, Person
from app.outbox import enqueue_mail
from app.services.accounts.sign_in import end_sign_ins
from app.services.erasing.erasing import is_erased
from app.services.organisations.names import fold
from app.services.transitions import Refused, note, remark
from workflows.relations import OFFICES
from workflows.relations import Relation as R
from workflows.verdict import refuse
from workflows.words import _

PAGE = 50


def offices_of(act: Act, person: Person) -> list[OfficeHolding]:
    """List the offices a person holds now."""
    return [h for h in person.offices if h.since <= act.now and (h.until is None or h.until > act.now)]


def grant_office(act: Act, person: Person, office: R, *, relation: R) -> None:
    """Grant an office; the person signs in anew to use it. Nobody grants one to themselves."""
    if office not in OFFICES:
        raise LookupError(office)
    _not_oneself(act, person)
    if person.email_verified_at is None:
        raise Refused(refuse("not-verified", _("This person has not confirmed their e-mail address yet.")))
    if any(h.office == office for h in offices_of(act, person)):
        raise Refused(refuse("office-held", _("This person holds the office already.")))
    person.offices.append(
        OfficeHolding(id=act.new_id(), person_id=person.id, office=office, since=act.now, granted_by=act.person_id)
    )
    end_sign_ins(act, person)
    note(act, person, "grant_office", relation=relation, data={"office": office.value})
    enqueue_mail(act, "office_changed", person_id=person.id, address=person.email, about={}, key=act.request_id)


def end_office(act: Act, person: Person, holding_id: str, *, relation: R) -> None:
    """End an office at this moment."""
    _not_oneself(act, person)
    holding = next((h for h in offices_of(act, person) if h.id == holding_id), None)
    if holding is None:
        raise Refused(refuse("office-not-held", _("This person does not hold the office any more.")))
    holding.until = act.now
    end_sign_ins(act, person)
    note(act, person, "end_office", relation=relation, data={"office": holding.office.value})


def disable(act: Act, person: Person, reason: str, *, relation: R) -> None:
    """Close an account: its sign-ins end, its offices are of no use."""
    _not_oneself(act, person)
    if person.disabled_at is None:
        person.disabled_at = act.now
        end_sign_ins(act, person)
        note(act, person, "disable", relation=relation, data={"reason": remark(act, reason)})


def enable(act: Act, person: Person, *, relation: R) -> None:
    """Open a closed account again. Raises `Refused` where it was erased: nobody is behind it any more."""
    if is_erased(act.session, person):
        raise Refused(refuse("erased", _("This account was erased already.")))
    if person.disabled_at is not None:
        person.disabled_at = None
        note(act, person, "enable", relation=relation)


def _not_oneself(act: Act, person: Person) -> None:
    if act.person_id == person.id:
        raise Refused(refuse("oneself", _("You can't do this to your own account; another administrator has to.")))


def people(act: Act, search: str, page: int) -> tuple[list[Person], int]:
    """Find people by name or address: one page of them, and how many there are."""
    wanted = fold(search)
    found = [
        person
        for person in act.session.scalars(
            select(Person).options(selectinload(Person.offices)).order_by(Person.name, Person.id)
        )
        if not wanted or wanted in fold(person.name) or wanted in fold(person.email)
    ]
    return found[(page - 1) * PAGE : page * PAGE], len(found)


def office_holders(act: Act) -> list[Person]:
    """List everybody who holds an office now, by name."""
    query = (
        select(Person)
        .options(selectinload(Person.offices))
        .join(OfficeHolding, OfficeHolding.person_id == Person.id)
        .where(OfficeHolding.since <= act.now, or_(OfficeHolding.until.is_(None), OfficeHolding.until > act.now))
    )
    return list(act.session.scalars(query.distinct().order_by(Person.name, Person.id)))
