"""Databases, clocks and worlds for all tests. Everything is real: SQLite, PostgreSQL, files, the application."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.chance import Seeded
from app.db import Database
from app.schema import upgrade
from app.wiring import wire
from tests.support.postgresql import Server, start_server
from tests.support.web import web  # noqa: F401 - a fixture for all
from tests.support.world import World

ON_BOTH = ("services", "journeys", "doors")


IN_MEMORY = Path("/dev/shm")  # noqa: S108 - each commit waits for the disk, and tests commit thousands of times


def pytest_configure(config: pytest.Config) -> None:
    """Keep the files of tests in memory where there is a place for it, unless a folder is named."""
    if config.option.basetemp is None and os.access(IN_MEMORY, os.W_OK) and not hasattr(config, "workerinput"):
        config.option.basetemp = tempfile.mkdtemp(prefix="escp-tests-", dir=IN_MEMORY)
        config.add_cleanup(lambda: shutil.rmtree(config.option.basetemp, ignore_errors=True))


@pytest.fixture(scope="session", autouse=True)
def wired() -> None:
    wire()


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


@pytest.fixture
def database(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A fresh migrated database."""
    if backend == "sqlite":
        path = tmp_path / "escp.sqlite3"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        database = Database(f"sqlite:///{path}")
    else:
        server: Server = request.getfixturevalue("postgresql")
        database = Database(server.new_database())
    yield database
    database.close()


@pytest.fixture
def world(database: Database, tmp_path: Path) -> World:
    """Somewhere to act: people, calls, time that is given."""
    return World(database, Seeded(1), tmp_path)
