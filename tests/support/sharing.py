"""Databases of one kind that share what was compiled: the same statement is not worked out for each of them again."""

from __future__ import annotations

from sqlalchemy.orm import sessionmaker

from app.db import WRITES, Database


def share_statements(database: Database, known: Database) -> Database:
    """Let a database use what was compiled for another of its kind, before anything is asked of it; gives it back."""
    database.engine.dialect = known.engine.dialect
    database.engine._compiled_cache = known.engine._compiled_cache
    writing = database.engine.execution_options(**{WRITES: True})
    database._reading = sessionmaker(database.engine, expire_on_commit=False)
    database._writing = sessionmaker(writing, expire_on_commit=False)
    return database
