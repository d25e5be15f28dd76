"""A label and the certificates issued for it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.application import Application
from app.models.base import Base, Thing, filled_in
from app.models.call import Call
from workflows.label import LABEL
from workflows.machine import Machine


class Label(Thing, Base):
    """Rows of the register; they are never deleted and numbers are never used again."""

    __tablename__ = "label"
    __machine__: ClassVar[Machine] = LABEL
    __noun__: ClassVar[str] = "label"
    __table_args__ = (*filled_in(LABEL),)

    application_id: Mapped[str] = mapped_column(ForeignKey("application.id"), unique=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"), index=True)
    number: Mapped[str | None] = mapped_column(String(40), unique=True)
    code: Mapped[str | None] = mapped_column(String(40), unique=True)
    acronym: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(400))
    theme: Mapped[str | None] = mapped_column(String(60))
    with_grant: Mapped[bool] = mapped_column(default=True)
    partners: Mapped[list[Any]]  # as they stand at the conferral: names, regions, countries, roles
    accept_by: Mapped[datetime]
    conferred_at: Mapped[datetime | None]
    valid_until: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    proposed_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))  # of a suspension or withdrawal

    application: Mapped[Application] = relationship()
    call: Mapped[Call] = relationship()
