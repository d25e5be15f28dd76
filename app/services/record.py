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
WITH_ACT = 2  # the first format that hashes the act
FORMAT = 2  # of new entries; a chain never goes back to an earlier one


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


def hash_of(event: Event, form: int = FORMAT) -> str:
    """Hash an event over its canonical JSON and the hash before it (RFC 8785, SHA-256), in one of the formats.

    Format 1 is what was hashed first. Format 2 adds the act of a form or of the API that an event came of, by its
    digest: dossiers tell that one, and not the act's own id.
    """
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
    if form >= WITH_ACT:
        content |= {"format": form, "act": digest_of_act(event.act_id)}
    return hashlib.sha256(rfc8785.dumps(content)).hexdigest()


def digest_of_act(act_id: str | None) -> str | None:
    return None if act_id is None else hashlib.sha256(act_id.encode()).hexdigest()


def format_of(event: Event) -> int | None:
    """Give the format in which an event hashes to what it says; none where it does in no format.

    No column tells it: content of one format never hashes to what another gave. Old entries stay as they are.
    """
    return next((form for form in range(FORMAT, 0, -1) if hash_of(event, form) == event.hash), None)
