"""What the office keeps of its lists: views somebody saved, and what became of each thing a batch was about."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, identity


class SavedView(Base):
    """A list as one person wants to find it again: its filters, words and order, under a name."""

    __tablename__ = "saved_view"
    __table_args__ = (Index("ix_saved_view_person_id_of", "person_id", "of"),)

    id: Mapped[str] = identity()
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    of: Mapped[str] = mapped_column(String(20))  # which list
    name: Mapped[str] = mapped_column(String(100))
    query: Mapped[str] = mapped_column(Text)  # as it stands in the address
    created_at: Mapped[datetime]


class Batch(Base):
    """One act on many things, sent once: what became of each of them."""

    __tablename__ = "batch"

    id: Mapped[str] = identity()
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"))
    of: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(40))  # of the row that was taken
    act_id: Mapped[str] = mapped_column(String(60), unique=True)
    results: Mapped[list[Any]]  # id of each thing, and the reasons against it; none: it was done
    done_at: Mapped[datetime]
