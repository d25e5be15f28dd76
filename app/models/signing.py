"""Who signs: named stand-ins, acts for which the office wants two persons, and copies that were signed elsewhere."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, identity, word
from app.models.document import Document
from app.models.event import Remark
from app.models.person import Person


class StandIn(Base):
    """Somebody of the office signs in the place of a programme manager, from one day until the end of another."""

    __tablename__ = "stand_in"
    __noun__: ClassVar[str] = "standin"
    __table_args__ = (
        CheckConstraint("since < until", name="begins_before_it_ends"),
        CheckConstraint("principal_id <> person_id", name="nobody_stands_in_for_themselves"),
    )

    id: Mapped[str] = identity()
    principal_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    since: Mapped[datetime]  # the first instant of the first day in Brussels
    until: Mapped[datetime]  # the first instant after the last one
    reason_id: Mapped[str] = mapped_column(ForeignKey("remark.id"))
    named_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]  # taken back before its last day was over

    principal: Mapped[Person] = relationship(foreign_keys=principal_id)
    person: Mapped[Person] = relationship(foreign_keys=person_id, back_populates="stand_ins")


class TwoPersons(Base):
    """What the office set for an act: one person or two. The newest of an act counts; none is ever changed."""

    __tablename__ = "two_persons"
    __noun__: ClassVar[str] = "two_persons"
    __table_args__ = (Index("ix_two_persons_act_at", "act", "at"),)

    id: Mapped[str] = identity()
    act: Mapped[str] = mapped_column(String(60))  # noun and row, such as call.announce
    needed: Mapped[bool]
    reason_id: Mapped[str] = mapped_column(ForeignKey("remark.id"))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(ForeignKey("person.id"))

    person: Mapped[Person] = relationship()


class Ending(StrEnum):
    """What became of a proposed act."""

    DONE = "done"
    TAKEN_BACK = "taken_back"
    REFUSED = "refused"
    OVERTAKEN = "overtaken"  # the thing changed, or the act was proposed anew


class ProposedAct(Base):
    """One person wants to take a row that needs two here; another takes it, on the thing as it was then."""

    __tablename__ = "proposed_act"
    __table_args__ = (Index("ix_proposed_act_thing_id_name", "thing_id", "name"),)

    id: Mapped[str] = identity()
    noun: Mapped[str] = mapped_column(String(20))
    thing_id: Mapped[str] = mapped_column(String(26))
    name: Mapped[str] = mapped_column(String(40))
    version: Mapped[int]  # of the thing
    data: Mapped[dict[str, Any]]  # as an event keeps it: texts stand in remarks
    proposed_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime]
    ending: Mapped[Ending | None] = mapped_column(word(Ending, "ending"))
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))

    person: Mapped[Person] = relationship(foreign_keys=proposed_by)


class FiledCopy(Base):
    """A copy of a document that was signed outside the service. A newer one has a reason; none is ever taken away."""

    __tablename__ = "filed_copy"
    __table_args__ = (
        Index("uq_filed_copy_document_id_number", "document_id", "number", unique=True),
        CheckConstraint("number = 1 OR reason_id IS NOT NULL", name="a_newer_one_has_a_reason"),
    )

    id: Mapped[str] = identity()
    document_id: Mapped[str] = mapped_column(ForeignKey("document.id"))
    number: Mapped[int]  # 1, 2, 3 …; the highest counts
    reference: Mapped[str] = mapped_column(String(120))
    signed_on: Mapped[date]
    reason_id: Mapped[str | None] = mapped_column(ForeignKey("remark.id"))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int]
    filed_at: Mapped[datetime]
    filed_by: Mapped[str] = mapped_column(ForeignKey("person.id"))

    document: Mapped[Document] = relationship()
    person: Mapped[Person] = relationship()
    remark: Mapped[Remark | None] = relationship()

    @property
    def reason(self) -> str:
        """Why it took the place of the one before; empty for the first, and once erased."""
        return (self.remark.text or "") if self.remark else ""

    @property
    def file_name(self) -> str:
        return f"{self.document.file_name.removesuffix('.pdf')}-signed-{self.number}.pdf"
