"""The outbox: once, in order, retried, taken over, given up loudly."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from app.act import Act
from app.jobs import LEASE, PAUSES, Finish, Handler, Hopeless, Worker, claim
from app.models import Job, Remark, Status
from app.outbox import enqueue
from tests.support.world import World


def _worker(world: World, handler: Handler) -> Worker:
    return Worker(world.database, {"test": handler}, lambda: world.now, lambda: world.chance)


def _does(effect: str) -> Handler:
    def work(args: dict[str, Any], _job: str) -> Finish:
        def finish(act: Act) -> dict[str, Any]:
            act.session.add(Remark(id=act.new_id(), text=f"{effect} {args['n']}", written_at=act.now))
            return {"done": effect}

        return finish

    return work


def _fails(error: Exception) -> Handler:
    def work(_args: dict[str, Any], _job: str) -> Finish:
        raise error

    return work


def _enqueue(world: World, *numbers: int) -> None:
    with world.act() as act:
        for n in numbers:
            enqueue(act, "test", f"test:{n}", {"n": n})


def _jobs(world: World) -> list[Job]:
    with world.look() as act:
        return list(act.session.scalars(select(Job).order_by(Job.key)))


def _effects(world: World) -> list[str | None]:
    with world.look() as act:
        return sorted(text or "" for text in act.session.scalars(select(Remark.text)))


def test_a_job_is_done_once_and_its_effect_written_with_its_end(world: World) -> None:
    _enqueue(world, 1, 2)

    count = _worker(world, _does("did")).run_until_idle()

    assert count == 2
    assert _effects(world) == ["did 1", "did 2"]
    assert [(job.status, job.outcome, job.attempt) for job in _jobs(world)] == [(Status.DONE, {"done": "did"}, 1)] * 2


def test_the_same_key_is_the_same_job(world: World) -> None:
    _enqueue(world, 1)
    _enqueue(world, 1)

    assert len(_jobs(world)) == 1


def test_a_job_whose_act_was_rolled_back_was_never_there(world: World) -> None:
    with pytest.raises(RuntimeError), world.act() as act:
        enqueue(act, "test", "test:1", {"n": 1})
        raise RuntimeError("the act fails")

    assert _jobs(world) == []


def test_a_failing_job_is_tried_again_with_growing_pauses_and_then_given_up(world: World) -> None:
    _enqueue(world, 1)
    worker = _worker(world, _fails(OSError("no connection")))
    waits = []

    for _ in range(len(PAUSES)):
        assert worker.run_one()
        (job,) = _jobs(world)
        waits.append(job.run_at - world.now)
        assert not worker.run_one()
        world.now = job.run_at
    assert worker.run_one()

    (job,) = _jobs(world)
    assert tuple(waits) == PAUSES
    assert (job.status, job.error) == (Status.FAILED, "OSError: no connection")


def test_a_hopeless_job_fails_at_once(world: World) -> None:
    _enqueue(world, 1)

    _worker(world, _fails(Hopeless("the font lacks a sign"))).run_one()

    (job,) = _jobs(world)
    assert (job.status, job.attempt) == (Status.FAILED, 1)


def test_a_job_of_a_silent_worker_is_taken_over_after_the_lease_and_written_once(world: World) -> None:
    _enqueue(world, 1)
    with world.database.writing() as session:
        first = claim(session, world.now, frozenset({"test"}))
        session.commit()
    assert first is not None
    slow = _worker(world, _does("slow"))
    assert not _worker(world, _does("quick")).run_one(), "the lease still holds"

    world.later(seconds=LEASE.total_seconds() + 1)
    assert _worker(world, _does("quick")).run_one()
    slow._finish(first, _does("slow")({"n": 1}, first.id))

    assert _effects(world) == ["quick 1"]
    (job,) = _jobs(world)
    assert (job.status, job.fence) == (Status.DONE, 2)


def test_jobs_of_other_kinds_are_left_alone(world: World) -> None:
    with world.act() as act:
        enqueue(act, "other", "other:1", {})

    assert not _worker(world, _does("did")).run_one()
    assert _jobs(world)[0].run_at <= world.now + timedelta(0)


def test_a_worker_outlives_a_database_that_does_not_answer(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """Twice the database is away, as it is while locked or restarting; then the job is done."""
    _enqueue(world, 1)
    away = iter([OperationalError("select", {}, OSError("gone"))] * 2)
    stop = threading.Event()

    def now() -> datetime:
        if (failure := next(away, None)) is not None:
            raise failure
        return world.now

    def work(_args: dict[str, Any], _job: str) -> Finish:
        stop.set()
        return lambda _act: {"done": True}

    Worker(world.database, {"test": work}, now, lambda: world.chance).run_forever(stop, pause=0.01)

    assert [job.status for job in _jobs(world)] == [Status.DONE]
    assert caplog.text.count("the outbox could not be read or written") == 2
