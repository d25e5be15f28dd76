"""A person's deadlines as a calendar (RFC 5545) at a secret address that can be renewed and ended."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from icalendar import Calendar  # type: ignore[import-untyped]  # it brings no types
from icalendar import Event as Appointment
from sqlalchemy import select

from app import keys
from app.access import visible
from app.act import Act
from app.models import CalendarFeed, Call, Follow, Person
from app.services.calls.call import definition_of
from app.services.calls.enquiry import questions_until
from app.services.transitions import note
from app.services.work.task import Task
from app.services.work.work_time import all_tasks
from workflows.call import State
from workflows.relations import Relation as R
from workflows.words import Text, _

FRESH_FOR = timedelta(hours=1)  # programs ask again after it


def feed_of(act: Act) -> CalendarFeed | None:
    """The acting person's own, if any."""
    return act.session.get(CalendarFeed, act.person_id) if act.person_id else None


def renew_feed(act: Act) -> CalendarFeed:
    """Make an address, or a new one: the old one answers no more."""
    if act.person is None:
        raise LookupError("a calendar is somebody's")
    feed = feed_of(act) or CalendarFeed(person_id=act.person.id)
    _give_address(act, feed)
    act.session.add(feed)
    note(act, act.person, "renew_calendar", relation=R.SELF)
    return feed


def replace_address(act: Act, person: Person) -> None:
    """Give a person's calendar another address, where it has one: whoever knew the old one reads nothing more."""
    feed = act.session.get(CalendarFeed, person.id)
    if feed is not None:
        _give_address(act, feed)
        note(act, person, "renew_calendar", relation=R.SELF)


def _give_address(act: Act, feed: CalendarFeed) -> None:
    feed.salt, feed.made_at = act.chance.bytes(32), act.now
    feed.digest = _digest(token_of(feed))


def end_feed(act: Act) -> None:
    """Take the address away."""
    feed = feed_of(act)
    if feed is not None and act.person is not None:
        act.session.delete(feed)
        note(act, act.person, "end_calendar", relation=R.SELF)


def token_of(feed: CalendarFeed) -> str:
    """The secret part of the address; made of the server's key, so that only its digest is stored."""
    mac = keys.digest(keys.server_key(), "calendar", feed.person_id.encode(), feed.salt)
    return urlsafe_b64encode(mac).rstrip(b"=").decode()


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def reader_of(act: Act, token: str) -> Act | None:
    """Look as the person whose calendar it is, without any recent sign-in; None where the address is worth nothing."""
    feed = act.session.scalar(select(CalendarFeed).where(CalendarFeed.digest == _digest(token)))
    if feed is None or feed.person.disabled_at is not None:
        return None
    return replace(act, person=feed.person, proved_at=None, act_id=None)


@dataclass(frozen=True)
class Entry:
    """One deadline: what for, when, and on which page."""

    key: str
    title: Text
    params: dict[str, object]
    at: datetime
    noun: str
    thing_id: str


def entries_of(act: Act) -> list[Entry]:
    """Everything with a date that awaits the person, and what comes in the calls they follow."""
    tasks = (_of_task(task, task.due) for task in all_tasks(act) if task.due is not None)
    found = {entry.key: entry for entry in (*tasks, *_of_calls(act))}
    return sorted(found.values(), key=lambda entry: (entry.at, entry.key))


def _of_task(task: Task, due: datetime) -> Entry:
    key = f"{task.noun}-{task.thing_id}-{hashlib.sha256(repr(task.title).encode()).hexdigest()[:8]}"
    return Entry(key, task.title, task.params, due, task.noun, task.thing_id)


def _of_calls(act: Act) -> Iterator[Entry]:
    followed = select(Follow.thing_id).where(Follow.person_id == act.person_id, Follow.noun == "call")
    query = visible(act, Call, "call.view").where(
        Call.id.in_(followed), Call.state.in_([State.ANNOUNCED, State.OPEN]), Call.closes_at > act.now
    )
    for call in act.session.scalars(query.order_by(Call.id)):
        times = (
            ("opens", _("Opens: {name}"), call.opens_at),
            ("questions", _("Last moment for questions: {name}"), questions_until(call, definition_of(call))),
            ("closes", _("Deadline: {name}"), call.closes_at),
        )
        for key, title, at in times:
            if at > act.now:
                yield Entry(f"call-{call.id}-{key}", title, {"name": call.title}, at, "call", call.id)


def calendar_of(act: Act, say: Callable[[Text, dict[str, object]], str], address: Callable[[str, str], str]) -> bytes:
    """The calendar's bytes; times in UTC. `say` puts words into a language, `address` gives the page of a thing."""
    calendar = Calendar()
    calendar.add("prodid", "-//ESCP-S3//Deadlines//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", say(_("Deadlines"), {}))
    calendar.add("refresh-interval", FRESH_FOR, parameters={"VALUE": "DURATION"})
    for entry in entries_of(act):
        event = Appointment()
        event.add("uid", f"{entry.key}@escp-s3")
        event.add("dtstamp", act.now)
        event.add("dtstart", entry.at)
        event.add("summary", say(entry.title, entry.params))
        event.add("url", address(entry.noun, entry.thing_id))
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    data: bytes = calendar.to_ical()
    return data
