"""What partners confirmed, row by row, what they agreed to beforehand, and who was let into a draft."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, identity


class Consent(Base):
    """One word of a partner on its own part; a later one stands beside it, none is ever changed."""

    __tablename__ = "consent"
    __table_args__ = (Index("uq_consent_membership_id_number", "membership_id", "number", unique=True),)

    id: Mapped[str] = identity()
    membership_id: Mapped[str] = mapped_column(ForeignKey("membership.id"))
    number: Mapped[int]  # 1, 2, 3 … of this partner
    part: Mapped[dict[str, Any]]  # its own facts, as `workflows.consent.as_data` writes them
    text_sha256: Mapped[str] = mapped_column(String(64))  # of the version of the text that was there to be read
    canonical: Mapped[str] = mapped_column(Text)  # RFC 8785: exactly what was confirmed
    sha256: Mapped[str] = mapped_column(String(64))
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    mandate_id: Mapped[str | None] = mapped_column(ForeignKey("mandate.id"))  # the signatory's, where one had signed
    at: Mapped[datetime]


class Agreement(Base):
    """What a partner agreed to beforehand, until the deadline or until it takes it back."""

    __tablename__ = "agreement"
    __table_args__ = (
        CheckConstraint("share_percent IS NULL OR (share_percent >= 0 AND share_percent <= 100)", name="share_percent"),
    )

    id: Mapped[str] = identity()
    membership_id: Mapped[str] = mapped_column(ForeignKey("membership.id"), index=True)
    share_percent: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    texts: Mapped[bool]
    given_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    given_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class DraftLook(Base):
    """An applicant lets the office look at the draft, from one moment until another."""

    __tablename__ = "draft_look"

    id: Mapped[str] = identity()
    application_id: Mapped[str] = mapped_column(ForeignKey("application.id"), index=True)
    given_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    given_at: Mapped[datetime]
    until: Mapped[datetime]
