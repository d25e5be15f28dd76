"""One rule checked on one application's frozen version."""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.application import Application
from app.models.base import Base, Thing, word
from workflows.check import CHECK, Stage
from workflows.machine import Machine


class Check(Thing, Base):
    __tablename__ = "check"
    __machine__: ClassVar[Machine] = CHECK
    __noun__: ClassVar[str] = "check"

    application_id: Mapped[str] = mapped_column(ForeignKey("application.id"), index=True)
    version_id: Mapped[str] = mapped_column(ForeignKey("submitted_version.id"))
    stage: Mapped[Stage] = mapped_column(word(Stage, "stage"))
    rule: Mapped[str] = mapped_column(String(60))
    label: Mapped[str] = mapped_column(Text)
    proposed: Mapped[str] = mapped_column(String(20))  # met, not_met, undetermined
    facts: Mapped[list[Any]]  # reasons the machine's answer rests on
    position: Mapped[int]

    application: Mapped[Application] = relationship()
