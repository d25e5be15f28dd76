"""What an expert discloses of an anonymous call: interests in organisations, without knowing what they apply with."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, Identity, Thing, identity
from app.models.call import Call
from app.models.person import Person
from workflows.disclosure import DISCLOSURE
from workflows.machine import Machine


class Disclosure(Thing, Base):
    __tablename__ = "disclosure"
    __machine__: ClassVar[Machine] = DISCLOSURE
    __noun__: ClassVar[str] = "disclosure"
    __table_args__ = (Index("uq_disclosure_call_id_person_id", "call_id", "person_id", unique=True),)

    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    disclosed_at: Mapped[datetime | None]

    call: Mapped[Call] = relationship()
    person: Mapped[Person] = relationship()
    lines: Mapped[list[DisclosureLine]] = relationship(order_by="DisclosureLine.organisation")


class DisclosureLine(Base):
    """One organisation of the list the expert went through, and whether they have an interest in it."""

    __tablename__ = "disclosure_line"
    __table_args__ = (
        Index("uq_disclosure_line_disclosure_id_organisation", "disclosure_id", "organisation", unique=True),
    )

    id: Mapped[str] = identity()
    disclosure_id: Mapped[str] = mapped_column(ForeignKey("disclosure.id"))
    organisation: Mapped[str] = mapped_column(Identity)  # its id; for one outside the directory its membership's
    name: Mapped[str] = mapped_column(String(300))
    interest: Mapped[bool]
    disclosed_at: Mapped[datetime]
