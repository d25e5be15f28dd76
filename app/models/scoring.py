"""What surrounds scores: pins, where reading stopped, every change of a score, what is said before agreeing."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, identity
from app.models.person import Person


class Pin(Base):
    """An expert's remark on a passage; nobody else reads it."""

    __tablename__ = "pin"

    id: Mapped[str] = identity()
    assessment_id: Mapped[str] = mapped_column(ForeignKey("assessment.id"), index=True)
    place: Mapped[str] = mapped_column(String(80))  # the anchor of the answer it stands at
    quote: Mapped[str] = mapped_column(Text)
    remark: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]


class Bookmark(Base):
    """Where an expert stopped reading."""

    __tablename__ = "bookmark"

    assessment_id: Mapped[str] = mapped_column(ForeignKey("assessment.id"), primary_key=True)
    place: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]


class ScoreChange(Base):
    """A score as it became, individual or agreed. Append-only."""

    __tablename__ = "score_change"

    id: Mapped[str] = identity()
    assessment_id: Mapped[str | None] = mapped_column(ForeignKey("assessment.id"), index=True)
    consensus_id: Mapped[str | None] = mapped_column(ForeignKey("consensus.id"), index=True)
    criterion: Mapped[str] = mapped_column(String(20))
    points: Mapped[Decimal | None] = mapped_column(Numeric(8, 3))
    at: Mapped[datetime]
    by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))


class Contribution(Base):
    """What somebody says while a consensus is sought."""

    __tablename__ = "contribution"

    id: Mapped[str] = identity()
    consensus_id: Mapped[str] = mapped_column(ForeignKey("consensus.id"), index=True)
    written_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    criterion: Mapped[str] = mapped_column(String(20), default="")
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class Meeting(Base):
    """A live meeting of a call's evaluators; one is open at a time."""

    __tablename__ = "meeting"

    id: Mapped[str] = identity()
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"), index=True)
    begun_at: Mapped[datetime]
    begun_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]
    consensus_id: Mapped[str | None] = mapped_column(ForeignKey("consensus.id"))  # what is talked about now

    presences: Mapped[list[Presence]] = relationship(order_by="Presence.from_at")
    minutes: Mapped[list[Minute]] = relationship(order_by="Minute.at")


class Presence(Base):
    """From when to when somebody was in a meeting; `sent_out_of` names what the system sent them out of."""

    __tablename__ = "presence"

    id: Mapped[str] = identity()
    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id"), index=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    from_at: Mapped[datetime]
    until_at: Mapped[datetime | None]
    sent_out_of: Mapped[str | None] = mapped_column(ForeignKey("consensus.id"))

    person: Mapped[Person] = relationship()


class Minute(Base):
    """One line of the minutes; without a consensus it speaks of the meeting itself."""

    __tablename__ = "minute"
    __table_args__ = (Index("ix_minute_meeting_id_at", "meeting_id", "at"),)

    id: Mapped[str] = identity()
    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id"))
    consensus_id: Mapped[str | None] = mapped_column(ForeignKey("consensus.id"), index=True)
    written_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
