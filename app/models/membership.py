"""The partners of a consortium and the people who act for them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.application import Application
from app.models.base import Base, Thing, identity, word
from app.models.consent import Agreement, Consent
from app.models.organisation import Organisation
from app.models.person import Person
from workflows.machine import Machine
from workflows.membership import MEMBERSHIP


class Role(StrEnum):
    """What an organisation is in its consortium."""

    COORDINATOR = "coordinator"
    PARTNER = "partner"
    ASSOCIATED = "associated"


class Part(StrEnum):
    """What a person does in a consortium."""

    COORDINATOR = "coordinator"
    DEPUTY = "deputy"
    CONTACT = "contact"
    HELPER = "helper"
    SIGNATORY = "signatory"


class Membership(Thing, Base):
    """One organisation's place in one consortium, with its own facts."""

    __tablename__ = "membership"
    __machine__: ClassVar[Machine] = MEMBERSHIP
    __noun__: ClassVar[str] = "membership"
    __table_args__ = (
        Index("uq_membership_application_id_organisation_id", "application_id", "organisation_id", unique=True),
        CheckConstraint("share IS NULL OR share >= 0", name="share_is_not_negative"),
    )

    application_id: Mapped[str] = mapped_column(ForeignKey("application.id"), index=True)
    organisation_id: Mapped[str | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    position: Mapped[int]
    role: Mapped[Role] = mapped_column(word(Role, "role"))
    invited_name: Mapped[str] = mapped_column(String(300), default="")
    invited_email: Mapped[str] = mapped_column(String(320), default="")
    invited_email_folded: Mapped[str] = mapped_column(String(320), default="", index=True)
    invited_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    invitation: Mapped[str] = mapped_column(Text, default="")  # what the partner is asked to commit to
    answer_by: Mapped[datetime | None]
    kinds: Mapped[list[str]]
    country: Mapped[str | None] = mapped_column(String(2))
    region: Mapped[str | None] = mapped_column(String(5))  # seat, NUTS 2 in the call's vintage
    region_acted_for: Mapped[str | None] = mapped_column(String(5))
    share: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))
    task: Mapped[str] = mapped_column(Text, default="")
    consent_digest: Mapped[str | None] = mapped_column(String(64))
    consented_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    confirm_by: Mapped[datetime | None]  # what was submitted with parts to confirm is confirmed until then
    confirm_missed_at: Mapped[datetime | None]
    amendment_id: Mapped[str | None] = mapped_column(String(26))  # invited after the deadline, by that amendment

    claimed_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))  # asks to accept with another address
    claimed_at: Mapped[datetime | None]

    application: Mapped[Application] = relationship(back_populates="memberships")
    organisation: Mapped[Organisation | None] = relationship()
    claimant: Mapped[Person | None] = relationship(foreign_keys=claimed_by)
    participants: Mapped[list[Participant]] = relationship(back_populates="membership")
    consents: Mapped[list[Consent]] = relationship(order_by=Consent.number, lazy="selectin")
    agreements: Mapped[list[Agreement]] = relationship(order_by=Agreement.given_at, lazy="selectin")


class Participant(Base):
    """A person's part in a consortium, from one moment until another."""

    __tablename__ = "participant"

    id: Mapped[str] = identity()
    application_id: Mapped[str] = mapped_column(ForeignKey("application.id"), index=True)
    membership_id: Mapped[str | None] = mapped_column(ForeignKey("membership.id"), index=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    part: Mapped[Part] = mapped_column(word(Part, "part"))
    since: Mapped[datetime]
    until: Mapped[datetime | None]

    membership: Mapped[Membership | None] = relationship(back_populates="participants")
    person: Mapped[Person] = relationship()


class Mandate(Base):
    """A declaration or mandate that an authorised signatory signs from one mailed page, or as an uploaded PDF."""

    __tablename__ = "mandate"

    id: Mapped[str] = identity()
    membership_id: Mapped[str] = mapped_column(ForeignKey("membership.id"), index=True)
    kind: Mapped[str] = mapped_column(String(30))
    signatory_name: Mapped[str] = mapped_column(String(200))
    signatory_email: Mapped[str] = mapped_column(String(320))
    text: Mapped[str] = mapped_column(Text)
    text_sha256: Mapped[str] = mapped_column(String(64))
    asked_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    signed_at: Mapped[datetime | None]
    file_id: Mapped[str | None] = mapped_column(ForeignKey("file.id"))
    voided_at: Mapped[datetime | None]
