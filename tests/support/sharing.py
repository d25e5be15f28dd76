"""Databases of one kind that share what was compiled: the same statement is not worked out for each of them again."""

from __future__ import annotations

import shutil
from pathlib import Path

from sqlalchemy.orm import sessionmaker

from app.db import WRITES, Database

_KNOWN: dict[str, Database] = {}  # the first of each kind in this process


def share_statements(database: Database) -> Database:
    """Let a database use what was compiled for others of its kind, before anything is asked of it; gives it back."""
    known = _KNOWN.setdefault(database.engine.dialect.name, database)
    if known is database:
        return database
    database.engine.dialect = known.engine.dialect
    database.engine._compiled_cache = known.engine._compiled_cache
    writing = database.engine.execution_options(**{WRITES: True})
    database._reading = sessionmaker(database.engine, expire_on_commit=False)
    database._writing = sessionmaker(writing, expire_on_commit=False)
    return database


def copy_of(template: Path, folder: Path, *, durable: bool = True) -> Database:
    """Copy a migrated database into the folder."""
    path = folder / "escp.sqlite3"
    shutil.copy(template, path)
    return share_statements(Database(f"sqlite:///{path}", durable=durable))
