"""Changes of the list of partners that were asked for after the deadline."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from sqlalchemy import ForeignKey, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.application import Application
from app.models.base import Base, Thing, word
from app.models.membership import Membership, Role
from app.models.organisation import Organisation
from workflows.amendment import AMENDMENT, Change
from workflows.machine import Machine


class Amendment(Thing, Base):
    """One change: a partner more, a partner less, or another role, task or share of one."""

    __tablename__ = "amendment"
    __machine__: ClassVar[Machine] = AMENDMENT
    __noun__: ClassVar[str] = "amendment"

    application_id: Mapped[str] = mapped_column(ForeignKey("application.id"), index=True)
    change: Mapped[Change] = mapped_column(word(Change, "change"))
    membership_id: Mapped[str | None] = mapped_column(ForeignKey("membership.id"), index=True)
    organisation_id: Mapped[str | None] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[str] = mapped_column(String(300), default="")
    email: Mapped[str] = mapped_column(String(320), default="")
    role: Mapped[Role] = mapped_column(word(Role, "role"), default=Role.PARTNER)
    share: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))
    task: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(Text)
    asked_by: Mapped[str] = mapped_column(ForeignKey("person.id"))

    application: Mapped[Application] = relationship()
    membership: Mapped[Membership | None] = relationship(foreign_keys=[membership_id])
    organisation: Mapped[Organisation | None] = relationship()
