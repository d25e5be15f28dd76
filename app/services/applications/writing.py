"""Sharing the writing of an application: owners of sections, comments among those who write, sign-off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from app.act import Act
from app.addressees import people_who_are
from app.models import Answer, Application, Participant, Person, SectionComment, SectionPlan, SectionSignOff
from app.outbox import enqueue_mail
from app.services.applications.answers import latest
from app.services.calls.call import definition_of
from app.services.permitted import refuse_unless_open_for, relation_for
from app.services.transitions import Refused, note
from workflows.definition import Section
from workflows.relations import Relation as R
from workflows.verdict import refuse
from workflows.words import _

BRUSSELS = ZoneInfo("Europe/Brussels")
TOLD_AT = time(17)  # in Brussels: once a day, what was written for somebody since the day before
WRITERS = (R.COORDINATOR, R.DEPUTY, R.PARTNER, R.HELPER)


def writers_of(act: Act, application: Application) -> list[Person]:
    """Give everybody who may write in the application now: who can own a section or be mentioned."""
    return people_who_are(act, application, WRITERS)


def section_of(application: Application, section: str) -> Section:
    """Give a section of the call; raises `LookupError` where it has none of that id."""
    found = next((one for one in definition_of(application.call).sections if one.id == section), None)
    if found is None:
        raise LookupError(f"the call has no section {section}")
    return found


def plan_section(act: Act, application: Application, section: str, owner_id: str | None, due_on: date | None) -> bool:
    """Say who writes a section and by when; says whether that is new.

    Raises `Refused` where the person may not, the call is not open, or the owner does not write in the application.
    """
    relation = relation_for(act, "application.plan_writing", application)
    refuse_unless_open_for(act, application)
    section_of(application, section)
    plan = act.session.scalar(_plans(application).where(SectionPlan.section == section))
    if (owner_id, due_on) == ((plan.owner_id, plan.due_on) if plan else (None, None)):
        return False
    # Somebody who wrote here once and left may stay named until another is; nobody from outside ever is.
    if owner_id and owner_id != (plan.owner_id if plan else None):
        _refuse_strangers(act, application, [owner_id])
    if plan is None:
        plan = SectionPlan(id=act.new_id(), application_id=application.id, section=section)
        act.session.add(plan)
    plan.owner_id, plan.due_on = owner_id or None, due_on
    data = {"section": section, "owner": owner_id, "due_on": due_on.isoformat() if due_on else None}
    note(act, application, "plan_section", relation=relation, data=data)
    return True


def _plans(application: Application) -> Select[SectionPlan]:
    return select(SectionPlan).where(SectionPlan.application_id == application.id)


def _refuse_strangers(act: Act, application: Application, people: Sequence[str]) -> None:
    if set(people) - {person.id for person in writers_of(act, application)}:
        raise Refused(refuse("not-a-writer", _("Choose people who take part in this application.")))


# -- comments ------------------------------------------------------------------------------------------------------


def comment_on_section(
    act: Act, application: Application, section: str, text: str, *, question: str | None = None,
    mentions: Sequence[str] = (),
) -> SectionComment:  # fmt: skip
    """Add a comment; whoever is mentioned gets one mail a day that leads to all comments for them (`mail_of_the_day`).

    Raises `Refused` where the person may not write here, the call is not open, or somebody mentioned does not take
    part.
    """
    relation = relation_for(act, "application.write_comment", application)
    refuse_unless_open_for(act, application)
    found = section_of(application, section)
    _refuse_strangers(act, application, mentions)
    named = next((one.id for one in found.questions if one.id == question), None)
    comment = SectionComment(
        id=act.new_id(), application_id=application.id, section=section, question=named, text=text,
        mentions=sorted(set(mentions)), written_by=act.person_id, written_at=act.now,
    )  # fmt: skip
    act.session.add(comment)
    act.session.flush()
    event = note(act, application, "comment_on_section", relation=relation, data={"comment": comment.id})
    told_at = mail_of_the_day(act.now)
    about = {"noun": "application", "thing": application.id, "event": event.id, "until": told_at.isoformat()}
    for person in (one for one in writers_of(act, application) if one.id in comment.mentions):
        if person.id != act.person_id:
            key = f"{person.id}:{told_at.date().isoformat()}"
            enqueue_mail(act, "mentioned", person_id=person.id, address=person.email, about=about, key=key, at=told_at)
    return comment


def mail_of_the_day(now: datetime) -> datetime:
    """Give the moment of the mail that tells of a comment written now: the next end of an office day in Brussels."""
    local = now.astimezone(BRUSSELS)
    on = local.date() if local.time() < TOLD_AT else local.date() + timedelta(days=1)
    return datetime.combine(on, TOLD_AT, tzinfo=BRUSSELS).astimezone(UTC)


def comments_for(session: Session, person_id: str, until: datetime) -> list[SectionComment]:
    """Give the comments for a person that one mail tells of, oldest first: of applications they still take part in."""
    part = exists().where(
        Participant.application_id == SectionComment.application_id, Participant.person_id == person_id,
        Participant.until.is_(None),
    )  # fmt: skip
    written = (SectionComment.written_at < until, SectionComment.written_at >= until - timedelta(hours=25))
    found = session.scalars(
        select(SectionComment).where(part, *written).order_by(SectionComment.written_at, SectionComment.id)
    )
    return [
        one
        for one in found
        if person_id in one.mentions and one.written_by != person_id and mail_of_the_day(one.written_at) == until
    ]


def comments_on(act: Act, application: Application, section: str | None = None) -> list[SectionComment]:
    """Give the comments, oldest first; of one section where it is named. Raises `Refused` for whoever may not read."""
    relation_for(act, "application.view_comments", application)
    query = select(SectionComment).where(SectionComment.application_id == application.id)
    if section is not None:
        query = query.where(SectionComment.section == section)
    return list(act.session.scalars(query.order_by(SectionComment.written_at, SectionComment.id)))


def settle_comment(act: Act, application: Application, comment_id: str, *, settled: bool = True) -> SectionComment:
    """Mark a comment as dealt with, or open again. Raises `LookupError` where the application has none of that id.

    Raises `Refused` where the person may not write here, or the call is not open.
    """
    relation_for(act, "application.write_comment", application)
    refuse_unless_open_for(act, application)
    comment = act.session.get(SectionComment, comment_id)
    if comment is None or comment.application_id != application.id:
        raise LookupError(comment_id)
    comment.settled_at, comment.settled_by = (act.now, act.person_id) if settled else (None, None)
    return comment


# -- sign-off ------------------------------------------------------------------------------------------------------


def numbers_in(section: Section, answers: dict[str, Answer]) -> dict[str, int]:
    return {q.id: answers[q.id].number for q in section.questions if q.id in answers}


def sign_off_section(act: Act, application: Application, section: str) -> SectionSignOff:
    """Say that a section is right as it stands now. Raises `Refused` where the person may not."""
    relation = relation_for(act, "application.sign_off", application)
    refuse_unless_open_for(act, application)
    found = section_of(application, section)
    _undo(act, application, section)
    signed = SectionSignOff(
        id=act.new_id(), application_id=application.id, section=section, signed_by=act.person_id, signed_at=act.now,
        numbers=numbers_in(found, latest(act, application)),
    )  # fmt: skip
    act.session.add(signed)
    act.session.flush()
    note(act, application, "sign_off_section", relation=relation, data={"section": section, "sign_off": signed.id})
    return signed


def undo_sign_off(act: Act, application: Application, section: str) -> None:
    """Take one's own sign-off of a section back."""
    relation = relation_for(act, "application.sign_off", application)
    refuse_unless_open_for(act, application)
    if _undo(act, application, section):
        note(act, application, "undo_sign_off", relation=relation, data={"section": section})


def _undo(act: Act, application: Application, section: str) -> bool:
    query = select(SectionSignOff).where(
        SectionSignOff.application_id == application.id,
        SectionSignOff.section == section,
        SectionSignOff.signed_by == act.person_id,
        SectionSignOff.undone_at.is_(None),
    )
    found = list(act.session.scalars(query))
    for signed in found:
        signed.undone_at = act.now
    return bool(found)
