"""What was done to an account, newest first."""

from __future__ import annotations

from sqlalchemy import select

from app.act import Act
from app.models import Event, Person
from workflows.words import Text, _

PAST: dict[str, Text] = {
    "sign_up": _("account created"),
    "verify_address": _("address confirmed"),
    "change_address": _("address changed"),
    "set_password": _("password set"),
    "rename": _("name changed"),
    "confirm_factor": _("second factor set up"),
    "remove_factor": _("second factor removed"),
    "use_recovery_code": _("recovery code used"),
    "ask_factor_reset": _("reset of the second factor asked for"),
    "reset_factor": _("second factor reset"),
    "grant_office": _("office granted"),
    "end_office": _("office ended"),
    "disable": _("account closed"),
    "enable": _("account opened again"),
    "ask_erasure": _("erasing asked for"),
    "take_erasure_back": _("erasing taken back"),
    "erase": _("account erased"),
    "forget_evidence": _("time of keeping over: evidence erased"),
    "ask_for_help": _("message to the office"),
    "told_otherwise": _("mail came back: helped otherwise"),
}


def events_of_person(act: Act, person: Person) -> list[tuple[Event, Text, str | None]]:
    """Give each event with its words and who did it."""
    query = select(Event).where(Event.noun == Person.__tablename__, Event.thing_id == person.id)
    found = act.session.scalars(query.order_by(Event.number.desc())).all()
    return [(event, PAST.get(event.name, event.name), _name(act, event.actor_id)) for event in found]


def _name(act: Act, person_id: str | None) -> str | None:
    person = act.session.get(Person, person_id) if person_id else None
    return person.name if person else None
