"""The pool of experts."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, identity
from app.models.person import Person


class Expert(Base):
    """A person who may be asked to evaluate."""

    __tablename__ = "expert"

    id: Mapped[str] = identity()
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), unique=True)
    country: Mapped[str | None] = mapped_column(String(2))
    languages: Mapped[list[str]]
    expertise: Mapped[list[str]]  # codes of the taxonomy
    free_words: Mapped[str] = mapped_column(Text, default="")
    biography: Mapped[str] = mapped_column(Text, default="")
    most_tasks: Mapped[int] = mapped_column(default=10)
    invited_at: Mapped[datetime]
    invited_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    conduct_accepted_at: Mapped[datetime | None]
    declined_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(foreign_keys=person_id)
    employers: Mapped[list[Employer]] = relationship(back_populates="expert", order_by="Employer.from_on")


class Employer(Base):
    """Where an expert works or worked."""

    __tablename__ = "employer"

    id: Mapped[str] = identity()
    expert_id: Mapped[str] = mapped_column(ForeignKey("expert.id"), index=True)
    organisation_id: Mapped[str | None] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[str] = mapped_column(String(300))
    name_folded: Mapped[str] = mapped_column(String(300), index=True)
    domain: Mapped[str] = mapped_column(String(253), default="")
    from_on: Mapped[date | None]
    until_on: Mapped[date | None]

    expert: Mapped[Expert] = relationship(back_populates="employers")
