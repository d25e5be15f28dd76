"""Mails that came back: noted once, from a mailbox or a hook, and dealt with by somebody of the office."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import joinedload

from app.access import visible
from app.act import Act
from app.chance import Chance, new_id
from app.db import Database
from app.jobs import Finish
from app.mailing.bounce_box import box_of
from app.mailing.bounces import Returned, returned
from app.models import THINGS, Application, Bounce, BounceEnd, Call, Job, Participant, Person, Status
from app.outbox import enqueue, enqueue_mail
from app.services.permitted import relation_for
from app.services.transitions import Refused, note, remark
from config import Settings
from workflows.relations import Relation as R
from workflows.verdict import refuse
from workflows.words import _

EVERY = timedelta(minutes=5)  # the mailbox is read
MOST_LETTERS = 2000  # of a note
KIND = "bounces"


def want_bounces(database: Database, settings: Settings, now: datetime, chance: Chance) -> None:
    """Enqueue a look into the mailbox, if there is one.

    One look at a time: while a mailbox can't be read, the same look is tried again, and the last that failed stays for
    the doctor to name until one has succeeded.
    """
    if not settings.bounces.box:
        return
    turn = int(now.timestamp() // EVERY.total_seconds())
    with database.writing() as session:
        act = Act(session, now, chance, f"tick-{new_id(chance)}")
        looks = Job.kind == KIND
        if session.scalar(select(Job.id).where(looks, Job.status.in_((Status.WAITING, Status.RUNNING)))) is None:
            ended = select(func.max(Job.ended_at)).where(looks, Job.status == Status.FAILED).scalar_subquery()
            over = (Job.status == Status.DONE) | ((Job.status == Status.FAILED) & (Job.ended_at < ended))
            if enqueue(act, KIND, f"{KIND}:{turn}", {}) is not None:
                session.execute(delete(Job).where(looks, over, Job.key != f"{KIND}:{turn}"))
        late = Job.run_at > now + EVERY  # the pause of a look that failed is never longer than that between two looks
        session.execute(update(Job).where(looks, Job.status == Status.WAITING, late).values(run_at=now + EVERY))
        session.commit()


def reading_bounces(
    database: Database, settings: Settings, clock: Callable[[], datetime], chance: Callable[[], Chance]
) -> Callable[[dict[str, Any], str], Finish]:
    """Give the handler of the outbox for jobs of the kind "bounces". A mail is marked as read once it is noted."""

    def work(_args: dict[str, Any], job_id: str) -> Finish:
        box, read, noted = box_of(settings.bounces), 0, 0
        try:
            for key, content in box.unread():
                found = returned(content, host=our_host(settings), address=settings.bounces.address)
                if found is not None:
                    with database.writing() as session:
                        noted += note_bounce(Act(session, clock(), chance(), f"bounces-{job_id}"), found) is not None
                        session.commit()
                box.mark(key)
                read += 1
        finally:
            box.close()

        def finish(act: Act) -> dict[str, Any]:
            act.session.execute(delete(Job).where(Job.kind == KIND, Job.status == Status.FAILED))
            return {"read": read, "bounced": noted}

        return finish

    return work


def our_host(settings: Settings) -> str:
    """Give the host that stands in our message ids."""
    return urlsplit(settings.address).hostname or ""


def note_bounce(act: Act, found: Returned) -> Bounce | None:
    """Note that a mail came back. None where it is none of ours, or was noted already."""
    job = act.session.get(Job, found.job_id)
    if job is None or job.kind != "mail":
        return None
    known = select(Bounce.id).where(Bounce.job_id == job.id, Bounce.status == found.status)
    if act.session.scalar(known) is not None:
        return None
    application, call = _about(act, job)
    bounce = Bounce(
        id=act.new_id(), job_id=job.id, call_id=call.id if call else None,
        application_id=application.id if application else None, status=found.status, said=found.said, noted_at=act.now,
    )  # fmt: skip
    act.session.add(bounce)
    if application is not None:
        note(act, application, "mail_returned", relation=R.CLOCK, data={"job": job.id, "status": found.status})
    act.session.flush()
    return bounce


def _about(act: Act, job: Job) -> tuple[Application | None, Call | None]:
    model = THINGS.get(job.args.get("noun", ""))
    thing: Any = act.session.get(model, job.args["thing"]) if model else None
    application = thing if isinstance(thing, Application) else getattr(thing, "application", None)
    call = thing if isinstance(thing, Call) else getattr(application or thing, "call", None)
    return application, call


def open_bounces(act: Act) -> list[Bounce]:
    """List what came back and was not dealt with, of applications whose evaluation the person may read."""
    may_read = visible(act, Application, "application.view_evaluation").with_only_columns(Application.id)
    query = select(Bounce).where(Bounce.ended_at.is_(None), Bounce.application_id.in_(may_read))
    query = query.options(joinedload(Bounce.application), joinedload(Bounce.job))
    return list(act.session.scalars(query.order_by(Bounce.noted_at, Bounce.id)))


def others_to_tell(act: Act, application: Application) -> list[Person]:
    """List whose addresses a mail may be sent to again: those who take part, at the addresses of their accounts."""
    query = (
        select(Person)
        .join(Participant, Participant.person_id == Person.id)
        .where(Participant.application_id == application.id, Participant.until.is_(None))
        .order_by(Person.name, Person.id)
        .distinct()
    )
    return list(act.session.scalars(query))


def send_again(act: Act, call: Call, bounce_id: str, person_id: str) -> None:
    """Send the same mail to somebody who takes part in the application, at the address of their account."""
    relation, bounce, application = _taken_up(act, call, bounce_id)
    person = next((one for one in others_to_tell(act, application) if one.id == person_id), None)
    if person is None:
        raise Refused(refuse("nobody", _("Choose somebody who takes part in this application.")))
    args = bounce.job.args
    about = {name: value for name, value in args.items() if name not in ("template", "person", "address")}
    key = f"{bounce.id}:again"
    enqueue_mail(act, args["template"], person_id=person.id, address=person.email, about=about, key=key)
    _end(act, bounce, BounceEnd.SENT_AGAIN, "")
    note(act, application, "mail_sent_again", relation=relation, data={"bounce": bounce.id, "person": person.id})


def told_otherwise(act: Act, call: Call, bounce_id: str, text: str) -> None:
    """Record how the addressee was told instead: by telephone, by post. Refused without words."""
    relation, bounce, application = _taken_up(act, call, bounce_id)
    if not text.strip():
        raise Refused(refuse("missing-note", _("Fill in: {field}."), field=_("How they were told")))
    if len(text) > MOST_LETTERS:
        raise Refused(refuse("note-too-long", _("Shorten the note to {most} characters."), most=MOST_LETTERS))
    _end(act, bounce, BounceEnd.TOLD, text.strip())
    data = {"bounce": bounce.id, "note": remark(act, text.strip())}
    note(act, application, "told_otherwise", relation=relation, data=data)


def _taken_up(act: Act, call: Call, bounce_id: str) -> tuple[R, Bounce, Application]:
    relation = relation_for(act, "call.end_bounce", call)
    bounce = next((one for one in open_bounces(act) if one.id == bounce_id and one.call_id == call.id), None)
    if bounce is None or bounce.application is None:
        raise Refused(refuse("no-such-bounce", _("This was dealt with meanwhile. Open the page again.")))
    return relation, bounce, bounce.application


def _end(act: Act, bounce: Bounce, how: BounceEnd, text: str) -> None:
    bounce.ended_at, bounce.ended_as, bounce.ended_by, bounce.note = act.now, how, act.person_id, text
    act.session.flush()
