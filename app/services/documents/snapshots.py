"""What each kind of document says, as a plain dict: (snapshot, application id or None, call id)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.act import Act
from app.models import Review
from app.services.applications.receipt import receipt_snapshot
from app.services.deciding.letters import decision_act_snapshot, result_letter_snapshot
from app.services.deciding.letters_refusal import refusal_letter
from app.services.deciding.panel_document import panel_minutes_snapshot
from app.services.deciding.reports import summary_report_snapshot
from app.services.evaluating.reading_copy import copy_snapshot, evaluator_copy_snapshot
from app.services.experts.statement_of_work import statement_snapshot
from app.services.labels.certificates import certificate_snapshot
from app.services.reviews.review_act import review_act_snapshot
from app.services.reviews.review_letters import review_letter_snapshot
from app.services.transitions import Done

SnapshotFunction = Callable[[Act, Any, Done], tuple[dict[str, Any], str | None, str]]


def act_snapshot(act: Act, thing: Any, done: Done) -> tuple[dict[str, Any], str | None, str]:  # noqa: ANN401
    """Give what the signed act on a call, or the act that ends a review, says."""
    return (review_act_snapshot if isinstance(thing, Review) else decision_act_snapshot)(act, thing, done)


SNAPSHOTS: dict[str, SnapshotFunction] = {
    "receipt": receipt_snapshot,
    "reading_copy": copy_snapshot,
    "evaluator_copy": evaluator_copy_snapshot,
    "refusal_letter": refusal_letter,
    "result_letter": result_letter_snapshot,
    "review_letter": review_letter_snapshot,
    "summary_report": summary_report_snapshot,
    "certificate": certificate_snapshot,
    "decision_act": act_snapshot,
    "panel_minutes": panel_minutes_snapshot,
    "statement_of_work": statement_snapshot,
}
