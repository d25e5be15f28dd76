"""Dossiers that were made, public heads of the record, access and notes of auditors, lists that were published."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.application import Application
from app.models.base import Base, identity, word
from app.models.call import Call
from app.models.person import Person


class Level(StrEnum):
    """How much of a dossier is told; the rest is sealed under salted digests."""

    FULL = "full"
    AUDITOR = "auditor"
    APPLICANT = "applicant"
    REQUEST = "request"  # what is given to somebody who asks for access to documents


class Dossier(Base):
    """Wanted in the transaction of an act; made by a job; served as those bytes for ever."""

    __tablename__ = "dossier"
    __noun__: ClassVar[str] = "dossier"

    id: Mapped[str] = identity()
    kind: Mapped[Level] = mapped_column(word(Level, "kind"))
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"), index=True)
    application_id: Mapped[str | None] = mapped_column(ForeignKey("application.id"), index=True)  # None: of the call
    wanted_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    wanted_at: Mapped[datetime]
    seed: Mapped[bytes] = mapped_column(LargeBinary)  # of the salts; the same for every dossier of one subject
    made_at: Mapped[datetime | None]
    sha256: Mapped[str | None] = mapped_column(String(64))  # of the ZIP
    manifest_sha256: Mapped[str | None] = mapped_column(String(64))
    root: Mapped[str | None] = mapped_column(String(64))  # of the tables: the same at every level
    size: Mapped[int | None]
    persons: Mapped[list[Any]] = mapped_column(default=list)  # ids of whom it names: erasing one takes the ZIP away
    taken_away_at: Mapped[datetime | None]

    call: Mapped[Call] = relationship()
    application: Mapped[Application | None] = relationship()
    person: Mapped[Person | None] = relationship()

    @property
    def state(self) -> Level:
        """What decides who may read it, as a thing's state does elsewhere."""
        return self.kind


class RecordHead(Base):
    """The head over all entries of the record, as it was taken down outside the database. Append-only and public."""

    __tablename__ = "record_head"

    number: Mapped[int] = mapped_column(primary_key=True)  # 1, 2, 3 …
    id: Mapped[str] = mapped_column(String(26), unique=True)
    at: Mapped[datetime]
    why: Mapped[str] = mapped_column(String(20))  # daily, release
    entries: Mapped[int]
    things: Mapped[int]
    head: Mapped[str] = mapped_column(String(64), unique=True)


class AuditAccess(Base):
    """What an auditor or observer may look at: one call, from one day until another, and a sample of its files."""

    __tablename__ = "audit_access"
    __table_args__ = (CheckConstraint("since < until", name="begins_before_it_ends"),)

    id: Mapped[str] = identity()
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"), index=True)
    since: Mapped[datetime]
    until: Mapped[datetime]
    size: Mapped[int | None]  # of the sample; None until it is drawn
    seed: Mapped[str] = mapped_column(String(64))  # the sample follows from it
    granted_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    granted_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    drawn_at: Mapped[datetime | None]
    population: Mapped[list[Any] | None]  # numbers of the applications the sample was drawn from

    person: Mapped[Person] = relationship(foreign_keys=person_id)
    granter: Mapped[Person] = relationship(foreign_keys=granted_by)
    call: Mapped[Call] = relationship()


class AuditSample(Base):
    """One application that a sample of files holds."""

    __tablename__ = "audit_sample"
    __table_args__ = (Index("uq_audit_sample_access_id_application_id", "access_id", "application_id", unique=True),)

    id: Mapped[str] = identity()
    access_id: Mapped[str] = mapped_column(ForeignKey("audit_access.id"))
    application_id: Mapped[str] = mapped_column(ForeignKey("application.id"), index=True)

    application: Mapped[Application] = relationship()


class AuditNote(Base):
    """What an auditor notes on an application. Auditors of its call read it, nobody else."""

    __tablename__ = "audit_note"
    __table_args__ = (Index("ix_audit_note_person_id_application_id", "person_id", "application_id"),)

    id: Mapped[str] = identity()
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    application_id: Mapped[str] = mapped_column(ForeignKey("application.id"))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]

    person: Mapped[Person] = relationship()


class Publication(Base):
    """A list that was due and is published: fixed on its day, the same ever after."""

    __tablename__ = "publication"
    __table_args__ = (Index("uq_publication_kind_about", "kind", "about", unique=True),)

    id: Mapped[str] = identity()
    kind: Mapped[str] = mapped_column(String(20))  # experts, awards
    about: Mapped[str] = mapped_column(String(80))  # the year; the code of the call
    due_on: Mapped[date]
    made_at: Mapped[datetime]
    rows: Mapped[list[Any]]
    sha256: Mapped[str] = mapped_column(String(64))
