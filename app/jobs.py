"""The worker's side of the outbox: claim, work, finish.

Three steps, each in its own transaction: a job is claimed with a lease and a fence; the work is done outside any
transaction while a thread renews the lease; the end is written only if the fence still is ours. What a job does outside
the database may happen twice and must do no harm then.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, bindparam, select, union_all, update
from sqlalchemy.orm import Session

from app.act import Act
from app.chance import Chance, new_id
from app.db import Database
from app.models import Job, Status

LEASE = timedelta(seconds=60)
PAUSES = (timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))
log = logging.getLogger(__name__)

Finish = Callable[[Act], dict[str, Any] | None]  # runs in the job's last transaction; what it returns is the outcome
Handler = Callable[[dict[str, Any], str], Finish]  # (args, job id); works outside any transaction


class Hopeless(Exception):  # noqa: N818 - a judgement on the job
    """Trying again would not help: the job fails at once, and doctor tells."""


class NotYet(Exception):  # noqa: N818 - a judgement on the job
    """Something outside does not answer: tried again for as long as it takes, in the longest pause in the end."""


@dataclass(frozen=True)
class Claim:
    id: str
    kind: str
    args: dict[str, Any]
    fence: int
    attempt: int


def _first(due: ColumnElement[bool], *, locked: bool) -> Select[str, datetime]:
    """Ask for the oldest of one status, so that the index gives it without a look at those behind it."""
    query = select(Job.id, Job.run_at).where(due, Job.kind.in_(bindparam("kinds", expanding=True)))
    query = query.order_by(Job.run_at, Job.id).limit(1)
    return query.with_for_update(skip_locked=True) if locked else query


def _oldest(*, locked: bool) -> ScalarSelect[str]:
    waiting = and_(Job.status == Status.WAITING, Job.run_at <= bindparam("now"))
    silent = and_(Job.status == Status.RUNNING, Job.lease_until < bindparam("now"))
    firsts = [select(_first(due, locked=locked).subquery()) for due in (waiting, silent)]
    due = union_all(*firsts).subquery()
    return select(due.c.id).order_by(due.c.run_at, due.c.id).limit(1).scalar_subquery()


_UPDATE = update(Job).execution_options(synchronize_session=False)  # no session here holds a job
# Built once: a worker asks these for every job.
_DUE = select(_oldest(locked=False))
_TAKEN = (
    update(Job)
    .where(Job.id == _oldest(locked=True))
    .values(status=Status.RUNNING, lease_until=bindparam("until"), fence=Job.fence + 1, attempt=Job.attempt + 1)
    .returning(Job.id, Job.kind, Job.args, Job.fence, Job.attempt)
    .execution_options(synchronize_session=False)
)


def claim(session: Session, now: datetime, kinds: frozenset[str]) -> Claim | None:
    """Take the oldest job that is due, or one whose worker went silent."""
    taken = session.execute(_TAKEN, {"now": now, "kinds": sorted(kinds), "until": now + LEASE}).one_or_none()
    return None if taken is None else Claim(*taken)


class Worker:
    """Runs jobs one at a time; several workers, in threads or processes, may run beside each other."""

    def __init__(
        self,
        database: Database,
        handlers: dict[str, Handler],
        clock: Callable[[], datetime],
        chance: Callable[[], Chance],
    ) -> None:
        self._database, self._handlers, self._clock, self._chance = database, handlers, clock, chance
        self._kinds = frozenset(handlers)
        self._had_one = False

    def run_forever(self, stop: threading.Event, pause: float = 0.5) -> None:
        """Run until told to stop. A database that does not answer for a while is no reason to end."""
        while not stop.is_set():
            try:
                busy = self.run_one()
            except Exception:  # what was claimed is taken again when its lease ends
                log.exception("the outbox could not be read or written")
                busy = False
            if not busy:
                stop.wait(pause)

    def run_until_idle(self) -> int:
        """Run what is due; says how many jobs that were."""
        count = 0
        while self.run_one():
            count += 1
        return count

    def run_one(self) -> bool:
        job = self._claimed() if self._had_one or self._something_is_due() else None
        self._had_one = job is not None
        if job is None:
            return False
        try:
            with self._renewed(job):
                finish = self._handlers[job.kind](job.args, job.id)
            self._finish(job, finish)
        except Exception as error:  # the job runner's task: note it on the job and go on with the next
            log.exception("job %s (%s) failed at attempt %s", job.id, job.kind, job.attempt)
            self._fail(job, error)
        return True

    def _something_is_due(self) -> bool:
        """Look without the write lock, which an idle worker does not take."""
        with self._database.reading() as session:
            return session.scalar(_DUE, {"now": self._clock(), "kinds": sorted(self._kinds)}) is not None

    def _claimed(self) -> Claim | None:
        with self._database.writing() as session:
            job = claim(session, self._clock(), self._kinds)
            session.commit()
        return job

    @contextmanager
    def _renewed(self, job: Claim) -> Iterator[None]:
        done = threading.Event()

        def renew() -> None:
            while not done.wait(LEASE.total_seconds() / 3):
                try:
                    with self._database.writing() as session:
                        mine = update(Job).where(Job.id == job.id, Job.fence == job.fence)
                        session.execute(mine.values(lease_until=self._clock() + LEASE))
                        session.commit()
                except Exception:  # tried again in time; if the lease ends all the same, the fence keeps us out
                    log.exception("the lease of job %s could not be renewed", job.id)

        thread = threading.Thread(target=renew, daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()

    def _finish(self, job: Claim, finish: Finish) -> None:
        chance = self._chance()
        with self._database.writing() as session:
            now = self._clock()
            mine = _UPDATE.where(Job.id == job.id, Job.fence == job.fence, Job.status == Status.RUNNING)
            ended = mine.values(status=Status.DONE, ended_at=now, lease_until=None, error="").returning(Job.id)
            if session.execute(ended).one_or_none() is None:
                session.rollback()  # somebody else took it over: the effect is theirs
                return
            outcome = finish(Act(session, now, chance, f"job-{new_id(chance)}"))
            session.execute(_UPDATE.where(Job.id == job.id).values(outcome=outcome))
            session.commit()

    def _fail(self, job: Claim, error: Exception) -> None:
        now = self._clock()
        last = job.attempt > len(PAUSES)
        hopeless = isinstance(error, Hopeless) or (last and not isinstance(error, NotYet))
        values: dict[str, Any] = {"error": f"{type(error).__name__}: {error}"[:4000], "lease_until": None}
        if hopeless:
            values |= {"status": Status.FAILED, "ended_at": now}
        else:
            values |= {"status": Status.WAITING, "run_at": now + PAUSES[min(job.attempt, len(PAUSES)) - 1]}
        with self._database.writing() as session:
            session.execute(update(Job).where(Job.id == job.id, Job.fence == job.fence).values(**values))
            session.commit()
