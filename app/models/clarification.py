"""Named answers of one application, reopened after the deadline. The frozen version they stood in never changes."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.application import Application, SubmittedVersion
from app.models.base import Base, Thing
from app.models.call import Call
from workflows.clarification import CLARIFICATION
from workflows.machine import Machine


class Clarification(Thing, Base):
    __tablename__ = "clarification"
    __machine__: ClassVar[Machine] = CLARIFICATION
    __noun__: ClassVar[str] = "clarification"

    application_id: Mapped[str] = mapped_column(ForeignKey("application.id"), index=True)
    version_id: Mapped[str] = mapped_column(ForeignKey("submitted_version.id"))
    questions: Mapped[list[str]]  # ids of the answers that are reopened
    text: Mapped[str] = mapped_column(Text)  # what the office wants to know
    due_at: Mapped[datetime]
    opened_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    answers: Mapped[dict[str, Any]]  # by question, as typed so far; what was sent once it is answered
    answered_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]

    @property
    def call(self) -> Call:
        return self.application.call

    application: Mapped[Application] = relationship()
    submitted: Mapped[SubmittedVersion] = relationship()
