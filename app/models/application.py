"""Applications, their answers in versions, and the frozen versions that were submitted."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, Thing, identity
from app.models.call import Call
from workflows.application import APPLICATION
from workflows.machine import Machine

if TYPE_CHECKING:
    from app.models.membership import Membership


class Application(Thing, Base):
    __tablename__ = "application"
    __machine__: ClassVar[Machine] = APPLICATION
    __noun__: ClassVar[str] = "application"

    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"), index=True)
    expression_id: Mapped[str | None] = mapped_column(ForeignKey("expression.id"))  # where it came from
    number: Mapped[str] = mapped_column(String(20), unique=True)  # random, so that it tells no order
    acronym: Mapped[str] = mapped_column(String(60), default="")
    title: Mapped[str] = mapped_column(String(400), default="")
    theme: Mapped[str | None] = mapped_column(String(60))
    starts_on: Mapped[date | None]
    months: Mapped[int | None]
    requested_grant: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))
    eligible_cost: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))

    own_closes_at: Mapped[datetime | None]  # by a late exception: later than everybody's deadline
    seen_version: Mapped[int] = mapped_column(default=1, server_default="1")  # of the call, that the draft follows

    call: Mapped[Call] = relationship()
    memberships: Mapped[list[Membership]] = relationship(back_populates="application", order_by="Membership.position")
    versions: Mapped[list[SubmittedVersion]] = relationship(
        back_populates="application", order_by="SubmittedVersion.number"
    )

    @property
    def closes_at(self) -> datetime:
        """The deadline in force for this application: everybody's, or its own where that is later."""
        return max(self.call.closes_at, self.own_closes_at or self.call.closes_at)

    @property
    def follows_older_call(self) -> bool:
        """The call changed since somebody last looked."""
        return self.seen_version < self.call.definition_number


class Answer(Base):
    """One saved version of one answer; the newest counts, none is ever overwritten."""

    __tablename__ = "answer"
    __table_args__ = (
        CheckConstraint("(application_id IS NULL) <> (expression_id IS NULL)", name="has_one_owner"),
        Index("uq_answer_application_id_question_number", "application_id", "question", "number", unique=True),
        Index("uq_answer_expression_id_question_number", "expression_id", "question", "number", unique=True),
    )

    id: Mapped[str] = identity()
    application_id: Mapped[str | None] = mapped_column(ForeignKey("application.id"))
    expression_id: Mapped[str | None] = mapped_column(ForeignKey("expression.id"))
    question: Mapped[str] = mapped_column(String(60))
    number: Mapped[int]  # 1, 2, 3 … of this question
    value: Mapped[dict[str, Any]]  # {"value": …}: JSON null would be taken for no row
    saved_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    saved_at: Mapped[datetime]


class SubmittedVersion(Base):
    """What was sent, frozen. The sheet of persons stands beside it, so that erasure leaves the digest true."""

    __tablename__ = "submitted_version"
    __table_args__ = (
        CheckConstraint("received_at < deadline", name="in_time"),
        Index("uq_submitted_version_application_id_number", "application_id", "number", unique=True),
    )

    id: Mapped[str] = identity()
    application_id: Mapped[str] = mapped_column(ForeignKey("application.id"))
    number: Mapped[int]
    canonical: Mapped[str] = mapped_column(Text)  # RFC 8785
    sha256: Mapped[str] = mapped_column(String(64))
    files: Mapped[list[Any]]
    persons: Mapped[dict[str, Any]]
    persons_salt: Mapped[bytes | None] = mapped_column(LargeBinary)
    submitted_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    received_at: Mapped[datetime]
    deadline: Mapped[datetime]

    application: Mapped[Application] = relationship(back_populates="versions")
