"""`perform()` is the only code that assigns a state; `create()` gives a thing its first one."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from app.access import relations_of
from app.act import Act
from app.models import Event, Remark, Thing
from app.models.base import Base
from app.services.record import GENESIS, Entry, hash_of, plain, plain_data
from app.services.standstill import standstill
from app.standing_in import Place, place_taken
from app.two_persons import ONE_IS_ENOUGH, Second, end_as_done, second_of
from workflows.effects import After, Cascade, Clear, Effect, Fill, Stamp, Then
from workflows.machine import Actor, Kind, Need, Row, granting
from workflows.relations import NOT_PERSONS
from workflows.relations import Relation as R
from workflows.verdict import ALLOWED, Reason, Verdict, refuse
from workflows.words import _

Data = Mapping[str, Any]


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """Not allowed, and here is why."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__("; ".join(reason.plain() for reason in verdict.reasons))
        self.verdict = verdict

    @property
    def reasons(self) -> tuple[Reason, ...]:
        return self.verdict.reasons


@dataclass(frozen=True)
class Done:
    """What effects are told: the row that was taken, its event, and what the person supplied."""

    row: Row
    event: Event
    data: Data


EffectFunction = Callable[[Act, Any, Done], None]
Selection = Callable[[Act, Any, Done], Iterable[Any]]
FactsFunction = Callable[[Act, Any], object]
FactsOfMany = Callable[[Act, Sequence[Any]], Mapping[str, object]]
AfterMany = Callable[[Act, Sequence[tuple[Any, Done]], After, Mapping[str, frozenset[str]]], None]


@dataclass
class Wiring:
    """How the values in the tables are done; filled once by `app.wiring`, so that services may call `perform`."""

    effects: dict[str, EffectFunction] = field(default_factory=dict)
    fills: dict[str, Callable[[Act, Any], None]] = field(default_factory=dict)
    selections: dict[str, Selection] = field(default_factory=dict)
    facts: dict[str, FactsFunction] = field(default_factory=dict)
    after: Callable[[Act, Any, Done, After, frozenset[str]], None] | None = None
    addressees: Callable[[Act, Any, After], frozenset[str]] | None = None
    # The same for many things of one kind, loaded at once; `facts_of_many` by noun, where there is such a function.
    facts_of_many: dict[str, FactsOfMany] = field(default_factory=dict)
    after_many: AfterMany | None = None
    addressees_of_many: Callable[[Act, Sequence[Any], After], Mapping[str, frozenset[str]]] | None = None


WIRING = Wiring()


def create(act: Act, thing: Thing, *, relation: R, data: Data | None = None, cause: Event | None = None) -> Event:
    """Give a new thing its id, its first state and its first event.

    The relation names who was allowed to make it: a person's, or CASCADE for what another act brings about.
    """
    return create_all(act, [(thing, relation, data or {})], cause=cause)[0]


def create_all(act: Act, made: Sequence[tuple[Thing, R, Data]], *, cause: Event | None = None) -> list[Event]:
    """Give many new things, each with its relation and data, what `create` gives one."""
    for thing, _relation, _data in made:
        thing.id = act.new_id()
        thing.created_at = thing.last_act_at = act.now
        thing.state = thing.__machine__.initial
        act.session.add(thing)
    act.session.flush()
    entries = [
        Entry(thing, thing.__noun__, "create", (None, thing.__machine__.initial.value), relation, data, cause)
        for thing, relation, data in made
    ]
    return write_all(act, entries, dict.fromkeys((entry.noun, entry.thing.id) for entry in entries))


def note(act: Act, thing: Base, name: str, *, relation: R, data: Data | None = None) -> Event:
    """Record an act that changes data and no state: a grant of office, a merge, a named helper."""
    noun = getattr(thing, "__noun__", thing.__tablename__)
    state = getattr(thing, "state", None)
    value = None if state is None else str(state.value)
    return _write(act, Entry(thing, noun, name, (value, value), relation, data or {}))


def verdict_on(act: Act, thing: Any, name: str) -> Verdict:  # noqa: ANN401
    """Say everything that stands against the act, without doing it."""
    row = thing.__machine__.row(name, thing.state)
    if row is None:
        return _not_from_here(thing)
    actor = Actor(act.person_id, relations_of(act, thing, row.by), act.signed_in_again)
    verdict: Verdict = thing.__machine__.verdict(row, WIRING.facts[thing.__noun__](act, thing), actor)
    verdict += place_taken(act, thing, row, actor, WIRING.facts[thing.__noun__]).verdict
    verdict += second_of(act, thing, row).verdict
    return verdict + standstill(f"{thing.__noun__}.{name}", thing)


def perform(
    act: Act,
    thing: Any,  # noqa: ANN401
    name: str,
    data: Data | None = None,
    *,
    by: R | None = None,
    cause: Event | None = None,
) -> Event:
    """Take one row: verdict, state, event, effects, outbox, in the caller's transaction.

    `by` is CLOCK or CASCADE where nobody acts. Raises `Refused` with all reasons; nothing is changed then. The same act
    id by the same person gives the first event again. What another person proposed is done as they proposed it.
    """
    if (earlier := _same_act(act, thing, name)) is not None:
        return earlier
    row, relation, place, second = _judge(act, thing, name, data or {}, by)
    data = second.data or data or {}
    told = [(later, WIRING.addressees(act, thing, later) if WIRING.addressees else frozenset()) for later in row.after]
    before = thing.state
    with act.session.no_autoflush:
        change(act, thing, row)
    states = before.value, thing.state.value
    said = kept(act, row, data) | place.told | second.told
    event = _write(act, Entry(thing, thing.__noun__, name, states, relation, said, cause))
    end_as_done(act, second)
    done = Done(row, event, data)
    for effect in row.then:
        follow(act, thing, done, effect)
    for later, before_it in told:
        if WIRING.after is not None:
            WIRING.after(act, thing, done, later, before_it)
    act.session.flush()
    return event


def _judge(act: Act, thing: Any, name: str, data: Data, by: R | None) -> tuple[Row, R, Place, Second]:  # noqa: ANN401
    """Find the row, what grants it, in whose place, after whose proposal. Raises `Refused` with all against it."""
    row: Row | None = thing.__machine__.row(name, thing.state)
    if row is None:
        raise Refused(_not_from_here(thing))
    nobody = by in NOT_PERSONS
    relations = frozenset({by}) if by and nobody else relations_of(act, thing, row.by)
    actor = Actor(None if nobody else act.person_id, relations, act.signed_in_again)
    facts_of = WIRING.facts[thing.__noun__]
    place = place_taken(act, thing, row, actor, facts_of)
    second = ONE_IS_ENOUGH if nobody else second_of(act, thing, row)
    more = place.verdict + second.verdict
    return row, judge_on(thing, row, second.data or data, actor, facts_of(act, thing), more), place, second


def judge_on(thing: Any, row: Row, data: Data, actor: Actor, facts: object, more: Verdict = ALLOWED) -> R:  # noqa: ANN401
    """Give the relation that grants a row, on these facts. Raises `Refused` with everything that stands against it."""
    verdict = thing.__machine__.verdict(row, facts, actor) + more + _supplied(row, data)
    if not actor.relations & NOT_PERSONS:
        verdict += standstill(f"{thing.__noun__}.{row.name}", thing)
    if not verdict:
        raise Refused(verdict)
    return granting(row, actor.relations)


def change(act: Act, thing: Any, row: Row) -> None:  # noqa: ANN401
    """Assign the state and the columns that must change with it, before anything is flushed."""
    if row.target is not None:
        thing.state = row.target
    thing.last_act_at = act.now  # the row's version counts each act, one that leaves the state as well
    for value in row.then:
        match value:
            case Stamp(moment, person):
                _set(thing, {moment: act.now, person: act.person_id})
            case Clear(columns):
                _set(thing, dict.fromkeys(columns))
            case Fill(name):
                WIRING.fills[name](act, thing)


def _set(thing: Any, columns: dict[str, Any]) -> None:  # noqa: ANN401
    for column, value in columns.items():
        if column:
            setattr(thing, column, value)


def follow(act: Act, thing: Any, done: Done, effect: Then) -> None:  # noqa: ANN401
    if isinstance(effect, Effect):
        WIRING.effects[effect.name](act, thing, done)
        act.session.flush()
    if not isinstance(effect, Cascade):
        return
    for child in list(WIRING.selections[effect.which](act, thing, done)):
        try:
            perform(act, child, effect.row, done.data, by=R.CASCADE, cause=done.event)
        except Refused as refused:
            text = _("{noun} {id} refuses: {why}")
            raise Refused(
                refuse("child-refuses", text, noun=child.__noun__, id=child.id, why=str(refused)) + refused.verdict
            ) from refused


def _same_act(act: Act, thing: Thing, name: str) -> Event | None:
    earlier = earlier_act(act)
    if earlier is None or (earlier.thing_id, earlier.name) == (thing.id, name):
        return earlier
    raise Refused(refuse("act-id-used", _("This form was sent before for something else. Open the page again.")))


def earlier_act(act: Act) -> Event | None:
    """Find the event that the same person's same act id wrote in an earlier request."""
    if act.act_id is None or act.person is None or act.written:
        return None
    return act.session.scalar(select(Event).where(Event.act_id == act.act_id, Event.actor_id == act.person_id))


def _not_from_here(thing: Any) -> Verdict:  # noqa: ANN401
    state = thing.__machine__.names[thing.state].applicant
    return refuse("wrong-state", _("This can't be done now: the state is “{state}”."), state=state)


def _supplied(row: Row, data: Data) -> Verdict:
    missing = [need for need in row.needs if need.required and not data.get(need.name)]
    return Verdict(
        tuple(Reason(f"missing-{need.name}", _("Fill in: {field}."), {"field": need.label}) for need in missing)
    )


def kept(act: Act, row: Row, data: Data) -> dict[str, Any]:
    return {need.name: _kept_value(act, need, data[need.name]) for need in row.needs if data.get(need.name) is not None}


def _kept_value(act: Act, need: Need, value: Any) -> Any:  # noqa: ANN401
    if need.kind in (Kind.TEXT, Kind.LONG_TEXT):
        return remark(act, str(value)) if value else None
    return plain(value)


def remark(act: Act, text: str) -> dict[str, str]:
    """Keep free text beside the event; the event has its id and a salted digest, so that it can be erased."""
    salt = act.chance.bytes(16)
    row = Remark(id=act.new_id(), text=text, salt=salt, written_by=act.person_id, written_at=act.now)
    act.session.add(row)
    return {"remark": row.id, "digest": hmac.new(salt, text.encode(), hashlib.sha256).hexdigest()}


def _write(act: Act, entry: Entry) -> Event:
    act.session.flush()
    query = select(Event).where(Event.noun == entry.noun, Event.thing_id == entry.thing.id)
    last = act.session.scalar(query.order_by(Event.number.desc()).limit(1))
    return write_all(act, [entry], {(entry.noun, entry.thing.id): last})[0]


def write_all(act: Act, entries: Sequence[Entry], last: Mapping[tuple[str, str], Event | None]) -> list[Event]:
    """Write the events of an act, one for each thing, each chained to the last of its thing as the database has it."""
    events = []
    for entry in entries:
        events.append(_event(act, entry, last[entry.noun, entry.thing.id]))
        act.session.add(events[-1])
        act.written = True
    act.session.flush()
    return events


def _event(act: Act, entry: Entry, last: Event | None) -> Event:
    event = Event(
        id=act.new_id(),
        noun=entry.noun,
        thing_id=entry.thing.id,
        number=(last.number + 1) if last else 1,
        name=entry.name,
        from_state=entry.states[0],
        to_state=entry.states[1],
        actor_id=None if entry.relation is R.CLOCK else act.person_id,
        relation=entry.relation.value,
        data=plain_data(entry.data),
        at=act.now,
        request_id=act.request_id,
        act_id=None if act.written else act.act_id,
        cause_id=entry.cause.id if entry.cause else None,
        previous_hash=last.hash if last else GENESIS,
    )
    event.hash = hash_of(event)
    return event
