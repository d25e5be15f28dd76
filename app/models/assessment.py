"""One expert's individual report and its marks."""

from __future__ import annotations

import hashlib
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.application import Application
from app.models.assignment import Assignment
from app.models.base import Base, Thing, identity
from workflows.assessment import ASSESSMENT
from workflows.machine import Machine


class Assessment(Thing, Base):
    __tablename__ = "assessment"
    __machine__: ClassVar[Machine] = ASSESSMENT
    __noun__: ClassVar[str] = "assessment"

    assignment_id: Mapped[str] = mapped_column(ForeignKey("assignment.id"), unique=True)
    application_id: Mapped[str] = mapped_column(ForeignKey("application.id"), index=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    finished_at: Mapped[datetime | None]

    assignment: Mapped[Assignment] = relationship()
    application: Mapped[Application] = relationship()
    scores: Mapped[list[Score]] = relationship(order_by="Score.criterion")

    @property
    def reader_number(self) -> str:
        """What stands on each page of this expert's copy: it tells the office whose it is."""
        return hashlib.sha256(f"reader {self.id}".encode()).hexdigest()[:8].upper()


class Score(Base):
    """What one expert gives one criterion, and why."""

    __tablename__ = "score"
    __table_args__ = (
        Index("uq_score_assessment_id_criterion", "assessment_id", "criterion", unique=True),
        CheckConstraint("points IS NULL OR points >= 0", name="points_are_not_negative"),
    )

    id: Mapped[str] = identity()
    assessment_id: Mapped[str] = mapped_column(ForeignKey("assessment.id"))
    criterion: Mapped[str] = mapped_column(String(20))
    points: Mapped[Decimal | None] = mapped_column(Numeric(8, 3))
    reasons: Mapped[str] = mapped_column(Text, default="")
    private_note: Mapped[str] = mapped_column(Text, default="")
    saved_at: Mapped[datetime]
    number: Mapped[int] = mapped_column(default=1)  # counts the savings: a form that started from an older one clashes
