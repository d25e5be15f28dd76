"""Plans of who evaluates what: the question, the answer with its proof, and the lines that may be changed by hand."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.application import Application
from app.models.base import Base, Thing, identity, word
from app.models.call import Call
from app.models.person import Person
from workflows.machine import Machine
from workflows.plan import PLAN


class Change(StrEnum):
    """What publishing does with a pair."""

    ADD = "add"
    REMOVE = "remove"


class Plan(Thing, Base):
    __tablename__ = "plan"
    __machine__: ClassVar[Machine] = PLAN
    __noun__: ClassVar[str] = "plan"
    __table_args__ = (Index("uq_plan_call_id_number", "call_id", "number", unique=True),)

    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"))
    number: Mapped[int]  # 1, 2, 3 … of this call
    made_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    without_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))  # the expert who drops out: a repair
    question: Mapped[dict[str, Any] | None]
    answer: Mapped[dict[str, Any] | None]
    edited: Mapped[bool] = mapped_column(default=False)  # by hand: the proof speaks of what was proposed
    published_at: Mapped[datetime | None]

    call: Mapped[Call] = relationship()
    without: Mapped[Person | None] = relationship(foreign_keys=without_id)
    lines: Mapped[list[PlanLine]] = relationship(back_populates="plan", order_by="PlanLine.id")


class PlanLine(Base):
    """One pair of a plan."""

    __tablename__ = "plan_line"
    __table_args__ = (
        Index("uq_plan_line_plan_id_application_id_person_id", "plan_id", "application_id", "person_id", unique=True),
    )

    id: Mapped[str] = identity()
    plan_id: Mapped[str] = mapped_column(ForeignKey("plan.id"))
    application_id: Mapped[str] = mapped_column(ForeignKey("application.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    change: Mapped[Change] = mapped_column(word(Change, "change"))
    by_hand: Mapped[bool] = mapped_column(default=False)
    score: Mapped[int | None]
    assignment_id: Mapped[str | None] = mapped_column(ForeignKey("assignment.id"))  # made when it was published

    plan: Mapped[Plan] = relationship(back_populates="lines")

    @property
    def removes(self) -> bool:
        return self.change is Change.REMOVE

    application: Mapped[Application] = relationship()
    person: Mapped[Person] = relationship()


class PlanProbe(Base):
    """What forcing one pair would cost: asked by a manager, worked out by a job."""

    __tablename__ = "plan_probe"
    __table_args__ = (
        Index("uq_plan_probe_plan_id_application_id_person_id", "plan_id", "application_id", "person_id", unique=True),
    )

    id: Mapped[str] = identity()
    plan_id: Mapped[str] = mapped_column(ForeignKey("plan.id"))
    application_id: Mapped[str] = mapped_column(ForeignKey("application.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    answer: Mapped[dict[str, Any] | None]
    answered_at: Mapped[datetime | None]
