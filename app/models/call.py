"""A call: its definition as data, and the very bytes it was imported from."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, Thing, identity
from workflows.call import CALL
from workflows.machine import Machine


class Call(Thing, Base):
    __tablename__ = "call"
    __machine__: ClassVar[Machine] = CALL
    __noun__: ClassVar[str] = "call"
    __table_args__ = (CheckConstraint("opens_at < closes_at", name="opens_before_it_closes"),)

    code: Mapped[str] = mapped_column(String(80), unique=True)
    kind: Mapped[str] = mapped_column(String(30))
    title: Mapped[str] = mapped_column(String(400))
    definition: Mapped[dict[str, Any]]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]  # the deadline in force
    zone: Mapped[str] = mapped_column(String(60))
    practice: Mapped[bool] = mapped_column(default=False)
    anonymous: Mapped[bool] = mapped_column(default=False)
    # Of an anonymous call, copies from the definition too: experts learn who applies once the consensus is open;
    # no task is sent before the texts are anonymised.
    names_in_consensus: Mapped[bool] = mapped_column(default=False, server_default="0")
    waits_for_redaction: Mapped[bool] = mapped_column(default=False, server_default="0")
    experts_hidden: Mapped[bool | None]  # from each other, in any call; null: as `anonymous` says
    # No application opens to an expert who has scored no training case: a copy from the definition.
    training_required: Mapped[bool] = mapped_column(default=False, server_default="0")
    # Years in which a former employer ties an evaluator: a copy from the definition, for conditions in SQL.
    interest_years: Mapped[int] = mapped_column(default=3, server_default="3")
    next_code: Mapped[str | None] = mapped_column(String(80))
    proposed_closes_at: Mapped[datetime | None]
    extension_proposed_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    frozen_at: Mapped[datetime | None]  # since when no expert reads, scores or comments
    frozen_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    definition_number: Mapped[int] = mapped_column(default=1, server_default="1")  # counts changes to an announced call

    source: Mapped[CallSource] = relationship(back_populates="call", uselist=False)
    extensions: Mapped[list[Extension]] = relationship(order_by="Extension.at")
    versions: Mapped[list[CallVersion]] = relationship(order_by="CallVersion.number")

    @property
    def hides_experts(self) -> bool:
        """Experts agree on an application without learning each other's names."""
        return self.anonymous if self.experts_hidden is None else self.experts_hidden


class CallSource(Base):
    """The bytes a call was imported from; they come out again as they went in."""

    __tablename__ = "call_source"

    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"), primary_key=True)
    data: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str] = mapped_column(String(64))
    edited: Mapped[bool] = mapped_column(default=False)
    imported_at: Mapped[datetime]
    imported_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    prepared: Mapped[bytes | None] = mapped_column(LargeBinary)  # a changed file that is not in force yet
    prepared_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))

    call: Mapped[Call] = relationship(back_populates="source")


class CallVersion(Base):
    """What a call said from one moment on. The first version is written together with the second."""

    __tablename__ = "call_version"
    __table_args__ = (Index("uq_call_version_call_id_number", "call_id", "number", unique=True),)

    id: Mapped[str] = identity()
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"))
    number: Mapped[int]
    data: Mapped[bytes] = mapped_column(LargeBinary)  # the very file
    sha256: Mapped[str] = mapped_column(String(64))
    definition: Mapped[dict[str, Any]]
    reason_id: Mapped[str | None] = mapped_column(ForeignKey("remark.id"))  # the text of what changed
    at: Mapped[datetime]
    by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))


class Extension(Base):
    """A deadline that was moved, and from when."""

    __tablename__ = "extension"

    id: Mapped[str] = identity()
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"), index=True)
    old_closes_at: Mapped[datetime]
    new_closes_at: Mapped[datetime]
    reason_id: Mapped[str | None] = mapped_column(ForeignKey("remark.id"))
    at: Mapped[datetime]
