"""An applicant lets the office look at the draft for a day; every look is recorded like other readings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from app.act import Act
from app.addressees import people_who_are
from app.models import Application, DraftLook, Person, Reading
from app.outbox import enqueue_mail
from app.services.permitted import one_at_a_time, relation_for
from app.services.transitions import Refused, note
from workflows.relations import Relation as R
from workflows.verdict import refuse
from workflows.words import _

LASTS = timedelta(hours=24)


@dataclass(frozen=True)
class Look:
    """Somebody of the office read the draft."""

    who: str
    at: datetime


def let_office_look(act: Act, application: Application) -> DraftLook:
    """Open the draft to the call managers for 24 hours. Raises `Refused` while it is open to them already."""
    relation = relation_for(act, "application.let_office_look", application)
    one_at_a_time(act, application)
    if (running := running_look(act, application)) is not None:
        text = _("The office can look already, until {until}.")
        raise Refused(refuse("open-already", text, until=running.until))
    look = DraftLook(
        id=act.new_id(), application_id=application.id, given_by=act.person_id, given_at=act.now, until=act.now + LASTS
    )
    act.session.add(look)
    act.session.flush()
    event = note(act, application, "let_office_look", relation=relation, data={"until": look.until.isoformat()})
    about = {"noun": "application", "thing": application.id, "event": event.id}
    for person in people_who_are(act, application, (R.CALL_MANAGER,)):
        enqueue_mail(act, "draft_opened", person_id=person.id, address=person.email, about=about, key=event.id)
    return look


def end_look(act: Act, application: Application) -> None:
    """Close the draft to the office again before the day is over."""
    relation = relation_for(act, "application.let_office_look", application)
    running = running_look(act, application)
    if running is None:
        raise Refused(refuse("not-open", _("The office can't look at the draft now.")))
    running.until = act.now
    note(act, application, "end_look", relation=relation)


def running_look(act: Act, application: Application) -> DraftLook | None:
    query = select(DraftLook).where(DraftLook.application_id == application.id, DraftLook.until > act.now)
    return act.session.scalar(query.order_by(DraftLook.until.desc()).limit(1))


def looks_taken(act: Act, application: Application) -> Sequence[Look]:
    """Give who of the office read the draft and when, newest first: the applicants see it."""
    query = (
        select(Person.name, Reading.at)
        .join(Reading, Reading.person_id == Person.id)
        .where(Reading.thing_id == application.id, Reading.relation == R.DRAFT_READER.value)
        .order_by(Reading.at.desc(), Reading.id)
    )
    return [Look(name, at) for name, at in act.session.execute(query)]


def open_to_office(act: Act, applications: Sequence[str]) -> dict[str, datetime]:
    """Give which drafts the office may look at now, and until when."""
    query = select(DraftLook.application_id, DraftLook.until).where(
        DraftLook.application_id.in_(applications), DraftLook.until > act.now
    )
    return {row.application_id: row.until for row in act.session.execute(query)}
