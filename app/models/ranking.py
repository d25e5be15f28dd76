"""What surrounds a ranking: the public draw, marks a panel changed, its minutes, and trials saved by name."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.application import Application
from app.models.base import Base, identity, word
from app.models.call import Call
from app.models.person import Person


class Draw(Base):
    """The public draw of a call: committed before its number is known, then drawn once."""

    __tablename__ = "draw"
    __table_args__ = (
        CheckConstraint("(drawn_at IS NULL) = (number IS NULL)", name="drawn_with_a_number"),
        CheckConstraint("(drawn_at IS NULL) = (seed IS NULL)", name="drawn_with_a_seed"),
    )

    id: Mapped[str] = identity()
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"), unique=True)
    secret: Mapped[str] = mapped_column(String(64))
    commitment: Mapped[str] = mapped_column(String(64))  # digest of the secret, public from the first moment
    committed_at: Mapped[datetime]
    committed_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    number: Mapped[str | None] = mapped_column(String(200))
    seed: Mapped[str | None] = mapped_column(String(64))
    drawn_at: Mapped[datetime | None]
    drawn_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))

    call: Mapped[Call] = relationship()


class PanelMark(Base):
    """A mark as a panel changed it, beside the agreed one, which stays. The newest of a criterion counts.

    It stands as long as the agreed mark is the one it changed: `before`. No row is ever changed; its act is recorded.
    """

    __tablename__ = "panel_mark"
    __table_args__ = (
        Index("ix_panel_mark_consensus_id_at", "consensus_id", "at"),
        CheckConstraint("points >= 0", name="points_are_not_negative"),
    )

    id: Mapped[str] = identity()
    consensus_id: Mapped[str] = mapped_column(ForeignKey("consensus.id"))
    criterion: Mapped[str] = mapped_column(String(20))
    before: Mapped[Decimal] = mapped_column(Numeric(8, 3))
    points: Mapped[Decimal] = mapped_column(Numeric(8, 3))
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(ForeignKey("person.id"))

    person: Mapped[Person] = relationship()


class PanelMinute(Base):
    """One entry of the panel's minutes: on which application, who was there, who had to be out, what was said."""

    __tablename__ = "panel_minute"
    __table_args__ = (Index("ix_panel_minute_call_id_at", "call_id", "at"),)

    id: Mapped[str] = identity()
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"))
    application_id: Mapped[str | None] = mapped_column(ForeignKey("application.id"), index=True)
    present: Mapped[list[Any]]  # ids of persons
    absent: Mapped[list[Any]]  # ids of persons whom a conflict kept out, whatever was ticked
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    written_by: Mapped[str] = mapped_column(ForeignKey("person.id"))

    application: Mapped[Application | None] = relationship()


class TrialKind(StrEnum):
    WHAT_IF = "what_if"
    CERTAINTY = "certainty"


class Trial(Base):
    """A trial kept by name, with the frozen copy it was made on. It is not a decision and nothing reads it for one."""

    __tablename__ = "trial"
    __table_args__ = (Index("uq_trial_call_id_name", "call_id", "name", unique=True),)

    id: Mapped[str] = identity()
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"))
    kind: Mapped[TrialKind] = mapped_column(word(TrialKind, "kind"))
    name: Mapped[str] = mapped_column(String(120))
    frozen: Mapped[dict[str, Any]]  # all the trial rests on
    frozen_sha256: Mapped[str] = mapped_column(String(64))
    asked: Mapped[list[Any]]  # what was changed, as pairs of the address
    answer: Mapped[dict[str, Any]]
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(ForeignKey("person.id"))

    call: Mapped[Call] = relationship()
    person: Mapped[Person] = relationship()
