"""One database of PostgreSQL for all tests of a worker: between them its rows are taken out, and others put in.

Copying a whole database takes longer than most tests do, and those who then connect begin with nothing remembered.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import psycopg
from psycopg import Connection, sql

from tests.support.postgresql import TEMPLATE, Server

COPIED_ANEW_AFTER = 100  # renewals: rows taken out leave their place behind
TOO_MANY = 30  # connections that nobody closed
WITH_ROWS = """
    SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
    AND pg_relation_size(oid) > 0 AND relname <> 'alembic_version' ORDER BY relname
"""
OTHERS = """
    SELECT pid, state FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


@dataclass(frozen=True)
class Contents:
    """What stands in a database: rows by table, and how far its sequences have counted."""

    rows: dict[str, bytes] = field(default_factory=dict)
    counted: dict[str, int] = field(default_factory=dict)


@dataclass
class Refilled:
    """A migrated database whose contents are changed for others."""

    server: Server
    name: str
    _renewals: int = 0
    _connection: Connection[tuple[object, ...]] | None = None

    def renew(self, contents: Contents) -> None:
        """Put these contents in the place of what is there."""
        if self._renewals % COPIED_ANEW_AFTER == 0:
            self.close()
            self.server.renew(self.name, TEMPLATE)
        self._renewals += 1
        connection = self._connected()
        self._end_forgotten(connection)
        with connection.transaction():
            # Triggers keep rows from being deleted, and foreign keys from being written in any order.
            connection.execute("SET LOCAL session_replication_role = replica")
            for table in self._with_rows(connection):
                connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
            for table, rows in contents.rows.items():
                with connection.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))) as copy:
                    copy.write(rows)
            for sequence, started in connection.execute(
                "SELECT sequencename, start_value FROM pg_sequences"
            ).fetchall():
                last = contents.counted.get(str(sequence))
                connection.execute("SELECT setval(%s, %s, %s)", (sequence, last or started, last is not None))

    def keep(self) -> Contents:
        """Read what is there."""
        connection = self._connected()
        rows = {}
        for table in self._with_rows(connection):
            with connection.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))) as copy:
                rows[table] = b"".join(bytes(part) for part in copy)
        counted = connection.execute("SELECT sequencename, last_value FROM pg_sequences WHERE last_value IS NOT NULL")
        return Contents({table: read for table, read in rows.items() if read}, dict(counted.fetchall()))  # type: ignore[arg-type]

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _connected(self) -> Connection[tuple[object, ...]]:
        if self._connection is None:
            self._connection = psycopg.connect(self.server.url(self.name).replace("+psycopg", ""), autocommit=True)
        return self._connection

    @staticmethod
    def _with_rows(connection: Connection[tuple[object, ...]]) -> list[str]:
        return [str(table) for (table,) in connection.execute(WITH_ROWS).fetchall()]

    @staticmethod
    def _end_forgotten(connection: Connection[tuple[object, ...]]) -> None:
        """End what a test left open: it would hold its locks against the next one."""
        others = connection.execute(OTHERS).fetchall()
        for pid, state in others:
            if state != "idle" or len(others) > TOO_MANY:
                connection.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))
