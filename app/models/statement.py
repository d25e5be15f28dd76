"""What an expert did for a call, in its units: said by the record, confirmed by the expert, approved by the office."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, Thing
from app.models.call import Call
from app.models.person import Person
from workflows.machine import Machine
from workflows.statement import STATEMENT


class Statement(Thing, Base):
    __tablename__ = "statement"
    __machine__: ClassVar[Machine] = STATEMENT
    __noun__: ClassVar[str] = "statement"
    __table_args__ = (Index("uq_statement_call_id_person_id", "call_id", "person_id", unique=True),)

    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    lines: Mapped[list[Any]]  # unit, day and number of the application of each task that was finished
    panel_days: Mapped[list[str]]  # entered by the office
    confirmed_at: Mapped[datetime | None]
    approved_at: Mapped[datetime | None]
    approved_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))

    call: Mapped[Call] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=person_id)
