"""Databases, clocks and worlds for all tests. Everything is real: SQLite, PostgreSQL, files, the application."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache

from app.chance import Seeded
from app.db import Database
from app.garbage import search_memory_seldom
from app.schema import upgrade
from app.wiring import wire
from tests.support.beginnings import Begin, Reused, Source
from tests.support.browser import browser, chromium  # noqa: F401 - fixtures for all
from tests.support.evaluation import admitted, story  # noqa: F401 - fixtures for all
from tests.support.postgresql import Server, start_server
from tests.support.refilled import Contents, Refilled
from tests.support.sharing import share_statements
from tests.support.web import made_once, web  # noqa: F401 - fixtures for all
from tests.support.world import World

ON_BOTH = ("services", "journeys", "doors")


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
    database = share_statements(Database(f"sqlite:///{path}"))

    def renew(source: Source | None) -> None:
        assert source is None or isinstance(source, Path)
        database.close()  # before its file goes
        for ending in ("", "-wal", "-shm"):
            path.with_name(path.name + ending).unlink(missing_ok=True)
        shutil.copy(source or sqlite_template, path)

    def keep(number: int) -> Path:
        database.close()  # with it all that was written is in the one file
        return Path(shutil.copy(path, path.with_name(f"kept-{number}.sqlite3")))

    yield Reused(database, renew, keep)
    database.close()


@pytest.fixture(scope="session")
def own_postgresql(postgresql: Server) -> Iterator[Reused]:
    place = Refilled(postgresql, "own")
    database = share_statements(Database(postgresql.url("own")))

    def renew(source: Source | None) -> None:
        assert source is None or isinstance(source, Contents)
        place.renew(source or Contents())

    yield Reused(database, renew, lambda _number: place.keep())
    place.close()
    database.close()


@pytest.fixture
def reused(backend: str, request: pytest.FixtureRequest) -> Reused:
    found: Reused = request.getfixturevalue(f"own_{backend}")
    return found


@pytest.fixture
def database(reused: Reused) -> Database:
    """A fresh migrated database."""
    return reused.fresh()


@pytest.fixture
def world(database: Database, tmp_path: Path) -> World:
    """Somewhere to act: people, calls, time that is given."""
    return World(database, Seeded(1), tmp_path)


@pytest.fixture
def begin(reused: Reused, world: World) -> Begin:
    """Begin in a world that other tests begin in too, given as what builds it of an untouched one."""
    return partial(reused.begin, world)
