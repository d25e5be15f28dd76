"""Named stand-ins: who signs in the place of a programme manager, on which days, and what they did there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select

from app.access import can, visible
from app.act import Act
from app.models import THINGS, Event, OfficeHolding, Person, Remark, StandIn
from app.outbox import enqueue_mail
from app.services.documents.paper_heads import day_text, end_of_day, local_day
from app.services.history import Happened, told_of
from app.services.permitted import one_at_a_time, relation_for
from app.services.transitions import Refused, note, remark
from app.urls import path_of
from workflows.machine import Actor, signed_in_again
from workflows.relations import MAY_STAND_IN
from workflows.relations import Relation as R
from workflows.verdict import Verdict, refuse
from workflows.words import _

ZONE = "Europe/Brussels"  # whose days the dates are
LONGEST = 366  # days


@dataclass(frozen=True)
class Taken:
    """One act in somebody's place: what, on what, and the page of it."""

    happened: Happened
    noun: str
    path: str


def possible_stand_ins(act: Act) -> list[Person]:
    """Give everybody else who may be named: call managers and programme managers, by name."""
    holding = select(OfficeHolding.person_id).where(
        OfficeHolding.office.in_(MAY_STAND_IN),
        OfficeHolding.since <= act.now,
        or_(OfficeHolding.until.is_(None), OfficeHolding.until > act.now),
    )
    query = select(Person).where(Person.id.in_(holding), Person.disabled_at.is_(None), Person.id != act.person_id)
    return list(act.session.scalars(query.order_by(Person.name, Person.id)))


def all_stand_ins(act: Act) -> list[StandIn]:
    """Give every stand-in there ever was, the last days first."""
    query = visible(act, StandIn, "standin.view").order_by(StandIn.until.desc(), StandIn.id)
    return list(act.session.scalars(query))


def name_stand_in(act: Act, person: Person, first: date, last: date, reason: str) -> StandIn:
    """Name somebody to sign in one's place from the beginning of one day until the end of another, in Brussels.

    Raises `Refused` where the sign-in is not fresh, they hold no such office, or they stand in for one then already.
    """
    relation = relation_for(act, "standin.name", None)
    since = max(act.now, datetime.combine(first, time(), tzinfo=ZoneInfo(ZONE)))
    until = end_of_day(last, ZONE)
    principal = act.session.get_one(Person, act.person_id)
    one_at_a_time(act, principal)
    if not (verdict := _may_be_named(act, person, since, until) + _asked(reason, first, last)):
        raise Refused(verdict)
    told = remark(act, reason.strip())
    act.session.flush()
    named = StandIn(
        id=act.new_id(), principal_id=principal.id, person_id=person.id, since=since, until=until,
        reason_id=told["remark"], named_at=act.now,
    )  # fmt: skip
    act.session.add(named)
    act.session.flush()
    data = {"person": person.id, "since": since, "until": until, "reason": told}
    note(act, named, "name_stand_in", relation=relation, data=data)
    _tell(act, named, "stand_in_named")
    return named


def _asked(reason: str, first: date, last: date) -> Verdict:
    found = Verdict()
    if not reason.strip():
        found += refuse("missing-reason", _("Fill in: {field}."), field=_("Reason"))
    if last - first >= timedelta(days=LONGEST):
        found += refuse("too-long", _("Name a stand-in for at most {days} days."), days=LONGEST)
    return found


def _may_be_named(act: Act, person: Person, since: datetime, until: datetime) -> Verdict:
    found = signed_in_again(None, Actor(act.person_id, frozenset(), act.signed_in_again))
    if person not in possible_stand_ins(act):
        found += refuse("no-stand-in", _("Choose another person of the office, a call manager or programme manager."))
    if until <= since:
        found += refuse("ends-before", _("The last day is before the first, or over."))
    query = select(StandIn.id).where(
        StandIn.principal_id == act.person_id, StandIn.person_id == person.id, StandIn.ended_at.is_(None),
        StandIn.since < until, StandIn.until > since,
    )  # fmt: skip
    if act.session.scalar(query) is not None:
        found += refuse("named-then", _("This person stands in for you on some of these days: take that back first."))
    return found


def take_back(act: Act, named: StandIn) -> None:
    """End it at this moment; what was signed stays signed. Raises `Refused` where it is over."""
    relation = relation_for(act, "standin.end", named)
    if is_over(act, named):
        raise Refused(refuse("over", _("It is over already.")))
    named.ended_at = act.now
    note(act, named, "take_back_stand_in", relation=relation)
    _tell(act, named, "stand_in_ended")


def _tell(act: Act, named: StandIn, template: str) -> None:
    about = {"noun": "standin", "thing": named.id}
    enqueue_mail(act, template, person_id=named.person_id, address=named.person.email, about=about, key=named.id)


def is_over(act: Act, named: StandIn) -> bool:
    return named.ended_at is not None or named.until <= act.now


def reason_of(act: Act, named: StandIn) -> str:
    """The reason it was named for; empty once erased."""
    found = act.session.get(Remark, named.reason_id)
    return (found.text or "") if found else ""


def last_day(named: StandIn) -> date:
    return local_day(named.until - timedelta(microseconds=1), ZONE)


def first_day(named: StandIn) -> date:
    return local_day(named.since, ZONE)


def taken_by(act: Act, named: StandIn) -> list[Taken]:
    """Give what was done in the place of the principal, newest first, on what the reader may see."""
    query = select(Event).where(Event.relation == R.STAND_IN.value, Event.actor_id == named.person_id)
    mine = [e for e in act.session.scalars(query.order_by(Event.at.desc())) if e.data.get("stand_in") == named.id]
    things: dict[str, Any] = {event.thing_id: act.session.get(THINGS[event.noun], event.thing_id) for event in mine}
    seen = {key for key, thing in things.items() if thing is not None and can(act, f"{thing.__noun__}.view", thing)}
    return [
        Taken(told_of(act, event), event.noun, path_of(event.noun, event.thing_id))
        for event in mine
        if event.thing_id in seen
    ]


def stood_in(act: Act, thing: Any, name: str) -> StandIn | None:  # noqa: ANN401 - any thing with a machine
    """Find the stand-in under which a row was taken last, if it was."""
    query = select(Event).where(Event.noun == thing.__noun__, Event.thing_id == thing.id, Event.name == name)
    last = act.session.scalar(query.order_by(Event.number.desc()).limit(1))
    return act.session.get(StandIn, last.data["stand_in"]) if last and "stand_in" in last.data else None


def signature_of(act: Act, person: Person, thing: Any, names: Sequence[str] = ("sign",)) -> str:  # noqa: ANN401
    """Write who signed as it stands under an act or a letter, and in whose place."""
    named = next((found for name in names if (found := stood_in(act, thing, name)) is not None), None)
    if named is None or named.person_id != person.id:
        return SIGNED.format(name=person.name)
    return SIGNED_FOR.format(
        name=person.name, principal=named.principal.name, named=day_text(local_day(named.named_at, ZONE)),
        first=day_text(first_day(named)), last=day_text(last_day(named)),
    )  # fmt: skip


SIGNED = _("{name}, programme manager")
SIGNED_FOR = _("{name}, standing in for {principal}, programme manager (named on {named} for {first} to {last})")
