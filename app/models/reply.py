"""An organisation's wish to join an expression of interest."""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, Thing
from app.models.expression import Expression
from app.models.organisation import Organisation
from app.models.person import Person
from workflows.machine import Machine
from workflows.reply import REPLY


class Reply(Thing, Base):
    __tablename__ = "reply"
    __machine__: ClassVar[Machine] = REPLY
    __noun__: ClassVar[str] = "reply"
    __table_args__ = (Index("ix_reply_expression_id_organisation_id", "expression_id", "organisation_id"),)

    expression_id: Mapped[str] = mapped_column(ForeignKey("expression.id"))
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    message: Mapped[str] = mapped_column(Text, default="")

    expression: Mapped[Expression] = relationship()
    organisation: Mapped[Organisation] = relationship()
    person: Mapped[Person] = relationship()
