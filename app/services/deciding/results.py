"""What a consortium may learn of its own result: agreed scores, reasons, list. Nothing of other applications."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.act import Act
from app.models import AgreedScore, Application, Consensus, Decision, DecisionLine, Outcome, Review, Signature
from app.services.applications.sent import Sent, sent_facts
from app.services.calls.call import definition_of
from app.services.deciding.panel_marks import Marks, marks_of, points_of
from app.services.reason_json import reason_from_json
from app.services.reviews.review_ranking import Standing, standing_of
from workflows import decision as decisions
from workflows.definition import CallDefinition, Criterion
from workflows.scoring import CriterionOutcome, outcome_of
from workflows.scoring import Outcome as Scored
from workflows.verdict import Reason

# Reasons that tell of other applications: they explain the order to the office and leave it by no way.
OF_OTHERS = frozenset(
    {"behind-passing", "behind-total", "behind-plain-total", "behind-criterion", "behind-panel", "behind-draw", "tied"}
    | {"first", "first-below", "after-the-cut", "limit-places", "limit-money", "transferred"}
)
# The line of each criterion stands in the table of scores already.
OF_SCORES = frozenset({"criterion", "ranking-total"})


@dataclass(frozen=True)
class CriterionResult:
    criterion: Criterion
    found: CriterionOutcome
    comments: str


@dataclass(frozen=True)
class Result:
    """The result of one application, as its consortium reads it."""

    sent: Sent
    definition: CallDefinition
    outcome: Outcome
    scored: Scored
    criteria: tuple[CriterionResult, ...]
    reasons: tuple[Reason, ...]
    minority_views: tuple[str, ...]
    reserve_place: int | None
    review: Review | None = None  # after which this is the result


def decision_line(act: Act, application: Application) -> DecisionLine | None:
    """Find the line of a released decision; None before the release, whatever the decision says by then."""
    query = (
        select(DecisionLine)
        .join(Decision, Decision.id == DecisionLine.decision_id)
        .where(DecisionLine.application_id == application.id, Decision.state == decisions.State.RELEASED)
    )
    return act.session.scalar(query)


def result_of(act: Act, application: Application) -> Result | None:
    """Assemble the result of an application. None while nothing is released, and for those never evaluated."""
    line = decision_line(act, application)
    consensus = act.session.scalar(select(Consensus).where(Consensus.application_id == application.id))
    standing = standing_of(act, application, line)
    if standing is None or consensus is None:
        return None
    return assembled(act, application, consensus, standing)


def assembled(act: Act, application: Application, consensus: Consensus, standing: Standing) -> Result:
    """Put a result together from the agreed report and what stands for its application, released or not."""
    definition = definition_of(application.call)
    by_code = {score.criterion: score for score in consensus.scores}
    marks = marks_of(act, [consensus]).get(consensus.id, {})
    scored = outcome_of(definition, points_of(consensus, marks) | dict(standing.points))
    return Result(
        sent=sent_facts(act, application),
        definition=definition,
        outcome=standing.outcome,
        scored=scored,
        criteria=tuple(
            CriterionResult(found.criterion, found, _comments(by_code[found.criterion.code], marks, standing))
            for found in scored.criteria
        ),
        reasons=own_reasons(standing.reasons),
        minority_views=_minority_views(act, consensus),
        reserve_place=standing.reserve_place,
        review=standing.review,
    )


def _comments(agreed: AgreedScore, marks: Marks, standing: Standing) -> str:
    """Give the agreed reasons, and those of the panel where it changed the score; anew where a review scored anew."""
    if agreed.criterion in standing.comments:
        return standing.comments[agreed.criterion]
    mark = marks.get(agreed.criterion)
    return agreed.reasons if mark is None else f"{agreed.reasons}\n\n{mark.reason}".strip()


def own_reasons(stored: Sequence[Mapping[str, Any]]) -> tuple[Reason, ...]:
    """Give the stored reasons of a line that speak of this application alone."""
    found: list[Reason] = []
    for data in stored:
        reason = reason_from_json(data)
        if reason.code not in OF_OTHERS | OF_SCORES and reason not in found:
            found.append(reason)
    return tuple(found)


def _minority_views(act: Act, consensus: Consensus) -> tuple[str, ...]:
    """Give the views without their writers: no applicant ever learns who evaluated. Their order is that of the ids."""
    query = (
        select(Signature.minority_view)
        .where(Signature.consensus_id == consensus.id, Signature.voided_at.is_(None), Signature.minority_view != "")
        .order_by(Signature.id)
    )
    return tuple(act.session.scalars(query))
