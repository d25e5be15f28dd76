"""What an event's entry is made of: values as JSON knows them, and the hash that chains it to the one before."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import rfc8785

from app.models import Event
from workflows.relations import Relation

GENESIS = "0" * 64


@dataclass(frozen=True)
class Entry:
    """What is to be written down of one act on one thing."""

    thing: Any
    noun: str
    name: str
    states: tuple[str | None, str | None]
    relation: Relation
    data: Mapping[str, Any]
    cause: Event | None = None


def plain(value: Any) -> Any:  # noqa: ANN401 - from anything to what JSON knows
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    return value


def plain_data(data: Mapping[str, Any]) -> dict[str, Any]:
    return {key: plain(value) for key, value in data.items()}


def hash_of(event: Event) -> str:
    """Hash an event over its canonical JSON and the hash before it (RFC 8785, SHA-256)."""
    content: dict[str, Any] = {
        "id": event.id,
        "noun": event.noun,
        "thing": event.thing_id,
        "number": event.number,
        "name": event.name,
        "from": event.from_state,
        "to": event.to_state,
        "actor": event.actor_id,
        "relation": event.relation,
        "data": event.data,
        "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "request": event.request_id,
        "cause": event.cause_id,
        "previous": event.previous_hash,
    }
    return hashlib.sha256(rfc8785.dumps(content)).hexdigest()
