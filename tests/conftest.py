"""Databases, clocks and worlds for all tests. Everything is real: SQLite, PostgreSQL, files, the application."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache

from app.chance import Seeded
from app.db import Database
from app.garbage import search_memory_seldom
from app.schema import upgrade
from app.services import search_rows
from app.wiring import wire
from tests.support.browser import browser, chromium  # noqa: F401 - fixtures for all
from tests.support.postgresql import Server, start_server
from tests.support.sharing import share_statements
from tests.support.web import made_once, web  # noqa: F401 - fixtures for all
from tests.support.world import World

ON_BOTH = ("services", "journeys", "doors")


@dataclass(frozen=True)
class Reused:
    """One engine for a worker's tests: the statements it has compiled serve the next test, the data do not."""

    database: Database
    renew: Callable[[], None]

    def fresh(self) -> Database:
        self.database.close()
        self.renew()
        search_rows._kept.clear()  # what it keeps by engine was read from the database that was here before
        return self.database


@contextmanager
def reused(url: str, renew: Callable[[], None]) -> Iterator[Reused]:
    database = share_statements(Database(url))
    yield Reused(database, renew)
    database.close()


IN_MEMORY = Path("/dev/shm")  # noqa: S108 - each commit waits for the disk, and tests commit thousands of times


def pytest_configure(config: pytest.Config) -> None:
    """Keep the files of tests in memory where there is a place for it, unless a folder is named."""
    if config.option.basetemp is None and os.access(IN_MEMORY, os.W_OK) and not hasattr(config, "workerinput"):
        config.option.basetemp = tempfile.mkdtemp(prefix="escp-tests-", dir=IN_MEMORY)
        config.add_cleanup(lambda: shutil.rmtree(config.option.basetemp, ignore_errors=True))


def pytest_collection_finish() -> None:
    search_memory_seldom()  # as each command does


@pytest.fixture(scope="session", autouse=True)
def wired() -> None:
    wire()


@pytest.fixture(scope="session", autouse=True)
def templates_compiled_once(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> None:
    """What one application has compiled serves all others, those of other workers too."""
    own = tmp_path_factory.getbasetemp()
    folder = (own if worker_id == "master" else own.parent) / "templates"
    folder.mkdir(exist_ok=True)
    Flask.jinja_options = {"bytecode_cache": FileSystemBytecodeCache(str(folder))}


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One migrated database for each worker; tests copy it."""
    path = tmp_path_factory.mktemp("template") / "escp.sqlite3"
    database = Database(f"sqlite:///{path}")
    upgrade(database)
    database.close()
    return path


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    with start_server() as server:
        yield server


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what touches the database through services again on PostgreSQL."""
    if "backend" not in metafunc.fixturenames:
        return
    folder = Path(metafunc.definition.path).relative_to(Path(__file__).parent).parts[0]
    both = folder in ON_BOTH
    params = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)] if both else ["sqlite"]
    metafunc.parametrize("backend", params, indirect=True, scope="function")


@pytest.fixture
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="session")
def own_sqlite(sqlite_template: Path) -> Iterator[Reused]:
    path = sqlite_template.with_name("own.sqlite3")

    def renew() -> None:
        for ending in ("", "-wal", "-shm"):
            path.with_name(path.name + ending).unlink(missing_ok=True)
        shutil.copy(sqlite_template, path)

    with reused(f"sqlite:///{path}", renew) as found:
        yield found


@pytest.fixture(scope="session")
def own_postgresql(postgresql: Server) -> Iterator[Reused]:
    with reused(postgresql.url("own"), lambda: postgresql.renew("own")) as found:
        yield found


@pytest.fixture
def database(backend: str, request: pytest.FixtureRequest) -> Database:
    """A fresh migrated database."""
    found: Reused = request.getfixturevalue(f"own_{backend}")
    return found.fresh()


@pytest.fixture
def world(database: Database, tmp_path: Path) -> World:
    """Somewhere to act: people, calls, time that is given."""
    return World(database, Seeded(1), tmp_path)
