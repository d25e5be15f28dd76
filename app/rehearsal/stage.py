"""Where a rehearsal plays: a scratch house, a clock that is set, chance that repeats."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from app.act import Act
from app.chance import Chance, new_id
from app.commands.house import House
from app.models import Person
from app.models.base import Base
from app.ticking import tick
from app.worker import make_worker

M = TypeVar("M", bound=Base)


@dataclass
class Clock:
    """Tells the time it was set to; it never goes back."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def move_to(self, moment: datetime) -> None:
        self.now = max(self.now, moment)


@dataclass
class Stage:
    """What every chapter needs."""

    house: House
    clock: Clock
    chance: Chance
    dice: random.Random
    renderer: Any
    told: Callable[[str], None] = lambda _what: None  # hears of each small step
    notes: list[str] = field(default_factory=list)  # what was assumed, for the report

    @contextmanager
    def act(self, person_id: str | None = None) -> Iterator[Act]:
        """Act as somebody who has just signed in; one transaction."""
        with self.house.database.writing() as session:
            person = session.get_one(Person, person_id) if person_id else None
            proved = self.clock.now if person else None
            request = f"rehearsal-{new_id(self.chance)}"
            yield Act(session, self.clock.now, self.chance, request, person, proved, site=self.house.settings.site)
            session.commit()

    def tick(self) -> int:
        return tick(self.house.database, self.clock.now, self.chance)

    def run_outbox(self) -> int:
        """Make the documents and send the mails that wait."""
        house = self.house
        worker = make_worker(
            house.database, house.store, house.settings, self.renderer, clock=self.clock, chance=lambda: self.chance
        )
        return worker.run_until_idle()


def get(act: Act, model: type[M], thing_id: str) -> M:
    return act.session.get_one(model, thing_id)
