"""What happened, for ever: one entry for each act, chained for each thing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Identity, identity


class Event(Base):
    """Append-only. `previous_hash` and `hash` chain the events of one thing."""

    __tablename__ = "event"
    __table_args__ = (Index("uq_event_noun_thing_id_number", "noun", "thing_id", "number", unique=True),)

    id: Mapped[str] = identity()
    noun: Mapped[str] = mapped_column(String(20))
    thing_id: Mapped[str] = mapped_column(Identity)
    number: Mapped[int]  # 1, 2, 3 … of this thing
    name: Mapped[str] = mapped_column(String(40))
    from_state: Mapped[str | None] = mapped_column(String(40))
    to_state: Mapped[str | None] = mapped_column(String(40))
    actor_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    relation: Mapped[str] = mapped_column(String(40))
    data: Mapped[dict[str, Any]]
    at: Mapped[datetime] = mapped_column(index=True)
    request_id: Mapped[str] = mapped_column(String(40))
    act_id: Mapped[str | None] = mapped_column(String(60), unique=True)
    cause_id: Mapped[str | None] = mapped_column(ForeignKey("event.id"))
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)


class Remark(Base):
    """Free text that an event speaks of; the event keeps a salted digest, so erasure leaves the chain true."""

    __tablename__ = "remark"

    id: Mapped[str] = identity()
    text: Mapped[str | None] = mapped_column(Text)
    salt: Mapped[bytes | None] = mapped_column(LargeBinary)
    written_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime]


class Reading(Base):
    """Somebody opened confidential material. Append-only."""

    __tablename__ = "reading"

    id: Mapped[str] = identity()
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    action: Mapped[str] = mapped_column(String(60))
    noun: Mapped[str] = mapped_column(String(20))
    thing_id: Mapped[str] = mapped_column(Identity, index=True)
    relation: Mapped[str] = mapped_column(String(40))
    request_id: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]


class Denial(Base):
    """Somebody asked for what they may not see or do. Append-only."""

    __tablename__ = "denial"

    id: Mapped[str] = identity()
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"), index=True)
    action: Mapped[str] = mapped_column(String(60))
    thing_id: Mapped[str] = mapped_column(String(60))
    request_id: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]
