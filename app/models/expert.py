"""The pool of experts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

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
    countries: Mapped[list[str]] = mapped_column(default=list, server_default="[]")  # of work, besides `country`
    languages: Mapped[list[str]]
    expertise: Mapped[list[str]]  # codes of the taxonomy
    free_words: Mapped[str] = mapped_column(Text, default="")
    biography: Mapped[str] = mapped_column(Text, default="")
    evidence: Mapped[str] = mapped_column(Text, default="", server_default="")  # of the expertise: works, projects
    sector: Mapped[str] = mapped_column(String(40), default="", server_default="")
    gender: Mapped[str] = mapped_column(String(20), default="", server_default="")  # as the person says; only they
    other_addresses: Mapped[list[str]] = mapped_column(default=list, server_default="[]")  # e-mail, now or formerly
    away: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")  # first and last day of each absence
    most_tasks: Mapped[int] = mapped_column(default=10)
    invited_at: Mapped[datetime]
    invited_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    conduct_accepted_at: Mapped[datetime | None]
    conduct_version: Mapped[str] = mapped_column(String(20), default="", server_default="")
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


class ExpertCheck(Base):
    """Somebody was looked up before being invited: whether they have an interest in a call, yes or no."""

    __tablename__ = "expert_check"

    id: Mapped[str] = identity()
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(320))
    tied: Mapped[bool]
    at: Mapped[datetime]
    by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
