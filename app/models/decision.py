"""The decision on a call and its lines."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, Index, Numeric, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.application import Application
from app.models.base import Base, Thing, filled_in, identity, word
from app.models.call import Call
from workflows.decision import DECISION
from workflows.machine import Machine


class Outcome(StrEnum):
    """The row of the application's machine that the release will take."""

    AWARD = "award"
    HOLD_IN_RESERVE = "hold_in_reserve"
    REJECT = "reject"


class Decision(Thing, Base):
    __tablename__ = "decision"
    __machine__: ClassVar[Machine] = DECISION
    __noun__: ClassVar[str] = "decision"
    __table_args__ = (*filled_in(DECISION),)

    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"), unique=True)
    panel_order: Mapped[list[Any]]  # where the call leaves a tie to the panel: ids in the panel's order, with reasons
    ranking: Mapped[dict[str, Any] | None]  # what the order rests on, frozen when proposed
    ranking_sha256: Mapped[str | None] = mapped_column(String(64))
    proposed_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime | None]
    signed_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    signed_at: Mapped[datetime | None]
    released_at: Mapped[datetime | None]

    call: Mapped[Call] = relationship()
    lines: Mapped[list[DecisionLine]] = relationship(order_by="DecisionLine.position")


class DecisionLine(Base):
    """One application's place in the decision."""

    __tablename__ = "decision_line"
    __table_args__ = (
        Index("uq_decision_line_decision_id_application_id", "decision_id", "application_id", unique=True),
    )

    id: Mapped[str] = identity()
    decision_id: Mapped[str] = mapped_column(ForeignKey("decision.id"))
    application_id: Mapped[str] = mapped_column(ForeignKey("application.id"), index=True)
    position: Mapped[int]
    outcome: Mapped[Outcome] = mapped_column(word(Outcome, "outcome"))
    total: Mapped[Decimal] = mapped_column(Numeric(10, 3))
    weighted_total: Mapped[Decimal] = mapped_column(Numeric(12, 5))
    reasons: Mapped[list[Any]]

    application: Mapped[Application] = relationship()
