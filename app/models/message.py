"""The thread an application or an expert has with the office."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, identity, word
from app.models.person import Person


class MessageKind(StrEnum):
    MESSAGE = "message"
    CALL_NOTE = "call_note"  # of a telephone call
    INTERNAL = "internal"


class Message(Base):
    __tablename__ = "message"
    __table_args__ = (CheckConstraint("(application_id IS NULL) <> (expert_id IS NULL)", name="has_one_thread"),)

    id: Mapped[str] = identity()
    application_id: Mapped[str | None] = mapped_column(ForeignKey("application.id"), index=True)
    expert_id: Mapped[str | None] = mapped_column(ForeignKey("expert.id"), index=True)
    kind: Mapped[MessageKind] = mapped_column(word(MessageKind, "kind"))
    text: Mapped[str] = mapped_column(Text)
    written_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime]

    author: Mapped[Person] = relationship()
