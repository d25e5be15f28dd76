"""Documents that only those on the award list upload: until when, who still owes them, reminders until it is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from app.act import Act
from app.addressees import people_who_are
from app.facts.readiness import files_missing, partners_missing_files
from app.models import Application, Event
from app.outbox import enqueue_mail
from app.services.calls.call import definition_of
from app.services.transitions import note
from workflows.application import State
from workflows.definition import Award
from workflows.definition_questions import DocumentDue
from workflows.relations import Relation as R
from workflows.reminders import due_moment
from workflows.verdict import Reason
from workflows.working_days import is_working_moment

ADDRESSEES = (R.COORDINATOR, R.DEPUTY)
REMINDED = "remind_of_award_documents"


@dataclass(frozen=True)
class Owing:
    """An application on the award list whose documents are not all there."""

    application: Application
    due_at: datetime
    missing: Sequence[Reason]


def award_due_at(act: Act, application: Application) -> datetime:
    """Give the end of the last day for the documents that follow the award, in the zone of the call."""
    awarded = select(func.max(Event.at)).where(
        Event.noun == "application", Event.thing_id == application.id, Event.name == "award"
    )
    call = application.call
    start = act.session.scalar(awarded) or application.last_act_at
    days = (definition_of(call).award or Award()).document_days
    zone = ZoneInfo(call.zone)
    return datetime.combine(start.astimezone(zone).date() + timedelta(days=days + 1), time(), tzinfo=zone)


def asks_after_award(application: Application) -> bool:
    """Does the call ask anything of those on the award list?"""
    return any(slot.due is DocumentDue.AWARD for slot in definition_of(application.call).documents)


def owing_after_award(act: Act, applications: Sequence[Application]) -> list[Owing]:
    """Give those on the award list that still owe a required document, what is due first at the top."""
    found = []
    for application in applications:
        if application.state is not State.AWARDED or not asks_after_award(application):
            continue
        missing = files_missing(act, application, DocumentDue.AWARD).reasons
        if missing:
            found.append(Owing(application, award_due_at(act, application), missing))
    return sorted(found, key=lambda one: (one.due_at, one.application.number))


def due_award_reminders(act: Act) -> list[str]:
    """Find the applications to remind now: 7 days, 2 days and 4 hours before, on working days. Only reads."""
    if not is_working_moment(act.now):
        return []
    awarded = act.session.scalars(select(Application).where(Application.state == State.AWARDED))
    return [one.application.id for one in owing_after_award(act, awarded.all()) if _is_time(act, one)]


def remind_of_award_documents(act: Act, application: Application) -> bool:
    """Write to those who lead the application, and to each partner whose own documents are missing, once to everybody.

    Says whether a mail went out.
    """
    owing = owing_after_award(act, [application])
    if not owing or not _is_time(act, owing[0]):
        return False
    event = note(act, application, REMINDED, relation=R.CLOCK, data={"due_at": owing[0].due_at.isoformat()})
    about = {"noun": "application", "thing": application.id, "event": event.id}
    people = {person.id: person for person in people_who_are(act, application, ADDRESSEES)}
    for member in partners_missing_files(act, application, DocumentDue.AWARD):
        people |= {person.id: person for person in people_who_are(act, member, (R.OWN_PARTNER,))}
    for person in people.values():
        enqueue_mail(act, "award_documents", person_id=person.id, address=person.email, about=about, key=event.id)
    return True


def _is_time(act: Act, owing: Owing) -> bool:
    moment = due_moment(owing.due_at, act.now)
    told = select(func.max(Event.at)).where(
        Event.noun == "application", Event.thing_id == owing.application.id, Event.name == REMINDED
    )
    last = act.session.scalar(told)
    return moment is not None and (last is None or last < moment)
