"""What a row names in `after`: a mail for each addressee, a document from a snapshot taken now."""

from __future__ import annotations

from typing import Any

from app.act import Act
from app.addressees import people_who_are
from app.models import Membership, Person
from app.outbox import enqueue_mail
from app.services.documents.papers import want_document
from app.services.transitions import Done
from workflows.effects import After, Mail, Paper
from workflows.relations import Relation as R


def addressees(act: Act, thing: Any, later: After) -> frozenset[str]:  # noqa: ANN401
    """Find who a mail is for before the act: whoever is removed by it is told as well."""
    if isinstance(later, Paper):
        return frozenset()
    return frozenset(person.id for person in people_who_are(act, thing, later.to))


def after(act: Act, thing: Any, done: Done, later: After, before: frozenset[str]) -> None:  # noqa: ANN401
    if isinstance(later, Paper):
        want_document(act, thing, done, later.kind)
    else:
        _mail(act, thing, done, later, before)


def _mail(act: Act, thing: Any, done: Done, mail: Mail, before: frozenset[str]) -> None:  # noqa: ANN401
    about = {"noun": thing.__noun__, "thing": thing.id, "event": done.event.id}
    found = {person.id: person for person in people_who_are(act, thing, mail.to)}
    for person_id in before - found.keys():
        found[person_id] = act.session.get_one(Person, person_id)
    for person in found.values():
        if person.id != act.person_id or mail.template in RECEIPTS:
            enqueue_mail(act, mail.template, person_id=person.id, address=person.email, about=about, key=done.event.id)
    if R.INVITED in mail.to and isinstance(thing, Membership) and not found and thing.invited_email:
        enqueue_mail(act, mail.template, person_id=None, address=thing.invited_email, about=about, key=done.event.id)


# Mails that somebody gets about their own act, because they are its proof.
RECEIPTS = frozenset({"received", "withdrawn", "label_issued", "part_confirmed"})
