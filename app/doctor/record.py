"""The record: chains, replay against the tables, jobs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.doctor.finding import Found
from app.models import THINGS, Event, Job, Status
from app.services.record import GENESIS, format_of
from workflows.machine import Machine
from workflows.machines import MACHINES
from workflows.relations import Relation


def _histories(session: Session) -> Iterator[tuple[tuple[str, str], list[Event]]]:
    events = session.scalars(
        select(Event).order_by(Event.noun, Event.thing_id, Event.number).execution_options(yield_per=1000)
    )
    for key, group in groupby(events, key=lambda event: (event.noun, event.thing_id)):
        yield key, list(group)


def chains_verify(session: Session, _now: datetime) -> Found:
    """Each event hashes to what it says and names the hash of the one before (threats.md 31)."""
    for (noun, thing_id), events in _histories(session):
        previous, before = GENESIS, 1
        for place, event in enumerate(events, start=1):
            form = format_of(event) or 0
            if event.number != place or event.previous_hash != previous or form < before:
                yield f"{noun} {thing_id}", f"the chain breaks at entry {place} ({event.name})"
                break
            previous, before = event.hash, form


def events_replay(session: Session, _now: datetime) -> Found:
    """The events of each thing, taken through its table, lead to the state it has."""
    for (noun, thing_id), events in _histories(session):
        if noun not in MACHINES:
            continue
        machine, state = MACHINES[noun], None
        for event in events:
            if (fault := _fault(machine, event, state)) is not None:
                yield f"{noun} {thing_id}", fault
                break
            state = event.to_state
        else:
            stored: Any = session.get(THINGS[noun], thing_id)
            if stored is not None and stored.state.value != state:
                yield f"{noun} {thing_id}", f"is {stored.state.value}, but its events lead to {state}"


def _fault(machine: Machine, event: Event, state: str | None) -> str | None:
    if event.name == "create":
        return (
            None if state is None and event.to_state == machine.initial.value else "is made twice or in a wrong state"
        )
    if event.from_state != state:
        return f"{event.name} starts from {event.from_state}, not from {state}"
    row = machine.row(event.name, machine.states(event.from_state)) if event.from_state else None
    if row is None:
        return None if event.from_state == event.to_state else f"there is no {event.name} from {event.from_state}"
    target = row.target.value if row.target is not None else event.from_state
    if event.to_state != target:
        return f"{event.name} leads to {target}, not to {event.to_state}"
    return None if Relation(event.relation) in row.by else f"{event.name} is not for {event.relation}"


def every_thing_has_its_first_event(session: Session, _now: datetime) -> Found:
    """Nothing with a state exists without the record of its making."""
    for noun, model in THINGS.items():
        made = select(Event.thing_id).where(Event.noun == noun, Event.number == 1)
        for thing_id in session.scalars(select(model.id).where(model.id.not_in(made))):
            yield f"{noun} {thing_id}", "has no first event"


def no_job_has_failed(session: Session, _now: datetime) -> Found:
    for job in session.scalars(select(Job).where(Job.status == Status.FAILED)):
        yield f"job {job.id}", f"{job.kind} failed {job.attempt} times: {job.error}"
