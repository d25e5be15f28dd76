"""Reviews of an evaluation or of a refusal at the checks: committee, new scores, and answers to refused checks."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.application import Application
from app.models.base import Base, Thing, filled_in, identity, word
from app.models.call import Call
from app.models.decision import Outcome
from app.models.person import Person
from workflows.machine import Machine
from workflows.review import FORKED, REVIEW, TAKEN_UP, Ground, Kind


class Review(Thing, Base):
    """What was asked, and the new decision; the first decision stays in its own rows, untouched."""

    __tablename__ = "review"
    __machine__: ClassVar[Machine] = REVIEW
    __noun__: ClassVar[str] = "review"
    __table_args__ = (*filled_in(REVIEW),)

    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"), index=True)
    application_id: Mapped[str] = mapped_column(ForeignKey("application.id"), index=True)
    kind: Mapped[Kind] = mapped_column(word(Kind, "kind"), server_default=Kind.EVALUATION.value)
    ground: Mapped[Ground] = mapped_column(word(Ground, "ground"))
    text: Mapped[str] = mapped_column(Text)
    asked_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    until: Mapped[datetime]  # the end of the time limit in which it was asked for
    members_due: Mapped[int]
    answered_at: Mapped[datetime | None]
    base_sha256: Mapped[str | None] = mapped_column(String(64))  # the ranking that stood when the new one was frozen
    ranking: Mapped[dict[str, Any] | None]
    ranking_sha256: Mapped[str | None] = mapped_column(String(64))
    outcome: Mapped[Outcome | None] = mapped_column(word(Outcome, "outcome"))
    proposed_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime | None]
    signed_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    signed_at: Mapped[datetime | None]
    released_at: Mapped[datetime | None]

    application: Mapped[Application] = relationship()
    call: Mapped[Call] = relationship()

    @property
    def is_of_refusal(self) -> bool:
        return self.kind is Kind.CHECKS

    @property
    def is_late(self) -> bool:
        """Whether it had its application evaluated after the decision on the call was released."""
        return self.is_of_refusal and self.state in FORKED

    @property
    def is_taken_up(self) -> bool:
        """Whether it lifted a refusal."""
        return self.is_of_refusal and self.state in TAKEN_UP


class ReviewMember(Base):
    """Somebody of the committee; who was dropped stays on record."""

    __tablename__ = "review_member"
    __table_args__ = (Index("ix_review_member_review_id_person_id", "review_id", "person_id"),)

    id: Mapped[str] = identity()
    review_id: Mapped[str] = mapped_column(ForeignKey("review.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    named_at: Mapped[datetime]
    named_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    dropped_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(foreign_keys=[person_id])


class ReviewMark(Base):
    """A score of the evaluation made anew, with its reasons. The newest of a criterion counts; none is changed."""

    __tablename__ = "review_mark"
    __table_args__ = (
        Index("ix_review_mark_review_id_at", "review_id", "at"),
        CheckConstraint("points >= 0", name="points_are_not_negative"),
    )

    id: Mapped[str] = identity()
    review_id: Mapped[str] = mapped_column(ForeignKey("review.id"))
    criterion: Mapped[str] = mapped_column(String(20))
    points: Mapped[Decimal] = mapped_column(Numeric(8, 3))
    reasons: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(ForeignKey("person.id"))


class ReviewAnswer(Base):
    """What the committee finds of one refused check. The newest counts; neither it nor the check is changed."""

    __tablename__ = "review_answer"
    __table_args__ = (Index("ix_review_answer_review_id_at", "review_id", "at"),)

    id: Mapped[str] = identity()
    review_id: Mapped[str] = mapped_column(ForeignKey("review.id"))
    check_id: Mapped[str] = mapped_column(ForeignKey("check.id"), index=True)
    met: Mapped[bool]
    reasons: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(ForeignKey("person.id"))
