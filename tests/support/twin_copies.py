"""Copies of a village's database, that say of each request which tables it read, and in which tables they differ."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session, sessionmaker

from app.chance import Seeded
from app.db import WRITES, Database
from app.rehearsal.stage import Clock, Stage
from tests.support.played import Village
from tests.support.sharing import share_statements
from tests.support.world import World


class Forgetting(Session):
    """Writes whatever it is told to, and keeps nothing: asking must make no difference of its own."""

    def commit(self) -> None:
        self.flush()


@dataclass
class Copy:
    """A copy of the village, with which tables were read lately."""

    village: Village
    path: Path
    database: Database
    read: set[str] = field(default_factory=set)

    def forget_what_is_written(self) -> None:
        writing = self.database.engine.execution_options(**{WRITES: True})
        self.database._writing = sessionmaker(writing, class_=Forgetting, expire_on_commit=False)


def copied(village: Village, folder: Path, seed: int) -> Copy:
    """Copy the village as it stands; what is made in the copy gets ids that the village never gives."""
    folder.mkdir(parents=True)
    path = folder / "escp.sqlite3"
    original = village.stage.house.database.url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(original)) as source, closing(sqlite3.connect(path)) as target:
        source.backup(target)
    database = share_statements(Database(f"sqlite:///{path}", durable=False))
    house = replace(village.stage.house, database=database)
    stage = Stage(house, Clock(village.stage.clock.now), Seeded(seed), village.stage.dice, village.stage.renderer)
    world = World(database, stage.chance, folder)
    world.now = stage.clock.now
    made = Copy(replace(village, stage=stage, world=world, things=dict(village.things)), path, database)
    tables = frozenset(_tables(path))

    @cache
    def named(statement: str) -> frozenset[str]:
        return frozenset(re.findall(r"\w+", statement)) & tables

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        made.read |= named(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    return made


def _tables(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]


def tables_that_differ(one: Path, other: Path) -> frozenset[str]:
    """Name the tables whose rows differ; a search index differs where one of the tables it is kept in does."""
    names, found = _tables(one), set()
    with closing(sqlite3.connect(one)) as connection:
        connection.execute("ATTACH ? AS other", (str(other),))
        for name in names:
            rows = "SELECT * FROM main.{0} EXCEPT SELECT * FROM other.{0}"  # `name` is a table's, from the database
            back = "SELECT * FROM other.{0} EXCEPT SELECT * FROM main.{0}"
            if any(connection.execute(query.format(f'"{name}"') + " LIMIT 1").fetchone() for query in (rows, back)):
                found.add(name)
    return frozenset(found | {name for name in names if any(one.startswith(f"{name}_") for one in found)})
