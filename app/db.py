"""The engine and its sessions. A reading session cannot write; a writing one takes its lock at once."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.orm import Session, sessionmaker

# Who may see what is one long condition. PostgreSQL takes it for costly work and compiles it, longer than it then runs.
WITHOUT_JIT = {"options": "-c jit=off"}
STATEMENTS = 3000  # kept compiled: each list and question stands there once for each set of offices somebody may hold
WRITES = "writes"  # execution option of a connection whose transaction may write


def make_engine(url: str, *, durable: bool = True) -> Engine:
    lite = url.startswith("sqlite")
    engine = create_engine(
        url, pool_pre_ping=not lite, connect_args={} if lite else WITHOUT_JIT, query_cache_size=STATEMENTS
    )
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite if durable else _prepare_in_haste)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "begin", _begin_postgresql)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own
    connection.isolation_level = None  # we say BEGIN ourselves: a read snapshot cannot be upgraded to a write
    # On the evening of a deadline many wait to write: whoever came in time is not turned away for having waited.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=60000"):
        connection.execute(f"PRAGMA {pragma}")


def _prepare_in_haste(connection: Any, record: object) -> None:  # noqa: ANN401
    _prepare_sqlite(connection, record)
    connection.execute("PRAGMA synchronous=OFF")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql(f"PRAGMA query_only={'OFF' if writes else 'ON'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _begin_postgresql(connection: Connection) -> None:
    if not connection.get_execution_options().get(WRITES, False):
        connection.execute(text("SET TRANSACTION READ ONLY"))


class Database:
    """Hands out sessions that read and sessions that write."""

    def __init__(self, url: str, *, durable: bool = True) -> None:
        """Open a database. One that is not durable survives a crash of the process, but not of the machine."""
        self.url = url
        self.engine = make_engine(url, durable=durable)
        self._reading = sessionmaker(self.engine, expire_on_commit=False)
        self._writing = sessionmaker(self.engine.execution_options(**{WRITES: True}), expire_on_commit=False)

    def reading(self) -> Session:
        return self._reading()

    def writing(self) -> Session:
        return self._writing()

    def close(self) -> None:
        self.engine.dispose()
