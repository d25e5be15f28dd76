"""Letters of a call: their texts as the office wrote them, doubts that were settled, mails that came back."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.application import Application
from app.models.base import Base, identity, word
from app.models.call import Call
from app.models.job import Job
from app.models.person import Person
from workflows.letter_texts import Kind


class LetterText(Base):
    """One version of the text of a kind of letter in a call. The newest counts; none is ever changed."""

    __tablename__ = "letter_text"
    __table_args__ = (
        Index("uq_letter_text_call_id_kind_number", "call_id", "kind", "number", unique=True),
        CheckConstraint("number >= 1", name="numbers_begin_with_one"),
    )

    id: Mapped[str] = identity()
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"))
    kind: Mapped[Kind] = mapped_column(word(Kind, "kind"))
    number: Mapped[int]  # 1, 2, 3 … of this kind in this call
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(ForeignKey("person.id"))

    call: Mapped[Call] = relationship()
    person: Mapped[Person] = relationship()


class LetterSettlement(Base):
    """A finding in the texts of a letter that somebody looked at and let stand, with the reason."""

    __tablename__ = "letter_settlement"
    __table_args__ = (Index("uq_letter_settlement_call_id_key", "call_id", "key", unique=True),)

    id: Mapped[str] = identity()
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"))
    application_id: Mapped[str | None] = mapped_column(
        ForeignKey("application.id"), index=True
    )  # none: the office's text
    key: Mapped[str] = mapped_column(
        String(64)
    )  # digest of what was found, where, and in which text: a new text asks anew
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(ForeignKey("person.id"))

    person: Mapped[Person] = relationship()


class BounceEnd(StrEnum):
    """How somebody of the office dealt with a mail that came back."""

    SENT_AGAIN = "sent_again"
    TOLD = "told"


class Bounce(Base):
    """A mail of ours came back: what the other mail server said, and what was done about it."""

    __tablename__ = "bounce"
    __table_args__ = (
        Index("uq_bounce_job_id_status", "job_id", "status", unique=True),
        CheckConstraint("(ended_at IS NULL) = (ended_as IS NULL)", name="ended_somehow"),
    )

    id: Mapped[str] = identity()
    job_id: Mapped[str] = mapped_column(ForeignKey("job.id"))
    call_id: Mapped[str | None] = mapped_column(ForeignKey("call.id"), index=True)
    application_id: Mapped[str | None] = mapped_column(ForeignKey("application.id"), index=True)
    status: Mapped[str] = mapped_column(String(20))  # as RFC 3463 has it, such as 5.1.1
    said: Mapped[str] = mapped_column(Text)  # by the other mail server
    noted_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_as: Mapped[BounceEnd | None] = mapped_column(word(BounceEnd, "ended_as"))
    ended_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    note: Mapped[str] = mapped_column(Text, default="", server_default="")

    job: Mapped[Job] = relationship()
    application: Mapped[Application | None] = relationship()
