"""The individual report: written by its expert alone, in the call's steps, until it is finished."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import select

from app.act import Act
from app.models import Assessment, Score
from app.services.calls.call import definition_of
from app.services.evaluating.scores import LONGEST, check_line, criterion_of, write_line
from app.services.permitted import relation_for
from app.services.transitions import Refused

__all__ = ["LONGEST", "save_score", "score_of"]


def score_of(act: Act, assessment: Assessment, criterion: str) -> Score:
    """Give the line of a criterion, locked until the transaction ends. NoResultFound if there is none."""
    query = select(Score).where(Score.assessment_id == assessment.id, Score.criterion == criterion)
    return act.session.scalars(query.with_for_update()).one()


def save_score(
    act: Act,
    assessment: Assessment,
    criterion: str,
    *,
    points: Decimal | None,
    reasons: str,
    private_note: str = "",
    number: int | None = None,
) -> Score:
    """Store what an expert gives one criterion.

    `number` is the line's number when the form was opened; None overwrites whatever stands. Raises `Refused` for
    points off the step (naming the two nearest), for texts too long, for a report that is not being written or is
    somebody else's; `ScoreClash` if the line was saved meanwhile from elsewhere.
    """
    relation_for(act, "assessment.write", assessment)
    known = criterion_of(definition_of(assessment.application.call), criterion)
    verdict = check_line(known, points, reasons, private_note)
    if not verdict:
        raise Refused(verdict)
    score = score_of(act, assessment, criterion)
    if write_line(act, score, points, reasons, number) or score.private_note != private_note:
        score.private_note = private_note
        score.saved_at = act.now
    act.session.flush()
    return score
