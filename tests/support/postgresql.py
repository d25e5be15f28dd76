"""A PostgreSQL server for the tests: unprivileged, on a free loopback port, gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from app.db import Database
from app.schema import upgrade

TEMPLATE = "escp_template"
PLACES = ("/dev/shm", "/tmp")  # noqa: S108 - in memory where there is a place for it


@dataclass
class Server:
    port: int
    made: list[str] = field(default_factory=list)

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://tests@127.0.0.1:{self.port}/{name}"

    def run(self, statement: str) -> None:
        engine = create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()

    def copy(self, source: str, name: str) -> str:
        self.run(f"CREATE DATABASE {name} TEMPLATE {source} STRATEGY FILE_COPY")
        return name

    def renew(self, name: str, source: str) -> None:
        """Put a copy of another database in the place of this one."""
        self.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        self.copy(source, name)

    def new_database(self) -> str:
        """Copy the migrated template."""
        name = f"escp_{len(self.made)}"
        self.made.append(name)
        return self.url(self.copy(TEMPLATE, name))


def _binaries() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


def _as_unprivileged(command: list[str]) -> list[str]:
    """PostgreSQL refuses root: root runs it as the user of Debian's package."""
    return ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else command


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def start_server() -> Iterator[Server]:
    """Start a server in a folder under /tmp. Missing PostgreSQL fails as root or in CI, else skips by name."""
    binaries = _binaries()
    if binaries is None:
        if os.environ.get("CI") == "true" or os.geteuid() == 0:
            pytest.fail("PostgreSQL is not installed: run ./escp test, which installs it")
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="escp-postgresql-", dir=next(p for p in PLACES if os.access(p, os.W_OK))))
    if os.geteuid() == 0:
        os.chown(folder, pwd.getpwnam("postgres").pw_uid, -1)
    data, log, port = folder / "data", folder / "log", _free_port()
    settings = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -c full_page_writes=off -c synchronous_commit=off -c wal_level=minimal -c max_wal_senders=0"
    subprocess.run(
        _as_unprivileged([str(binaries / "initdb"), "-D", str(data), "-U", "tests", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]),
        check=True, capture_output=True, cwd="/",
    )  # fmt: skip
    subprocess.run(
        _as_unprivileged([str(binaries / "pg_ctl"), "-D", str(data), "-l", str(log), "-o", settings, "-w", "start"]),
        check=True, capture_output=True, cwd="/",
    )  # fmt: skip
    server = Server(port)
    try:
        server.run(f"CREATE DATABASE {TEMPLATE}")
        database = Database(server.url(TEMPLATE))
        upgrade(database)
        database.close()
        yield server
    finally:
        stop = [str(binaries / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop"]
        subprocess.run(_as_unprivileged(stop), check=False, capture_output=True, cwd="/")
        shutil.rmtree(folder, ignore_errors=True)
