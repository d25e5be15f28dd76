"""Tries counted for all processes together.

On PostgreSQL in the application's database. SQLite has one writer, and a count must outlast the request that is rolled
back because of it, so there the counts stand in a file of their own beside the database.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.db import WRITES, Database
from app.keys import digest
from app.limits import LIMITS, READ_ONLY, Limit, Limiter, Limits
from app.models import Base, Tries
from config import Settings

FORGET_EVERY = timedelta(minutes=10)
LONG_AGO = datetime.min.replace(tzinfo=UTC)
INSERT: dict[str, Callable[..., Any]] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


@dataclass
class SharedLimiter:
    """Counts in a database, one row for each thing tried; the row's lock makes the count exact."""

    database: Database
    key: bytes
    limits: dict[str, Limit] = field(default_factory=lambda: LIMITS)
    _own: Limiter = field(default_factory=Limiter)
    _forgot_at: datetime = LONG_AGO

    def wait(self, name: str, key: str, now: datetime) -> timedelta | None:
        """Count one try. Gives the time to wait where there were too many; such a try is not counted."""
        if name in READ_ONLY:
            return self._own.wait(name, key, now)
        self._forget_old(now)
        limit, of = self.limits[name], self._of(name, key)
        with self.database.writing() as session:
            row = self._locked(session, name, of, now)
            counted = [m for m in map(datetime.fromisoformat, row.moments) if now - m < limit.within]
            if len(counted) >= limit.times:
                return limit.within - (now - counted[0])
            row.moments = [m.isoformat() for m in (*counted, now)]
            row.forget_at = now + limit.within
            session.commit()
        return None

    def forget(self, name: str, key: str) -> None:
        """Begin anew: after a success."""
        if name in READ_ONLY:
            self._own.forget(name, key)
            return
        with self.database.writing() as session:
            session.execute(delete(Tries).where(Tries.name == name, Tries.of == self._of(name, key)))
            session.commit()

    def _of(self, name: str, key: str) -> str:
        return digest(self.key, "tries", name.encode(), key.encode()).hex()

    def _locked(self, session: Session, name: str, of: str, now: datetime) -> Tries:
        empty = INSERT[self.database.engine.dialect.name](Tries).values(name=name, of=of, moments=[], forget_at=now)
        session.execute(empty.on_conflict_do_nothing())
        return session.scalars(select(Tries).where(Tries.name == name, Tries.of == of).with_for_update()).one()

    def _forget_old(self, now: datetime) -> None:
        if now - self._forgot_at < FORGET_EVERY:
            return
        self._forgot_at = now
        with self.database.writing() as session:
            old = select(Tries.of).where(Tries.forget_at < now).with_for_update(skip_locked=True)
            session.execute(delete(Tries).where(Tries.of.in_(old)))
            session.commit()


def limiter_of(settings: Settings, database: Database) -> Limits:
    """Give what counts tries in this process: in memory, or together with others where the settings say so."""
    if not settings.shared_limits:
        return Limiter()
    if database.engine.dialect.name != "sqlite":
        return SharedLimiter(database, settings.secret_key)
    own = Database(f"sqlite:///{settings.data / 'tries.sqlite3'}", durable=False)
    with own.engine.execution_options(**{WRITES: True}).begin() as connection:
        Base.metadata.create_all(connection, tables=[cast("Table", Tries.__table__)])
    return SharedLimiter(own, settings.secret_key)
