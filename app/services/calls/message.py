"""The thread an application or an expert has with the office: messages, notes of calls, internal notes."""

from __future__ import annotations

from sqlalchemy import select

from app.access import can
from app.act import Act
from app.addressees import people_who_are
from app.models import Application, Expert, Message, MessageKind, Person
from app.outbox import enqueue_mail
from app.services.permitted import relation_for
from app.services.transitions import Refused, note
from workflows.relations import Relation as R
from workflows.verdict import refuse
from workflows.words import _

Thread = Application | Expert
OF_THE_OFFICE = frozenset({MessageKind.CALL_NOTE, MessageKind.INTERNAL})


def write_message(act: Act, thread: Thread, text: str, kind: MessageKind = MessageKind.MESSAGE) -> Message:
    """Add to the thread; a message is mailed to the other side, a note of the office to nobody.

    Raises `Refused` where the person may not write, or may not write notes of the office.
    """
    noun = "application" if isinstance(thread, Application) else "expert"
    relation = relation_for(act, f"{noun}.write_message", thread)
    if kind in OF_THE_OFFICE and relation is not R.CALL_MANAGER:
        raise Refused(refuse("office-only", _("Notes are kept by the office; write a message instead.")))
    message = Message(
        id=act.new_id(),
        application_id=thread.id if isinstance(thread, Application) else None,
        expert_id=thread.id if isinstance(thread, Expert) else None,
        kind=kind,
        text=text,
        written_by=act.person_id,
        written_at=act.now,
    )
    act.session.add(message)
    act.session.flush()
    event = note(act, thread, "write_message", relation=relation, data={"message": message.id, "kind": kind.value})
    if kind is MessageKind.MESSAGE:
        about = {"noun": noun, "thing": thread.id, "event": event.id}
        for person in _other_side(act, thread, from_office=relation is R.CALL_MANAGER):
            enqueue_mail(act, "message", person_id=person.id, address=person.email, about=about, key=message.id)
    return message


def _other_side(act: Act, thread: Thread, *, from_office: bool) -> list[Person]:
    if isinstance(thread, Expert):
        return [act.session.get_one(Person, thread.person_id)] if from_office else _office(act, thread)
    if from_office:
        return people_who_are(act, thread, (R.COORDINATOR, R.DEPUTY))
    return _office(act, thread)


def _office(act: Act, thread: Thread) -> list[Person]:
    return [person for person in people_who_are(act, thread, (R.CALL_MANAGER,)) if person.id != act.person_id]


def messages_of(act: Act, thread: Thread) -> list[Message]:
    """Give the thread as far as the person may read it, oldest first."""
    of_application = isinstance(thread, Application)
    column = Message.application_id if of_application else Message.expert_id
    query = select(Message).where(column == thread.id)
    if not can(act, f"{'application' if of_application else 'expert'}.view_notes", thread):
        query = query.where(Message.kind.not_in(OF_THE_OFFICE))
    return list(act.session.scalars(query.order_by(Message.written_at, Message.id)))
