"""What evaluators of an anonymous call read in place of an application's own texts and files. The originals stay."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.application import Application, SubmittedVersion
from app.models.base import Base, Thing, identity
from app.models.call import Call
from workflows.machine import Machine
from workflows.redaction import REDACTION


class Redaction(Thing, Base):
    __tablename__ = "redaction"
    __machine__: ClassVar[Machine] = REDACTION
    __noun__: ClassVar[str] = "redaction"

    application_id: Mapped[str] = mapped_column(ForeignKey("application.id"), unique=True)
    version_id: Mapped[str] = mapped_column(ForeignKey("submitted_version.id"))
    ready_at: Mapped[datetime | None]  # what was edited up to here is what evaluators read
    ready_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))

    @property
    def call(self) -> Call:
        return self.application.call

    application: Mapped[Application] = relationship()
    submitted: Mapped[SubmittedVersion] = relationship()
    texts: Mapped[list[RedactedText]] = relationship(order_by="RedactedText.number")
    files: Mapped[list[RedactedFile]] = relationship(order_by="RedactedFile.number")
    harmless: Mapped[list[HarmlessName]] = relationship(order_by="HarmlessName.id")


class RedactedText(Base):
    """One saved anonymised form of one text; the newest counts, none is ever overwritten."""

    __tablename__ = "redacted_text"
    __table_args__ = (
        Index("uq_redacted_text_redaction_id_place_number", "redaction_id", "place", "number", unique=True),
    )

    id: Mapped[str] = identity()
    redaction_id: Mapped[str] = mapped_column(ForeignKey("redaction.id"))
    place: Mapped[str] = mapped_column(String(200))  # which text of the application: "answer:idea"
    number: Mapped[int]  # 1, 2, 3 … of this place
    original_sha256: Mapped[str] = mapped_column(String(64))  # of the text it was made from
    text: Mapped[str] = mapped_column(Text)
    saved_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    saved_at: Mapped[datetime]


class HarmlessName(Base):
    """A passage that was found and tells nothing: it is not proposed again in this application."""

    __tablename__ = "harmless_name"

    id: Mapped[str] = identity()
    redaction_id: Mapped[str] = mapped_column(ForeignKey("redaction.id"), index=True)
    text: Mapped[str] = mapped_column(String(300))
    by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class RedactedFile(Base):
    """What evaluators get in place of an uploaded file: another file, or none. The newest of a file counts."""

    __tablename__ = "redacted_file"
    __table_args__ = (
        Index("uq_redacted_file_redaction_id_file_id_number", "redaction_id", "file_id", "number", unique=True),
    )

    id: Mapped[str] = identity()
    redaction_id: Mapped[str] = mapped_column(ForeignKey("redaction.id"))
    file_id: Mapped[str] = mapped_column(ForeignKey("file.id"))
    number: Mapped[int]
    sha256: Mapped[str | None] = mapped_column(String(64), index=True)  # None: evaluators get none
    size: Mapped[int | None]
    pages: Mapped[int | None]
    media_type: Mapped[str] = mapped_column(String(100), default="")
    uploaded_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    uploaded_at: Mapped[datetime]
