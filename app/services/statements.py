"""The statements a person ticks one by one, where a row asks for them: they are data of the call."""

from __future__ import annotations

from typing import Any

from app.act import Act
from app.callfile import from_json
from app.models import Application
from workflows.machine import Kind, Row


def statements_for(act: Act, thing: Any, row: Row) -> list[tuple[str, str]]:  # noqa: ANN401, ARG001
    """Give (code, sentence) for a need of kind FLAGS; nothing where the row has none."""
    if not any(need.kind is Kind.FLAGS for need in row.needs) or not isinstance(thing, Application):
        return []
    call = from_json(thing.call.definition)
    return [(s.code, s.text or s.label) for s in (*call.declarations, *call.exclusions)]
