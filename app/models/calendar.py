"""A person's calendar at a secret address."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base
from app.models.person import Person


class CalendarFeed(Base):
    """One for each person at most. Its address is made of the server's key and the salt, so it can be shown again."""

    __tablename__ = "calendar_feed"

    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]

    person: Mapped[Person] = relationship()
