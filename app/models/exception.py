"""A later deadline for one application."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.application import Application
from app.models.base import Base, Thing
from workflows.exception import EXCEPTION
from workflows.machine import Machine


class LateException(Thing, Base):
    __tablename__ = "exception"
    __machine__: ClassVar[Machine] = EXCEPTION
    __noun__: ClassVar[str] = "exception"

    application_id: Mapped[str] = mapped_column(ForeignKey("application.id"), index=True)
    text: Mapped[str] = mapped_column(Text)  # why it was asked for
    asked_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    until: Mapped[datetime | None]  # as proposed
    reason_id: Mapped[str | None] = mapped_column(ForeignKey("remark.id"))  # of the proposal
    proposed_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    approved_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))

    application: Mapped[Application] = relationship()
