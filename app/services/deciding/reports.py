"""The evaluation summary report: the agreed scores with their reasons, for the consortium."""

from __future__ import annotations

from typing import Any

from app.act import Act
from app.models import Application, Outcome
from app.services.deciding.ranking import trimmed
from app.services.deciding.results import CriterionResult, Result, result_of
from app.services.documents.paper_heads import (
    after_evaluation,
    common,
    coordinator_of,
    local_day,
    name_of_member,
    redress_text,
)
from app.services.reviews.review import until_of
from app.services.transitions import Done
from workflows.words import _

OUTCOME_WORDS = {
    Outcome.AWARD: _("Successful: the label is offered"),
    Outcome.HOLD_IN_RESERVE: _("On the reserve list"),
    Outcome.REJECT: _("Not successful"),
}


def summary_report_snapshot(act: Act, application: Application, done: Done) -> tuple[dict[str, Any], str | None, str]:
    """Give what the report says (see app/documents/snapshots.py), its application and its call."""
    result = released_result(act, application)
    call, scored = application.call, result.scored
    _person, lead = coordinator_of(act, application)
    threshold = scored.overall_threshold
    snapshot = common(act, call, done, "summary_report") | {
        "number": application.number,
        "reference": application.number,
        "acronym": result.sent.acronym,
        "title": result.sent.title,
        "call_title": call.title,
        "call_reference": result.definition.reference or result.definition.code,
        "coordinator": name_of_member(lead),
        "date": local_day(act.now, call.zone).isoformat(),
        "criteria": [_criterion(entry) for entry in result.criteria],
        "total": trimmed(scored.total),
        "total_maximum": trimmed(scored.max_total),
        "overall_threshold": None if threshold is None else trimmed(threshold),
        "outcome": OUTCOME_WORDS[result.outcome],
        "overall_comment": "\n\n".join(reason.plain() for reason in result.reasons),
        "minority_views": list(result.minority_views),
        "redress": redress_text(
            after_evaluation(result.definition),
            until=None if result.review else until_of(act, application),
            zone=call.zone,
        ),
    }
    return snapshot, application.id, application.call_id


def released_result(act: Act, application: Application) -> Result:
    result = result_of(act, application)
    if result is None:
        raise LookupError("no result of this application is released")
    return result


def _criterion(entry: CriterionResult) -> dict[str, Any]:
    criterion = entry.criterion
    return {
        "name": criterion.name,
        "maximum": trimmed(criterion.max_points),
        "threshold": None if criterion.threshold is None else trimmed(criterion.threshold),
        "score": trimmed(entry.found.score),
        "reached": None if criterion.threshold is None else entry.found.passes,
        "comments": entry.comments,
    }
