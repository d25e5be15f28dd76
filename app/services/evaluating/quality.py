"""The office's quality check of an agreed consensus report: its points are data of the call, its answers the record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.act import Act
from app.models import Consensus
from app.services.calls.call import definition_of
from app.services.history import history_of
from app.services.transitions import Done, Refused
from workflows.definition import CallDefinition
from workflows.definition_evaluation import Evaluation
from workflows.verdict import refuse
from workflows.words import _


@dataclass(frozen=True)
class QualityCheck:
    """One answer of the office: approved with every point met, or sent back with the points that are not."""

    passed: bool
    points: tuple[str, ...]  # the sentences ticked: met if passed, else not met
    reason: str
    who: str  # empty where names of the office are not shown
    at: datetime


def points_of(call: CallDefinition) -> list[tuple[str, str]]:
    """Give (code, sentence) for each point to check."""
    return [(point.code, point.text) for point in (call.evaluation or Evaluation()).points_to_check]


def confirm_quality(_act: Act, consensus: Consensus, done: Done) -> None:
    """Refuse an approval that leaves a point of the call unanswered, whatever door it came by."""
    ticked = set(done.data.get("points") or ())
    points = points_of(definition_of(consensus.application.call))
    missing = [text for code, text in points if code not in ticked]
    if missing:
        text = _("Quality check: not ticked yet: {points}")
        raise Refused(refuse("quality-open", text, points=" ".join(missing)))


def quality_checks(act: Act, consensus: Consensus, *, people: bool) -> list[QualityCheck]:
    """Give every answer of the office, newest first."""
    texts = dict(points_of(definition_of(consensus.application.call)))
    kept = {"approve": "points", "send_back": "open_points"}
    return [
        QualityCheck(
            passed=event.name == "approve",
            points=tuple(
                texts.get(code, code) for code in event.data.get("points") or event.data.get("open_points") or ()
            ),
            reason=event.remark,
            who=event.who,
            at=event.at,
        )
        for event in history_of(act, consensus, names=kept, people=people)
    ]
