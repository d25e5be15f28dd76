"""A document made by us, with the snapshot it was made from."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, identity, word


class DocumentKind(StrEnum):
    RECEIPT = "receipt"
    REFUSAL_LETTER = "refusal_letter"
    RESULT_LETTER = "result_letter"
    REVIEW_LETTER = "review_letter"
    SUMMARY_REPORT = "summary_report"
    CERTIFICATE = "certificate"
    DECISION_ACT = "decision_act"
    PANEL_MINUTES = "panel_minutes"
    READING_COPY = "reading_copy"
    STATEMENT_OF_WORK = "statement_of_work"
    EVALUATOR_COPY = "evaluator_copy"


class Document(Base):
    """Wanted in the transaction of an act; made by a job; served as those bytes for ever."""

    __tablename__ = "document"
    __noun__: ClassVar[str] = "document"
    __table_args__ = (Index("ix_document_noun_thing_id", "noun", "thing_id"),)

    id: Mapped[str] = identity()
    kind: Mapped[DocumentKind] = mapped_column(word(DocumentKind, "kind"))
    noun: Mapped[str] = mapped_column(String(20))
    thing_id: Mapped[str] = mapped_column(String(26))
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"), index=True)
    application_id: Mapped[str | None] = mapped_column(ForeignKey("application.id"), index=True)
    event_id: Mapped[str] = mapped_column(ForeignKey("event.id"))
    template_version: Mapped[str] = mapped_column(String(20))
    snapshot: Mapped[dict[str, Any]]
    file_name: Mapped[str] = mapped_column(String(120))
    wanted_at: Mapped[datetime]
    made_at: Mapped[datetime | None]
    plain_sha256: Mapped[str | None] = mapped_column(String(64), index=True)  # before the seal
    issued_sha256: Mapped[str | None] = mapped_column(String(64), index=True)
    size: Mapped[int | None]
    replaced_at: Mapped[datetime | None]  # by a newer one of its kind

    @property
    def state(self) -> DocumentKind:
        """What decides who may read it: its kind, as a thing's state does elsewhere."""
        return self.kind
