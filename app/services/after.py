"""What a row names in `after`: a mail for each addressee, a document from a snapshot taken now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.act import Act
from app.addressees import people_of_each
from app.models import Membership, Person
from app.outbox import Outgoing, enqueue_mails
from app.services.documents.papers import want_document
from app.services.transitions import Done
from workflows.effects import After, Mail, Paper
from workflows.relations import Relation as R


def addressees(act: Act, thing: Any, later: After) -> frozenset[str]:  # noqa: ANN401
    """Find who a mail is for before the act: whoever is removed by it is told as well."""
    return addressees_of_many(act, [thing], later)[thing.id]


def addressees_of_many(act: Act, things: Sequence[Any], later: After) -> dict[str, frozenset[str]]:
    """Find them for each of many things of one kind."""
    if isinstance(later, Paper):
        return {thing.id: frozenset() for thing in things}
    found = people_of_each(act, things, later.to)
    return {thing_id: frozenset(person.id for person in people) for thing_id, people in found.items()}


def after(act: Act, thing: Any, done: Done, later: After, before: frozenset[str]) -> None:  # noqa: ANN401
    after_many(act, [(thing, done)], later, {thing.id: before})


def after_many(act: Act, done: Sequence[tuple[Any, Done]], later: After, before: Mapping[str, frozenset[str]]) -> None:
    """Do what follows from an act on many things of one kind; `before` is who was to be told before it, by thing."""
    if isinstance(later, Paper):
        for thing, of_it in done:
            want_document(act, thing, of_it, later.kind)
        return
    now = people_of_each(act, [thing for thing, _of_it in done], later.to)
    mails = (_mails(act, thing, of_it, later, now[thing.id], before[thing.id]) for thing, of_it in done)
    enqueue_mails(act, [mail for some in mails for mail in some])


def _mails(
    act: Act,
    thing: Any,  # noqa: ANN401
    done: Done,
    mail: Mail,
    now: list[Person],
    before: frozenset[str],
) -> Iterator[Outgoing]:
    about = {"noun": thing.__noun__, "thing": thing.id, "event": done.event.id}
    found = {person.id: person for person in now}
    for person_id in before - found.keys():
        found[person_id] = act.session.get_one(Person, person_id)
    for person in found.values():
        if person.id != act.person_id or mail.template in RECEIPTS:
            yield Outgoing(mail.template, person.id, person.email, about, done.event.id)
    if R.INVITED in mail.to and isinstance(thing, Membership) and not found and thing.invited_email:
        yield Outgoing(mail.template, None, thing.invited_email, about, done.event.id)


# Mails that somebody gets about their own act, because they are its proof.
RECEIPTS = frozenset({"received", "withdrawn", "label_issued", "part_confirmed"})
