"""Worlds that many tests begin with: each is built once for a worker and a kind of database, and then copied."""

from __future__ import annotations

import io
import pickle
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.db import Database
from app.models import Person
from app.services.searching import search_rows
from tests.support.refilled import Contents
from tests.support.world import World

Begin = Callable[..., Any]  # the fixture `begin`: takes what builds, and what that is given
Source = Path | Contents  # a file of SQLite, or what stands in a database of PostgreSQL


@dataclass
class Reused:
    """One engine for a worker's tests: the statements it has compiled serve the next test, the data do not."""

    database: Database
    renew: Callable[[Source | None], None]  # put a copy of this in its place; without one, an empty migrated database
    keep: Callable[[int], Source]  # copy what is there
    kept: dict[tuple[Any, ...], Kept] = field(default_factory=dict)

    def fresh(self, source: Source | None = None) -> Database:
        self.renew(source)
        search_rows._kept.clear()  # what it keeps by engine was read from the database that was here before
        return self.database

    def begin(self, world: World, build: Callable[..., Any], *given: Any, **options: Any) -> Any:
        """Give what `build` makes of this untouched world: built by the first test that asks, copied for the others."""
        with world.look() as act:
            assert act.session.scalar(select(Person.id).limit(1)) is None, "somebody was in this world already"
        key = (build, given, tuple(sorted(options.items())))
        if key in self.kept:
            return self.kept[key].bring_back(world, self)
        made = build(world, *given, **options)
        files = world.folder.parent / f"{world.folder.name}-kept"
        shutil.copytree(world.folder, files)
        self.kept[key] = Kept(_written(world, made), self.keep(len(self.kept)), files)
        return made


@dataclass(frozen=True)
class Kept:
    """A world as it was built."""

    written: bytes
    database: Source
    files: Path

    def bring_back(self, world: World, own: Reused) -> Any:
        own.fresh(self.database)
        shutil.copytree(self.files, world.folder, dirs_exist_ok=True)
        now, chance, made = _Reader(io.BytesIO(self.written), world).load()
        world.now, world.chance = now, chance
        return made


def _written(world: World, made: Any) -> bytes:
    text = io.BytesIO()
    _Writer(text, world).dump((world.now, world.chance, made))
    return text.getvalue()


class _Writer(pickle.Pickler):
    """Writes what was built, apart from what each test has of its own."""

    def __init__(self, file: io.BytesIO, world: World) -> None:
        super().__init__(file)
        self.own = {"world": world, "database": world.database, "folder": world.folder}

    def persistent_id(self, thing: Any) -> str | None:
        return next((name for name, own in self.own.items() if thing is own), None)


class _Reader(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, world: World) -> None:
        super().__init__(file)
        self.own = {"world": world, "database": world.database, "folder": world.folder}

    def persistent_load(self, name: str) -> Any:
        return self.own[name]
