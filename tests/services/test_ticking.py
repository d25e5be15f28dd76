"""Rows of time: any number of ticks, at any distance, come to the same."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from app.chance import Seeded
from app.models import Call, Event
from app.services.transitions import perform
from app.ticking import DUE, LEASE, clock_rows, holds_lease, tick
from tests.support.world import AFTER_CLOSING, World
from workflows.call import State
from workflows.relations import Relation as R


def test_every_row_of_the_clock_says_what_may_be_due() -> None:
    assert {(noun, row.name) for noun, row in clock_rows()} == set(DUE)


def test_a_call_closes_once_however_often_the_clock_ticks(world: World) -> None:
    call = world.call()
    world.now = AFTER_CLOSING

    taken = [tick(world.database, world.now, Seeded(n)) for n in range(3)]

    with world.look() as act:
        state = act.session.get_one(Call, call.id).state
        closings = act.session.scalars(select(Event).where(Event.thing_id == call.id, Event.name == "close")).all()
    assert taken == [1, 0, 0]
    assert state is State.CLOSED
    assert [(e.actor_id, e.relation) for e in closings] == [(None, R.CLOCK.value)]


def test_a_tick_that_comes_late_takes_both_opening_and_closing(world: World) -> None:
    call = world.call(opened=False)
    manager = world.person("Mona", None, R.CALL_MANAGER)
    with world.act(manager) as act:
        perform(act, act.session.get_one(Call, call.id), "announce")
    world.now = AFTER_CLOSING

    tick(world.database, world.now, Seeded(1))

    with world.look() as act:
        assert act.session.get_one(Call, call.id).state is State.CLOSED


def test_exactly_at_the_deadline_is_closed(world: World) -> None:
    call = world.call()
    world.now = call.closes_at - timedelta(microseconds=1)
    before = tick(world.database, world.now, Seeded(1))
    world.now = call.closes_at

    assert (before, tick(world.database, world.now, Seeded(2))) == (0, 1)


def test_one_process_runs_the_clock_and_another_takes_over_when_it_falls_silent(world: World) -> None:
    first = holds_lease(world.database, "one", world.now)
    second = holds_lease(world.database, "two", world.now)
    again = holds_lease(world.database, "one", world.now + timedelta(seconds=10))
    later = world.now + timedelta(seconds=11) + LEASE

    assert (first, second, again, holds_lease(world.database, "two", later)) == (True, False, True, True)
