"""An organisation asks to be introduced to another: nobody's address is shown before both have said yes."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, Thing, filled_in
from app.models.organisation import Organisation
from app.models.person import Person
from workflows.introduction import INTRODUCTION
from workflows.machine import Machine


class Introduction(Thing, Base):
    __tablename__ = "introduction"
    __machine__: ClassVar[Machine] = INTRODUCTION
    __noun__: ClassVar[str] = "introduction"
    __table_args__ = (
        *filled_in(INTRODUCTION),
        Index("ix_introduction_asking_id_created_at", "asking_id", "created_at"),
    )

    asking_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    asked_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)
    asked_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    message: Mapped[str] = mapped_column(Text)
    answer_by: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))

    asking: Mapped[Organisation] = relationship(foreign_keys=asking_id)
    asked: Mapped[Organisation] = relationship(foreign_keys=asked_id)
    person_asking: Mapped[Person] = relationship(foreign_keys=asked_by)
    person_answering: Mapped[Person | None] = relationship(foreign_keys=answered_by)
