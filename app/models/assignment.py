"""An expert's task on one application, and the interests that were declared or found."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.application import Application
from app.models.base import Base, Thing, identity, word
from app.models.person import Person
from workflows.assignment import ASSIGNMENT, LIVE
from workflows.machine import Machine

_IS_LIVE = f"state IN ({', '.join(repr(state.value) for state in sorted(LIVE))})"


class Assignment(Thing, Base):
    __tablename__ = "assignment"
    __machine__: ClassVar[Machine] = ASSIGNMENT
    __noun__: ClassVar[str] = "assignment"
    __table_args__ = (
        Index("ix_assignment_application_id_person_id", "application_id", "person_id"),
        # Nobody has an application twice, whoever assigns at the same moment.
        Index(
            "uq_assignment_live_pair", "application_id", "person_id", unique=True,
            sqlite_where=text(_IS_LIVE), postgresql_where=text(_IS_LIVE),
        ),
    )  # fmt: skip

    application_id: Mapped[str] = mapped_column(ForeignKey("application.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    rapporteur: Mapped[bool] = mapped_column(default=False)
    due_at: Mapped[datetime | None]
    declared_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]  # of the report that is due

    application: Mapped[Application] = relationship()
    person: Mapped[Person] = relationship()


class Strength(StrEnum):
    """Whether an interest bars at once or has to be decided."""

    DIRECT = "direct"
    SOFT = "soft"


class Conflict(Base):
    """An interest of a person in an application: declared by the person, or found by the system with its path."""

    __tablename__ = "conflict"
    __table_args__ = (Index("ix_conflict_person_id_application_id", "person_id", "application_id"),)

    id: Mapped[str] = identity()
    application_id: Mapped[str] = mapped_column(ForeignKey("application.id"), index=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(String(40))
    strength: Mapped[Strength] = mapped_column(word(Strength, "strength"))
    declared: Mapped[bool]
    grade: Mapped[int] = mapped_column(default=0, server_default="0")  # how much an indirect one weighs, 1 to 3
    path: Mapped[list[Any]]  # the steps from the person to the applicant, in words
    facts: Mapped[str] = mapped_column(String(64), default="", server_default="")  # digest of what it rests on
    alike: Mapped[str] = mapped_column(String(64), default="", server_default="", index=True)  # decided together
    detail: Mapped[str] = mapped_column(Text, default="")
    found_at: Mapped[datetime]
    dismissed_at: Mapped[datetime | None]
    dismissed_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
