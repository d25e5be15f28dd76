"""What every command needs: settings, a migrated database, the store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from app.db import Database
from app.keys import use_key
from app.schema import upgrade
from app.services.accounts.second_factor import needs_sealing, seal_secrets
from app.store import Store
from app.wiring import wire
from config import Settings, from_environment

MADE_UP_CLOCK = "made-up-clock"


@dataclass(frozen=True)
class House:
    settings: Settings
    database: Database
    store: Store

    def now(self) -> datetime:
        """Tell the time: that of the world, or in the folder of a rehearsal the moment at which it ended."""
        made_up = self.settings.data / MADE_UP_CLOCK
        if made_up.exists():
            return datetime.fromisoformat(made_up.read_text(encoding="utf-8").strip())
        return datetime.now(UTC)

    def stop_clock_at(self, moment: datetime) -> None:
        """Mark the folder as a rehearsal's: its time stands still here."""
        (self.settings.data / MADE_UP_CLOCK).write_text(moment.isoformat(), encoding="utf-8")


def open_house(settings: Settings | None = None, *, durable: bool = True) -> House:
    """Open the database, bring it to the newest migration, open the store.

    What can be made again, such as a rehearsal, need not be durable: it is made much sooner.
    """
    settings = settings or from_environment()
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    database = Database(settings.database_url, durable=durable)
    upgrade(database)
    use_key(settings.secret_key, settings.former_key)
    _seal(database)
    wire()
    return House(settings, database, Store.from_url(settings.storage_url))


def _seal(database: Database) -> None:
    """Seal secrets that an earlier version stored open, or that the key before sealed."""
    with database.reading() as session:
        if not needs_sealing(session):
            return
    with database.writing() as session:
        seal_secrets(session)
        session.commit()
