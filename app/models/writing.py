"""How a consortium shares the writing of its application: who owns a section, what is said of it, who signed it off.

None of this belongs to what is submitted: nobody outside the consortium reads it.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, identity
from app.models.person import Person


class SectionPlan(Base):
    """Who writes a section, and by when; one row for each section that was given to somebody."""

    __tablename__ = "section_plan"
    __table_args__ = (Index("uq_section_plan_application_id_section", "application_id", "section", unique=True),)

    id: Mapped[str] = identity()
    application_id: Mapped[str] = mapped_column(ForeignKey("application.id"))
    section: Mapped[str] = mapped_column(String(60))
    owner_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    due_on: Mapped[date | None]

    owner: Mapped[Person | None] = relationship()


class SectionComment(Base):
    """A remark of one person of the consortium to the others. Its text can be erased, the row stays."""

    __tablename__ = "section_comment"
    __table_args__ = (Index("ix_section_comment_application_id_section", "application_id", "section"),)

    id: Mapped[str] = identity()
    application_id: Mapped[str] = mapped_column(ForeignKey("application.id"))
    section: Mapped[str] = mapped_column(String(60))
    question: Mapped[str | None] = mapped_column(String(60))  # None: about the whole section
    text: Mapped[str] = mapped_column(Text)
    mentions: Mapped[list[str]]  # ids of persons
    written_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime]
    settled_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    settled_at: Mapped[datetime | None]

    author: Mapped[Person] = relationship(foreign_keys=written_by)


class SectionSignOff(Base):
    """Somebody says a section is right as it stands: with the number of each of its answers at that moment."""

    __tablename__ = "section_sign_off"
    __table_args__ = (Index("ix_section_sign_off_application_id_section", "application_id", "section"),)

    id: Mapped[str] = identity()
    application_id: Mapped[str] = mapped_column(ForeignKey("application.id"))
    section: Mapped[str] = mapped_column(String(60))
    numbers: Mapped[dict[str, Any]]  # question → number of its answer
    signed_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    signed_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]

    signer: Mapped[Person] = relationship()
