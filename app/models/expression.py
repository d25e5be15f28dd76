"""Expressions of interest, who follows them, and what is said about them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, Thing, identity
from app.models.call import Call
from app.models.organisation import Organisation
from app.models.person import Person
from workflows.expression import EXPRESSION
from workflows.machine import Machine


class Expression(Thing, Base):
    __tablename__ = "expression"
    __machine__: ClassVar[Machine] = EXPRESSION
    __noun__: ClassVar[str] = "expression"

    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"), index=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)
    author_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    title: Mapped[str] = mapped_column(String(400), default="")
    acronym: Mapped[str] = mapped_column(String(60), default="")
    published_at: Mapped[datetime | None]
    published: Mapped[dict[str, Any] | None]  # the answers as they were when published
    tell_overlaps: Mapped[bool] = mapped_column(default=False, server_default="0")  # agreed to hear of its like
    seen_version: Mapped[int] = mapped_column(default=1, server_default="1")  # of the call, that the notice follows

    call: Mapped[Call] = relationship()
    organisation: Mapped[Organisation] = relationship()
    author: Mapped[Person] = relationship()


class Follow(Base):
    """Somebody wants to hear of changes of an expression of interest or of a call."""

    __tablename__ = "follow"
    __table_args__ = (Index("uq_follow_person_id_noun_thing_id", "person_id", "noun", "thing_id", unique=True),)

    id: Mapped[str] = identity()
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    noun: Mapped[str] = mapped_column(String(20))
    thing_id: Mapped[str] = mapped_column(String(26), index=True)
    since: Mapped[datetime]


class Comment(Base):
    """A public remark beneath an expression of interest."""

    __tablename__ = "comment"

    id: Mapped[str] = identity()
    expression_id: Mapped[str] = mapped_column(ForeignKey("expression.id"), index=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[str | None] = mapped_column(ForeignKey("organisation.id"))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    hidden_at: Mapped[datetime | None]
    hidden_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))

    person: Mapped[Person] = relationship(foreign_keys=person_id)
    organisation: Mapped[Organisation | None] = relationship()
