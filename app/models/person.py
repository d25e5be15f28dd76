"""People, their sign-ins, second factors, mailed links and offices."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.browsers import name_of_browser
from app.models.base import Base, identity, word
from workflows.relations import Relation

if TYPE_CHECKING:
    from app.models.signing import StandIn


class Person(Base):
    __tablename__ = "person"

    id: Mapped[str] = identity()
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(320))
    email_folded: Mapped[str] = mapped_column(String(320), unique=True)
    email_verified_at: Mapped[datetime | None]
    password_hash: Mapped[str | None] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(5), default="en")
    single_keys: Mapped[bool] = mapped_column(default=True)
    demonstration: Mapped[bool] = mapped_column(default=False)
    disabled_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    offices: Mapped[list[OfficeHolding]] = relationship(
        foreign_keys="OfficeHolding.person_id", back_populates="person", order_by="OfficeHolding.since"
    )
    stand_ins: Mapped[list[StandIn]] = relationship(
        foreign_keys="StandIn.person_id", back_populates="person", order_by="StandIn.since"
    )  # for whom this person signs


class FormerAddress(Base):
    """An e-mail address somebody used until they changed it: its domain still tells where they belonged."""

    __tablename__ = "former_address"

    id: Mapped[str] = identity()
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    email: Mapped[str] = mapped_column(String(320))
    until: Mapped[datetime]


class OfficeHolding(Base):
    """Somebody holds an office from one moment until another."""

    __tablename__ = "office_holding"

    id: Mapped[str] = identity()
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    office: Mapped[Relation] = mapped_column(word(Relation, "office"))
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    granted_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))

    person: Mapped[Person] = relationship(foreign_keys=person_id, back_populates="offices")


class SignIn(Base):
    """The server's record behind the sign-in cookie."""

    __tablename__ = "sign_in"

    id: Mapped[str] = identity()
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    proved_at: Mapped[datetime]  # last password or second factor
    last_used_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    browser: Mapped[str] = mapped_column(String(300), default="")

    person: Mapped[Person] = relationship()

    @property
    def browser_name(self) -> str:
        """Give the browser and its system in two words, empty where they are not known."""
        return name_of_browser(self.browser)


class KnownPlace(Base):
    """A browser, or a kind of browser in a network, that somebody signed in with before: a digest, nothing to read."""

    __tablename__ = "known_place"

    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    last_at: Mapped[datetime]


class MailedLink(Base):
    """What stands behind a mailed token: purpose, address, object, expiry; a new salt voids the old token."""

    __tablename__ = "mailed_link"
    __table_args__ = (Index("uq_mailed_link_purpose_address_thing_id", "purpose", "address", "thing_id", unique=True),)

    id: Mapped[str] = identity()
    purpose: Mapped[str] = mapped_column(String(40))
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    address: Mapped[str] = mapped_column(String(320))
    thing_id: Mapped[str] = mapped_column(String(26), default="")
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[str] = mapped_column(String(64), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SecondFactor(Base):
    """The secret of somebody's one-time codes, sealed; `last_step` refuses a code used before."""

    __tablename__ = "second_factor"

    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    secret: Mapped[str] = mapped_column(String(300))
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int] = mapped_column(default=0)


class RecoveryCode(Base):
    __tablename__ = "recovery_code"

    id: Mapped[str] = identity()
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    used_at: Mapped[datetime | None]


class FactorReset(Base):
    """A second factor is reset by two persons of the office, and both are kept."""

    __tablename__ = "factor_reset"

    id: Mapped[str] = identity()
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    asked_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    confirmed_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    confirmed_at: Mapped[datetime | None]
