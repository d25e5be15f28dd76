"""One row taken on many things as one act: judged as each alone would be, on data that is loaded once for all of them.

Thousands of tasks are published in one transaction. What `perform` asks of the database for one thing, this asks once
for all: relations, facts, addressees, the last entry of each chain, the mails that are there already.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from app.access import relations_of_many
from app.act import Act
from app.models import Event
from app.services.record import Entry
from app.services.transitions import WIRING, Data, Done, change, follow, judge_on, kept, perform, write_all
from app.some import parts_of
from workflows.machine import Actor, Row
from workflows.relations import Relation as R
from workflows.two_persons import SETTABLE


def perform_all(act: Act, things: Sequence[Any], name: str, data: Data | None = None) -> None:
    """Take a row on each of many things of one kind, all or none. Raises `Refused` as the first of them refuses.

    All are judged before any is changed, so what the act does to one must not decide on another. Within an act that
    has written its event; an act of its own, and things that stand in rows of their own, are taken one by one.
    """
    rows = {id(row): row for row in (thing.__machine__.row(name, thing.state) for thing in things)}
    row = next(iter(rows.values()), None)
    alone = row is None or len(rows) > 1 or not act.written or R.STAND_IN in row.by
    alone = alone or f"{things[0].__noun__}.{name}" in SETTABLE
    if row is None or alone or len({type(thing) for thing in things}) > 1:
        for thing in things:
            perform(act, thing, name, data)
        return
    granted = _judge(act, things, row, data or {})
    told = [(later, WIRING.addressees_of_many(act, things, later)) for later in row.after if WIRING.addressees_of_many]
    states = {thing.id: thing.state.value for thing in things}
    with act.session.no_autoflush:
        for thing in things:
            change(act, thing, row)
    entries = [
        Entry(thing, thing.__noun__, name, (states[thing.id], thing.state.value), granted[thing.id], said)
        for thing, said in ((thing, kept(act, row, data or {})) for thing in things)
    ]
    events = write_all(act, entries, _last_of(act, things))
    done = [(thing, Done(row, event, data or {})) for thing, event in zip(things, events, strict=True)]
    for thing, of_it in done:
        for effect in row.then:
            follow(act, thing, of_it, effect)
    for later, before in told:
        if WIRING.after_many is not None:
            WIRING.after_many(act, done, later, before)
    act.session.flush()


def _judge(act: Act, things: Sequence[Any], row: Row, data: Data) -> dict[str, R]:
    """Ask every guard of the row about every thing."""
    noun = things[0].__noun__
    held = relations_of_many(act, things, row.by)
    if noun in WIRING.facts_of_many:
        facts: Mapping[str, object] = WIRING.facts_of_many[noun](act, things)
    else:
        facts = {thing.id: WIRING.facts[noun](act, thing) for thing in things}
    return {
        thing.id: judge_on(thing, row, data, Actor(act.person_id, held[thing.id], act.signed_in_again), facts[thing.id])
        for thing in things
    }


def _last_of(act: Act, things: Sequence[Any]) -> dict[tuple[str, str], Event | None]:
    """Find the last entry of each thing's chain."""
    act.session.flush()
    noun = things[0].__noun__
    last: dict[tuple[str, str], Event | None] = {(noun, thing.id): None for thing in things}
    for part in parts_of([thing.id for thing in things]):
        query = select(Event).where(Event.noun == noun, Event.thing_id.in_(part)).order_by(Event.number)
        for event in act.session.scalars(query):
            last[noun, event.thing_id] = event
    return last
