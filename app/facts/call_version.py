"""What a call said in one of its versions."""

from __future__ import annotations

from sqlalchemy import select

from app.act import Act
from app.callfile import from_json
from app.models import Call, CallVersion
from workflows.definition import CallDefinition


def definition_at(act: Act, call: Call, number: int | None) -> CallDefinition:
    """What the call said in one of its versions; a number it never had gives what it says now.

    None is the first: what was frozen before calls had versions.
    """
    query = select(CallVersion.definition).where(CallVersion.call_id == call.id, CallVersion.number == (number or 1))
    stored = act.session.scalar(query) if (number or 1) != call.definition_number else None
    return from_json(stored or call.definition)
