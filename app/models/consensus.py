"""The agreed scores on one application, who signed them, and minority views."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.application import Application
from app.models.base import Base, Thing, identity
from app.models.person import Person
from workflows.consensus import CONSENSUS
from workflows.machine import Machine


class Consensus(Thing, Base):
    __tablename__ = "consensus"
    __machine__: ClassVar[Machine] = CONSENSUS
    __noun__: ClassVar[str] = "consensus"

    application_id: Mapped[str] = mapped_column(ForeignKey("application.id"), unique=True)

    application: Mapped[Application] = relationship()
    scores: Mapped[list[AgreedScore]] = relationship(order_by="AgreedScore.criterion")
    signatures: Mapped[list[Signature]] = relationship(order_by="Signature.at")


class AgreedScore(Base):
    __tablename__ = "agreed_score"
    __table_args__ = (
        Index("uq_agreed_score_consensus_id_criterion", "consensus_id", "criterion", unique=True),
        CheckConstraint("points IS NULL OR points >= 0", name="points_are_not_negative"),
    )

    id: Mapped[str] = identity()
    consensus_id: Mapped[str] = mapped_column(ForeignKey("consensus.id"))
    criterion: Mapped[str] = mapped_column(String(20))
    points: Mapped[Decimal | None] = mapped_column(Numeric(8, 3))
    reasons: Mapped[str] = mapped_column(Text, default="")
    saved_at: Mapped[datetime]
    number: Mapped[int] = mapped_column(default=1)


class Signature(Base):
    """One expert's signature under one state of the text."""

    __tablename__ = "signature"

    id: Mapped[str] = identity()
    consensus_id: Mapped[str] = mapped_column(ForeignKey("consensus.id"), index=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    text_sha256: Mapped[str] = mapped_column(String(64))
    minority_view: Mapped[str] = mapped_column(Text, default="")
    voided_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()
