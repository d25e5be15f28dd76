"""Training cases of a call: made-up applications that evaluators score before the real ones."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, identity
from app.models.call import Call


class TrainingCase(Base):
    __tablename__ = "training_case"

    id: Mapped[str] = identity()
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]
    made_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    withdrawn_at: Mapped[datetime | None]

    call: Mapped[Call] = relationship()
    scores: Mapped[list[TrainingScore]] = relationship(back_populates="case", order_by="TrainingScore.id")


class TrainingScore(Base):
    """What one evaluator gives one criterion of a training case."""

    __tablename__ = "training_score"
    __table_args__ = (
        Index("uq_training_score_case_id_person_id_criterion", "case_id", "person_id", "criterion", unique=True),
        CheckConstraint("points >= 0", name="points_are_not_negative"),
    )

    id: Mapped[str] = identity()
    case_id: Mapped[str] = mapped_column(ForeignKey("training_case.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    criterion: Mapped[str] = mapped_column(String(20))
    points: Mapped[Decimal] = mapped_column(Numeric(8, 3))
    reasons: Mapped[str] = mapped_column(Text, default="")
    saved_at: Mapped[datetime]

    case: Mapped[TrainingCase] = relationship(back_populates="scores")
