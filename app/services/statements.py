"""The statements a person ticks one by one, where a row asks for them: they are data of the call."""

from __future__ import annotations

from typing import Any

from app.act import Act
from app.callfile import from_json
from app.models import Application, Consensus
from app.services.evaluating.quality import points_of
from workflows.definition import CallDefinition
from workflows.machine import Kind, Row
from workflows.words import _

NOT_EXCLUDED = _("No partner is in this situation: {situation}.")


def statements_for(act: Act, thing: Any, row: Row) -> list[tuple[str, str]]:  # noqa: ANN401, ARG001
    """Give (code, sentence) for a need of kind FLAGS; nothing where the row has none."""
    if not any(need.kind is Kind.FLAGS for need in row.needs):
        return []
    if isinstance(thing, Consensus):
        return points_of(from_json(thing.application.call.definition))
    if not isinstance(thing, Application):
        return []
    return sentences(from_json(thing.call.definition))


def sentences(call: CallDefinition) -> list[tuple[str, str]]:
    """Give (code, sentence) for all that is declared; a ground for exclusion becomes the sentence that denies it."""
    declared = [(s.code, s.text or s.label) for s in call.declarations]
    return declared + [(s.code, s.text or NOT_EXCLUDED.format(situation=s.label)) for s in call.exclusions]
