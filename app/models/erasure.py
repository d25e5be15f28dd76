"""Whose personal data were asked to be erased, by whom, and until when evidence stays under the pseudonym."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, identity


class Erasure(Base):
    """Asked for by an administrator and confirmed by another, or done by the person alone; never deleted."""

    __tablename__ = "erasure"
    __table_args__ = (
        CheckConstraint("confirmed_by IS NULL OR confirmed_by = person_id OR confirmed_by <> asked_by", name="by_two"),
    )

    id: Mapped[str] = identity()
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    asked_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))  # None: by the command
    asked_at: Mapped[datetime]
    reason_id: Mapped[str | None] = mapped_column(ForeignKey("remark.id"))
    confirmed_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    taken_back_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]
    evidence_until: Mapped[datetime | None]  # None: no evidence of an award decision stays
    ended_at: Mapped[datetime | None]  # the evidence is gone as well
