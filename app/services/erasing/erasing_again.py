"""Who was erased, listed by ids outside the database: a backup from before brings people back, this tells which.

The list lies in the folder of the data and is kept when a backup is restored.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Erasure, Person

LIST = "erased-people.txt"


def write_down(data: Path, person_id: str, at: datetime) -> None:
    """Add somebody to the list, once."""
    if person_id in listed(data):
        return
    with (data / LIST).open("a", encoding="ascii") as file:
        file.write(f"{person_id} {at.astimezone(UTC):%Y-%m-%d}\n")


def listed(data: Path) -> list[str]:
    """Give the ids on the list; it may not be there yet."""
    path = data / LIST
    lines: Iterable[str] = path.read_text(encoding="ascii").splitlines() if path.exists() else ()
    return [line.split()[0] for line in lines if line.strip()]


def came_back(session: Session, data: Path) -> list[Person]:
    """Give the people of the list whom the database has as they were before."""
    erased = select(Erasure.person_id).where(Erasure.erased_at.is_not(None))
    wanted = select(Person).where(Person.id.in_(listed(data)), Person.id.not_in(erased))
    return list(session.scalars(wanted.order_by(Person.id)))
