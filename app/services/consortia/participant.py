"""The people of a consortium: deputy, contacts, helpers. Each naming and ending is an event."""

from __future__ import annotations

from sqlalchemy import select

from app.act import Act
from app.models import Application, Membership, Part, Participant, Person, Role
from app.outbox import enqueue_mail
from app.services.organisations.names import fold_address
from app.services.permitted import refuse_unless_open_for, relation_for
from app.services.transitions import Refused, note
from workflows.verdict import refuse
from workflows.words import _

NAMED_BY_COORDINATOR = (Part.DEPUTY, Part.HELPER)


def people_of(act: Act, application: Application) -> list[Participant]:
    """Give everybody who has a part now, in the order they got it."""
    query = select(Participant).where(Participant.application_id == application.id, Participant.until.is_(None))
    return list(act.session.scalars(query.order_by(Participant.since, Participant.id)))


def name_person(act: Act, application: Application, part: Part, email: str) -> Participant:
    """Name a deputy or a helper by the address of an account; the person is told, and the office sees it.

    Raises `Refused` where the part is not for naming, nobody has the address, or the person has that part.
    """
    relation = relation_for(act, "application.name_people", application)
    refuse_unless_open_for(act, application)
    if part not in NAMED_BY_COORDINATOR:
        raise Refused(refuse("part-not-named", _("Choose deputy or helper.")))
    person = _person(act, email)
    _refuse_twice(act, application, person, part)
    lead = lead_of(application)
    participant = begin_part(act, application, person, part, lead if part is Part.DEPUTY else None)
    event = note(act, application, f"name_{part.value}", relation=relation, data={"person": person.id})
    about = {"noun": "application", "thing": application.id, "event": event.id}
    enqueue_mail(act, f"named_{part.value}", person_id=person.id, address=person.email, about=about, key=event.id)
    return participant


def name_contact(act: Act, membership: Membership, email: str) -> Participant:
    """Name one more person who acts for a partner; for the partner to say."""
    relation = relation_for(act, "membership.name_contact", membership)
    person = _person(act, email)
    _refuse_twice(act, membership.application, person, Part.CONTACT)
    participant = begin_part(act, membership.application, person, Part.CONTACT, membership)
    event = note(act, membership, "name_contact", relation=relation, data={"person": person.id})
    about = {"noun": "membership", "thing": membership.id, "event": event.id}
    enqueue_mail(act, "named_contact", person_id=person.id, address=person.email, about=about, key=event.id)
    return participant


def end_part(act: Act, application: Application, participant: Participant) -> None:
    """End a deputy's or helper's part at once. Raises `Refused` for the coordinator, who hands over instead."""
    relation = relation_for(act, "application.name_people", application)
    if participant.part not in NAMED_BY_COORDINATOR or participant.application_id != application.id:
        raise Refused(
            refuse("part-stays", _("This part does not end here: a partner leaves, a coordinator hands over."))
        )
    participant.until = act.now
    note(act, application, f"end_{participant.part.value}", relation=relation, data={"person": participant.person_id})


def lead_of(application: Application) -> Membership:
    """Give the coordinating partner."""
    return next(member for member in application.memberships if member.role is Role.COORDINATOR)


def _person(act: Act, email: str) -> Person:
    found = act.session.scalar(
        select(Person).where(
            Person.email_folded == fold_address(email),
            Person.email_verified_at.is_not(None),
            Person.disabled_at.is_(None),
        )
    )
    if found is None:
        text = _(
            "Nobody can be named with this address. The person needs an account with it, and to have confirmed it."
        )
        raise Refused(refuse("nobody-there", text))
    return found


def _refuse_twice(act: Act, application: Application, person: Person, part: Part) -> None:
    if any(p.person_id == person.id and p.part in (part, Part.COORDINATOR) for p in people_of(act, application)):
        raise Refused(refuse("has-part", _("{name} has this part already."), name=person.name))


def begin_part(
    act: Act, application: Application, person: Person, part: Part, membership: Membership | None
) -> Participant:
    participant = Participant(
        id=act.new_id(),
        application_id=application.id,
        membership=membership,
        person=person,
        part=part,
        since=act.now,
        until=None,
    )
    act.session.add(participant)
    act.session.flush()
    return participant
