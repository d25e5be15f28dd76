"""A message to the office from somebody signed in, with the page and reference they had before them."""

from __future__ import annotations

from app.act import Act
from app.outbox import enqueue_mail
from app.services.organisations.organisation_people import call_managers
from app.services.transitions import note, remark
from workflows.relations import Relation as R


def ask_for_help(act: Act, *, text: str, page: str, reference: str) -> None:
    """Mail a message to the office's address, or to each call manager where none is set."""
    person = act.person
    if person is None:
        raise LookupError("nobody is signed in")
    whole = f"{text}\n\n{person.name} <{person.email}>\n{act.site.address}{page}\n{reference}"
    event = note(act, person, "ask_for_help", relation=R.SELF, data={"text": remark(act, whole)})
    about = {"event": event.id}
    addresses = [act.site.contact] if "@" in act.site.contact else [p.email for p in call_managers(act)]
    for address in addresses:
        enqueue_mail(act, "help_request", person_id=None, address=address, about=about, key=event.id)
