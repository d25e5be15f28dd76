"""One line of a report, individual or agreed: points on the criterion's step, reasons, and who was faster."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select

from app.act import Act
from app.models import AgreedScore, Assessment, Consensus, Score, ScoreChange
from app.services.transitions import Refused
from workflows.definition import CallDefinition, Criterion
from workflows.scoring import Outcome, check_score, outcome_of
from workflows.verdict import ALLOWED, Verdict, refuse
from workflows.words import _

Line = Score | AgreedScore
LONGEST = 5000  # characters of reasons, and of a private note


class ScoreClash(Exception):  # noqa: N818 - somebody was faster, nothing is broken
    """The line was saved from somewhere else meanwhile; nothing of this save is stored."""

    def __init__(self, line: Line) -> None:
        super().__init__(line.criterion)
        self.line = line


def criterion_of(call: CallDefinition, code: str) -> Criterion:
    """Give the criterion of that code; raises `Refused` if the call has none."""
    for criterion in call.criteria:
        if criterion.code == code:
            return criterion
    raise Refused(refuse("no-such-criterion", _("The call has no criterion {code}."), code=code))


def check_line(criterion: Criterion, points: Decimal | None, *texts: str) -> Verdict:
    """Say what is wrong with points (none yet is allowed) and the length of texts."""
    verdict = ALLOWED if points is None else check_score(criterion, points)
    for text in texts:
        if len(text) > LONGEST:
            message = _("{name}: shorten the text by {over} characters.")
            verdict += refuse("text-too-long", message, name=criterion.name, over=len(text) - LONGEST)
    return verdict


def write_line(act: Act, line: Line, points: Decimal | None, reasons: str, number: int | None) -> bool:
    """Write points and reasons; says whether anything changed. Raises `ScoreClash` if `number` is not the line's."""
    if line.points == points and line.reasons == reasons:
        return False
    if number is not None and number != line.number:
        raise ScoreClash(line)
    if line.points != points:
        act.session.add(_change(act, line, points))
    line.points, line.reasons = points, reasons
    line.number += 1
    line.saved_at = act.now
    return True


def _change(act: Act, line: Line, points: Decimal | None) -> ScoreChange:
    """Keep what a score becomes, with its time."""
    return ScoreChange(
        id=act.new_id(),
        assessment_id=line.assessment_id if isinstance(line, Score) else None,
        consensus_id=line.consensus_id if isinstance(line, AgreedScore) else None,
        criterion=line.criterion,
        points=points,
        at=act.now,
        by=act.person_id,
    )


def changes_of(act: Act, thing: Assessment | Consensus) -> list[ScoreChange]:
    """Give every score a report ever had, newest first."""
    whose = ScoreChange.assessment_id if isinstance(thing, Assessment) else ScoreChange.consensus_id
    query = select(ScoreChange).where(whose == thing.id).order_by(ScoreChange.at.desc(), ScoreChange.id.desc())
    return list(act.session.scalars(query))


@dataclass(frozen=True)
class Totals:
    """What lines come to: `outcome` only when each criterion of the call has its points."""

    total: Decimal
    weighted: Decimal
    given: int
    due: int
    most: Decimal
    threshold: Decimal | None
    outcome: Outcome | None

    @property
    def is_complete(self) -> bool:
        return self.outcome is not None

    @property
    def is_reached(self) -> bool | None:
        """Whether the total reaches the overall threshold; None while scores are missing or without a threshold."""
        if self.outcome is None or self.threshold is None:
            return None
        return self.total >= self.threshold


def totals_of(call: CallDefinition, lines: Iterable[Line]) -> Totals:
    """Add up what is there: the plain total for thresholds, the weighted one for the ranking alone."""
    points = {line.criterion: line.points for line in lines if line.points is not None}
    weights = {criterion.code: criterion.weight for criterion in call.criteria}
    return Totals(
        total=sum(points.values(), Decimal(0)),
        weighted=sum((value * weights[code] for code, value in points.items()), Decimal(0)),
        given=len(points),
        due=len(call.criteria),
        most=call.max_points,
        threshold=call.overall_threshold,
        outcome=outcome_of(call, points) if len(points) == len(call.criteria) else None,
    )
