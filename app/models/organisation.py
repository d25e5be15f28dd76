"""Organisations, who acts for them, their earlier names, and doubles that were merged."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, Index, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, Thing, identity
from app.models.person import Person
from workflows.machine import Machine
from workflows.profile import PROFILE


class Organisation(Thing, Base):
    """An organisation and its profile."""

    __tablename__ = "organisation"
    __machine__: ClassVar[Machine] = PROFILE
    __noun__: ClassVar[str] = "profile"
    __table_args__ = (
        Index("ix_organisation_listed", "state", "merged_into_id", "id"),  # all that the search asks
        Index("ix_organisation_seated", "state", "merged_into_id", "region"),  # who could fill a gap, by region
    )

    name: Mapped[str] = mapped_column(String(300))  # in its own script
    name_en: Mapped[str] = mapped_column(String(300), default="")
    name_folded: Mapped[str] = mapped_column(String(300), index=True)
    name_language: Mapped[str] = mapped_column(String(5), default="en")
    acronym: Mapped[str] = mapped_column(String(40), default="")
    kinds: Mapped[list[str]]
    country: Mapped[str | None] = mapped_column(String(2), index=True)  # ISO code
    region: Mapped[str | None] = mapped_column(String(5), index=True)  # NUTS 2, vintage 2021
    regions_served: Mapped[list[str]]
    city: Mapped[str] = mapped_column(String(120), default="")
    pic: Mapped[str | None] = mapped_column(String(9), unique=True)
    website: Mapped[str] = mapped_column(String(500), default="")
    domains: Mapped[list[str]]  # of its e-mail addresses
    themes: Mapped[list[str]]
    technologies: Mapped[list[str]]
    sectors: Mapped[list[str]]
    priorities: Mapped[list[Any]]  # smart specialisation priorities: region and text
    summary: Mapped[str] = mapped_column(Text, default="")
    offers: Mapped[str] = mapped_column(Text, default="")
    seeks: Mapped[str] = mapped_column(Text, default="")
    founded: Mapped[int | None]
    staff_fte: Mapped[Decimal | None] = mapped_column(Numeric(8, 2))
    members_total: Mapped[int | None]
    members_sme: Mapped[int | None]
    open_to_contact: Mapped[bool] = mapped_column(default=True)
    # Open to small and medium-sized enterprises: kind, text and conditions of each.
    facilities: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    chain_positions: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    confirmed_at: Mapped[datetime | None]  # somebody of it last said that all is still right
    confirm_asked_at: Mapped[datetime | None]
    merged_into_id: Mapped[str | None] = mapped_column(ForeignKey("organisation.id"))

    people: Mapped[list[OrganisationMember]] = relationship(back_populates="organisation")
    names: Mapped[list[OrganisationName]] = relationship(order_by="OrganisationName.from_on")


class OrganisationMember(Base):
    """A person may act for an organisation once somebody of it, or the office, said yes."""

    __tablename__ = "organisation_member"
    __table_args__ = (Index("ix_organisation_member_person_id_organisation_id", "person_id", "organisation_id"),)

    id: Mapped[str] = identity()
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    administrator: Mapped[bool] = mapped_column(default=False)
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    accepted: Mapped[bool] = mapped_column(default=False)
    handed_to_office_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    organisation: Mapped[Organisation] = relationship(back_populates="people")
    person: Mapped[Person] = relationship(foreign_keys=person_id)


class OrganisationName(Base):
    """A name an organisation had until it was renamed."""

    __tablename__ = "organisation_name"

    id: Mapped[str] = identity()
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)
    name: Mapped[str] = mapped_column(String(300))
    name_en: Mapped[str] = mapped_column(String(300), default="")
    from_on: Mapped[date | None]
    until_on: Mapped[date]
    recorded_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))


class OrganisationMerge(Base):
    """Two entries were one organisation; what moved is kept, so that it can be undone."""

    __tablename__ = "organisation_merge"

    id: Mapped[str] = identity()
    kept_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    absorbed_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    moved: Mapped[dict[str, Any]]
    merged_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    merged_at: Mapped[datetime]
    undone_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    undone_at: Mapped[datetime | None]


class RegionSettlement(Base):
    """What the office settled where the table of regions is silent, with its source."""

    __tablename__ = "region_settlement"

    id: Mapped[str] = identity()
    region: Mapped[str] = mapped_column(String(5))
    period: Mapped[str] = mapped_column(String(9))
    category: Mapped[str] = mapped_column(String(20))
    source: Mapped[str] = mapped_column(Text)
    settled_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    settled_at: Mapped[datetime]
