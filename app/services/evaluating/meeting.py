"""A live meeting on a call: agenda by size of disagreement, who is present, who is sent out and when, minutes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import or_, select

from app.access import can, visible
from app.act import Act
from app.models import (
    Application,
    Assignment,
    Call,
    Conflict,
    Consensus,
    Meeting,
    Minute,
    Person,
    Presence,
    Strength,
)
from app.services.conflicts.conflict_finding import ties_of
from app.services.evaluating.discussion import names_of
from app.services.evaluating.evaluation_queries import results_of, sees_whole_call
from app.services.permitted import one_at_a_time, relation_for
from app.services.transitions import Refused
from workflows.assignment import State as TaskState
from workflows.consensus import OPENED, State
from workflows.verdict import refuse
from workflows.words import _

LONGEST = 4000  # characters of one line of the minutes


@dataclass(frozen=True)
class Item:
    """One application on the agenda; `widest` is the largest gap as a part of its criterion's points."""

    application: Application
    consensus: Consensus
    widest: Decimal | None


def meeting_of(act: Act, call: Call) -> Meeting | None:
    """Give the newest meeting of a call, open or over."""
    query = select(Meeting).where(Meeting.call_id == call.id).order_by(Meeting.begun_at.desc(), Meeting.id.desc())
    return act.session.scalars(query.limit(1)).first()


def agenda_of(act: Act, call: Call) -> list[Item]:
    """Give what is to be talked about: open consensus reports, where the reports lie apart most first."""
    open_now = OPENED - {State.APPROVED}
    items = [
        Item(line.line.application, line.line.consensus, line.widest)
        for line in results_of(act, call)
        if line.line.consensus is not None and line.line.consensus.state in open_now
    ]
    return sorted(items, key=lambda item: (-(item.widest or Decimal(0)), item.application.number))


def begin(act: Act, call: Call) -> Meeting:
    """Open a meeting. Raises `Refused` while one is open, and for whoever has an interest in the call."""
    _chair(act, call)
    one_at_a_time(act, call)
    known = meeting_of(act, call)
    if known is not None and known.ended_at is None:
        raise Refused(refuse("meeting-open", _("A meeting is open already.")))
    meeting = Meeting(id=act.new_id(), call_id=call.id, begun_at=act.now, begun_by=act.person_id)
    act.session.add(meeting)
    act.session.flush()
    return meeting


def _chair(act: Act, call: Call) -> None:
    relation_for(act, "call.chair_meeting", call)
    if not sees_whole_call(act, call):
        text = _("You have an interest in an application of this call: somebody else chairs its meeting.")
        raise Refused(refuse("tied", text))


def turn_to(act: Act, call: Call, meeting: Meeting, consensus: Consensus | None) -> list[Person]:
    """Go on to an application, or to none. Whoever is in conflict is sent out and let in again after it.

    Gives who was sent out. Raises `Refused` where the meeting is over.
    """
    _chair(act, call)
    _is_open(meeting)
    if consensus is not None and not can(act, "consensus.discuss", consensus):
        raise Refused(refuse("not-open", _("This consensus is not open.")))
    waiting = [p for p in meeting.presences if p.sent_out_of == meeting.consensus_id and p.sent_out_of and p.until_at]
    back = [p.person_id for p in waiting if not _is_present(meeting, p.person_id)]
    meeting.consensus_id = consensus.id if consensus else None
    for person_id in dict.fromkeys(back):
        _enter(act, meeting, person_id)
    out = _in_conflict(act, consensus.application, _present(meeting)) if consensus else []
    for presence in _present(meeting):
        if presence.person in out:
            presence.until_at, presence.sent_out_of = act.now, meeting.consensus_id
    act.session.flush()
    act.session.expire(meeting, ["presences"])
    return out


def _is_open(meeting: Meeting) -> None:
    if meeting.ended_at is not None:
        raise Refused(refuse("meeting-over", _("The meeting is over.")))


def _present(meeting: Meeting) -> list[Presence]:
    return [presence for presence in meeting.presences if presence.until_at is None]


def _is_present(meeting: Meeting, person_id: str) -> bool:
    return any(presence.person_id == person_id for presence in _present(meeting))


def _enter(act: Act, meeting: Meeting, person_id: str) -> None:
    presence = Presence(id=act.new_id(), meeting_id=meeting.id, person_id=person_id, from_at=act.now)
    act.session.add(presence)
    act.session.flush()
    act.session.expire(meeting, ["presences"])


def _in_conflict(act: Act, application: Application, presences: Iterable[Presence]) -> list[Person]:
    return in_conflict(act, application, [presence.person for presence in presences])


def in_conflict(act: Act, application: Application, people: Sequence[Person]) -> list[Person]:
    """Give those who declared an interest in the application, were barred from it, or are tied to it now."""
    ids = [person.id for person in people]
    declared = select(Conflict.person_id).where(
        Conflict.application_id == application.id,
        Conflict.person_id.in_(ids),
        Conflict.dismissed_at.is_(None),
        or_(Conflict.declared.is_(True), Conflict.strength == Strength.DIRECT),
    )
    barred = select(Assignment.person_id).where(
        Assignment.application_id == application.id,
        Assignment.person_id.in_(ids),
        Assignment.state == TaskState.CONFLICTED,
    )
    known = {*act.session.scalars(declared), *act.session.scalars(barred)}
    ties = ties_of(act, application, people)
    return [p for p in people if p.id in known or any(tie.is_direct for tie in ties[p.id])]


def join(act: Act, consensus: Consensus) -> Presence | None:
    """Come into the open meeting by an application one evaluates; None where none is open."""
    relation_for(act, "consensus.discuss", consensus)
    meeting = meeting_of(act, consensus.application.call)
    if meeting is None or meeting.ended_at is not None or act.person_id is None:
        return None
    one_at_a_time(act, meeting)
    if not _is_present(meeting, act.person_id) and not _is_sent_out(meeting, act.person_id):
        _enter(act, meeting, act.person_id)
    return next((p for p in _present(meeting) if p.person_id == act.person_id), None)


def _is_sent_out(meeting: Meeting, person_id: str) -> bool:
    """Nobody comes back in while what they were sent out of is talked about."""
    return meeting.consensus_id is not None and any(
        p.person_id == person_id and p.sent_out_of == meeting.consensus_id for p in meeting.presences
    )


def leave(act: Act, consensus: Consensus) -> None:
    relation_for(act, "consensus.discuss", consensus)
    meeting = meeting_of(act, consensus.application.call)
    for presence in _present(meeting) if meeting else []:
        if presence.person_id == act.person_id:
            presence.until_at = act.now
    act.session.flush()


def write_minute(act: Act, call: Call, meeting: Meeting, text: str) -> Minute:
    """Write a line of the minutes on what is talked about now. Raises `Refused` for no words or too many."""
    _chair(act, call)
    _is_open(meeting)
    if not text.strip() or len(text) > LONGEST:
        raise Refused(refuse("no-minute", _("Write a line of at most {most} characters."), most=LONGEST))
    minute = Minute(
        id=act.new_id(), meeting_id=meeting.id, consensus_id=meeting.consensus_id, written_by=act.person_id,
        text=text.strip(), at=act.now,
    )  # fmt: skip
    act.session.add(minute)
    act.session.flush()
    act.session.expire(meeting, ["minutes"])
    return minute


def end(act: Act, call: Call, meeting: Meeting) -> None:
    """Close the meeting: everybody leaves."""
    _chair(act, call)
    _is_open(meeting)
    for presence in _present(meeting):
        presence.until_at = act.now
    meeting.ended_at, meeting.consensus_id = act.now, None
    act.session.flush()


@dataclass(frozen=True)
class OwnMeeting:
    """What an expert sees of a meeting by one consensus: whether it is open and turned to it, and its minutes on it."""

    is_open: bool
    is_here: bool
    is_now: bool
    sent_out_at: datetime | None  # while what they were sent out of is talked about
    present: list[str]
    minutes: list[Minute]


def own_meeting(act: Act, consensus: Consensus) -> OwnMeeting | None:
    """Give the meeting as far as it is about this consensus; None where none was ever opened."""
    call = consensus.application.call
    meeting = meeting_of(act, call)
    if meeting is None:
        return None
    names = names_of(act, consensus)
    here = [presence.person_id for presence in _present(meeting)]
    query = select(Minute).where(Minute.consensus_id == consensus.id).order_by(Minute.at, Minute.id)
    return OwnMeeting(
        meeting.ended_at is None,
        act.person_id in here,
        meeting.consensus_id == consensus.id,
        _sent_out_at(meeting, act.person_id),
        sorted(names[person] for person in here if person in names),
        list(act.session.scalars(query)),
    )


def _sent_out_at(meeting: Meeting, person_id: str | None) -> datetime | None:
    if person_id is None or not _is_sent_out(meeting, person_id):
        return None
    mine = (p for p in meeting.presences if p.person_id == person_id and p.sent_out_of == meeting.consensus_id)
    return max((p.until_at for p in mine if p.until_at), default=None)


def consensus_in(act: Act, call: Call, consensus_id: str) -> Consensus | None:
    """Find a consensus of the call that the chair may see."""
    of_call = select(Application.id).where(Application.call_id == call.id)
    query = visible(act, Consensus, "consensus.view").where(
        Consensus.id == consensus_id, Consensus.application_id.in_(of_call)
    )
    return act.session.scalar(query)
