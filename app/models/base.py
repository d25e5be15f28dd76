"""What every table shares: naming of constraints, types, and what makes a row a thing with a state."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import JSON, CheckConstraint, DateTime, Enum, MetaData, String
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.types import TypeDecorator

from workflows.machine import Machine

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Moment(TypeDecorator[datetime]):
    """An aware datetime, kept in UTC; SQLite would give it back without its zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: Moment,
        dict[str, Any]: JSON,
        list[str]: JSON,
        list[Any]: JSON,
    }


Identity = String(26)  # 128 random bits in base32


def identity() -> Mapped[str]:
    return mapped_column(Identity, primary_key=True)


def word(enum: type[StrEnum], name: str) -> Enum:
    """Make the type of a column that holds one of our words, with a named CHECK."""
    return Enum(
        enum,
        native_enum=False,
        create_constraint=True,
        name=name,
        length=40,
        values_callable=lambda e: [m.value for m in e],
    )


class Thing:
    """A row with a state. Only `perform()` assigns `state`; `version` refuses the slower of two writers."""

    __machine__: ClassVar[Machine]
    __noun__: ClassVar[str]

    id: Mapped[str] = identity()
    created_at: Mapped[datetime]
    last_act_at: Mapped[datetime]

    @declared_attr
    def state(cls) -> Mapped[Any]:  # noqa: N805
        return mapped_column(word(cls.__machine__.states, "state"), index=True)

    @declared_attr
    def version(cls) -> Mapped[int]:  # noqa: N805
        return mapped_column(default=1)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805
        return {"version_id_col": cls.version}


def filled_in(machine: Machine) -> tuple[CheckConstraint, ...]:
    """Turn a machine's columns into CHECKs: such a column is filled in just these states."""
    checks = []
    for column, states in machine.columns.items():
        listed = ", ".join(f"'{state}'" for state in sorted(states))
        rule = f"(state IN ({listed})) = ({column} IS NOT NULL)"
        checks.append(CheckConstraint(rule, name=f"{column}_fits_state"))
    return tuple(checks)
