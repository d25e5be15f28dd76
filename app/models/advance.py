"""An application of the reserve list that is to be awarded, as a place and money became free."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, Numeric, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.application import Application
from app.models.base import Base, Thing, filled_in
from app.models.call import Call
from workflows.advance import ADVANCE
from workflows.machine import Machine


class Advance(Thing, Base):
    """What was proposed and signed after the award; the decision and its ranking stay as they were."""

    __tablename__ = "advance"
    __machine__: ClassVar[Machine] = ADVANCE
    __noun__: ClassVar[str] = "advance"
    __table_args__ = (*filled_in(ADVANCE),)

    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"), index=True)
    application_id: Mapped[str] = mapped_column(ForeignKey("application.id"), index=True)
    ranking_sha256: Mapped[str] = mapped_column(String(64))  # of the ranking whose reserve list it stands on
    strand: Mapped[str] = mapped_column(String(60))
    grant: Mapped[Decimal] = mapped_column(Numeric(14, 2))  # asked for
    freed: Mapped[list[Any]]  # who does not take the label: application, grant, declined or lapsed
    places_left: Mapped[int | None]  # of its list before it moves up; None: no limit
    money_left: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))
    proposed_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    signed_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    signed_at: Mapped[datetime | None]

    application: Mapped[Application] = relationship()
    call: Mapped[Call] = relationship()
