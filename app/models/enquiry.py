"""Questions people ask about a call. (A question a call asks of its applicants is part of its definition.)"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, Thing
from app.models.call import Call
from app.models.person import Person
from workflows.enquiry import ENQUIRY
from workflows.machine import Machine


class Enquiry(Thing, Base):
    __tablename__ = "enquiry"
    __machine__: ClassVar[Machine] = ENQUIRY
    __noun__: ClassVar[str] = "enquiry"

    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"), index=True)
    asker_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    clause: Mapped[str] = mapped_column(String(80), default="")  # a part of the call's page, or nothing
    text: Mapped[str] = mapped_column(Text)  # as it was asked
    wording: Mapped[str] = mapped_column(Text, default="")  # as everybody reads it
    answer: Mapped[str] = mapped_column(Text, default="")
    published_at: Mapped[datetime | None]
    published_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))

    call: Mapped[Call] = relationship()
    asker: Mapped[Person] = relationship(foreign_keys=[asker_id])
