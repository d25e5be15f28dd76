"""A label and the certificates issued for it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.application import Application
from app.models.base import Base, Thing, filled_in, identity
from app.models.call import Call
from workflows.label import LABEL
from workflows.machine import Machine


class Label(Thing, Base):
    """Rows of the register; they are never deleted and numbers are never used again."""

    __tablename__ = "label"
    __machine__: ClassVar[Machine] = LABEL
    __noun__: ClassVar[str] = "label"
    __table_args__ = (*filled_in(LABEL),)

    application_id: Mapped[str] = mapped_column(ForeignKey("application.id"), unique=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"), index=True)
    number: Mapped[str | None] = mapped_column(String(40), unique=True)
    code: Mapped[str | None] = mapped_column(String(40), unique=True)
    acronym: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(400))
    theme: Mapped[str | None] = mapped_column(String(60))
    with_grant: Mapped[bool] = mapped_column(default=True)
    partners: Mapped[list[Any]]  # as they stand at the conferral: names, regions, countries, roles
    accept_by: Mapped[datetime]
    conferred_at: Mapped[datetime | None]
    valid_until: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    proposed_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))  # of a suspension or withdrawal

    application: Mapped[Application] = relationship()
    call: Mapped[Call] = relationship()


class CharterWord(Base):
    """What one partner said to the charter, and to which text; a later word stands beside it, none is ever changed."""

    __tablename__ = "charter_word"
    __table_args__ = (
        Index("uq_charter_word_label_id_membership_id_number", "label_id", "membership_id", "number", unique=True),
    )

    id: Mapped[str] = identity()
    label_id: Mapped[str] = mapped_column(ForeignKey("label.id"))
    membership_id: Mapped[str] = mapped_column(ForeignKey("membership.id"), index=True)
    number: Mapped[int]  # 1, 2, 3 … of this partner
    accepted: Mapped[bool]
    charter_sha256: Mapped[str] = mapped_column(String(64))  # of the text that was there to be read
    canonical: Mapped[str] = mapped_column(Text)  # RFC 8785: exactly what was said, with the text
    sha256: Mapped[str] = mapped_column(String(64))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
