"""An uploaded file. Its bytes lie in the store under their SHA-256; the given name is data."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.application import Application
from app.models.base import Base, Thing, identity
from workflows.file import FILE
from workflows.machine import Machine

_ONE_OWNER = (
    "(application_id IS NOT NULL AND expression_id IS NULL AND organisation_id IS NULL)"
    " OR (application_id IS NULL AND expression_id IS NOT NULL AND organisation_id IS NULL)"
    " OR (application_id IS NULL AND expression_id IS NULL AND organisation_id IS NOT NULL)"
)


class File(Thing, Base):
    __tablename__ = "file"
    __machine__: ClassVar[Machine] = FILE
    __noun__: ClassVar[str] = "file"
    __table_args__ = (CheckConstraint(_ONE_OWNER, name="has_one_owner"),)

    application_id: Mapped[str | None] = mapped_column(ForeignKey("application.id"), index=True)
    expression_id: Mapped[str | None] = mapped_column(ForeignKey("expression.id"), index=True)
    organisation_id: Mapped[str | None] = mapped_column(ForeignKey("organisation.id"), index=True)  # kept in a profile
    membership_id: Mapped[str | None] = mapped_column(ForeignKey("membership.id"))
    slot: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(300))
    media_type: Mapped[str] = mapped_column(String(100))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int]
    pages: Mapped[int | None]
    uploaded_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    uploaded_at: Mapped[datetime]
    caption: Mapped[str] = mapped_column(String(300), server_default="", default="")  # what a picture shows
    replaces_id: Mapped[str | None] = mapped_column(ForeignKey("file.id"), index=True)  # the version before
    source_id: Mapped[str | None] = mapped_column(ForeignKey("file.id"), index=True)  # taken from a profile
    dated_on: Mapped[date | None]  # the day a document of a profile is of

    application: Mapped[Application | None] = relationship()


class PlainCopy(Base):
    """What an expert of an anonymous call gets in place of a file: the same without the properties inside it."""

    __tablename__ = "plain_copy"

    id: Mapped[str] = identity()
    original_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    sha256: Mapped[str | None] = mapped_column(String(64), index=True)  # None: it could not be made
    size: Mapped[int | None]
    obstacles: Mapped[list[str]]  # codes of what stands in the way
    made_at: Mapped[datetime]
