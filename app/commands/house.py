"""What every command needs: settings, a migrated database, the store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from app.db import Database
from app.schema import upgrade
from app.store import Store
from app.wiring import wire
from config import Settings, from_environment


@dataclass(frozen=True)
class House:
    settings: Settings
    database: Database
    store: Store


def open_house(settings: Settings | None = None) -> House:
    """Open the database, bring it to the newest migration, open the store."""
    settings = settings or from_environment()
    settings.data.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database_url)
    upgrade(database)
    wire()
    return House(settings, database, Store.from_url(settings.storage_url))


def now_in_utc() -> datetime:
    return datetime.now(UTC)
