"""Scores: shape, totals, thresholds. Ranking and lists are in ranking.py. Decimal only; weights never touch thresholds."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from workflows.definition import CallDefinition, Criterion
from workflows.verdict import ALLOWED, Reason, Verdict, refuse
from workflows.words import _


@dataclass(frozen=True, slots=True)
class CriterionOutcome:
    """One agreed score against its threshold."""

    criterion: Criterion
    score: Decimal

    @property
    def passes(self) -> bool:
        """Reaching the threshold passes; a criterion without one always does."""
        return self.criterion.threshold is None or self.score >= self.criterion.threshold


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a full set of scores comes to."""

    criteria: tuple[CriterionOutcome, ...]
    max_total: Decimal
    overall_threshold: Decimal | None

    @property
    def total(self) -> Decimal:
        """Plain sum of the scores: what thresholds are compared with."""
        return sum((found.score for found in self.criteria), Decimal(0))

    @property
    def ranking_total(self) -> Decimal:
        """Weighted sum: for the order of the list and nothing else."""
        return sum((found.score * found.criterion.weight for found in self.criteria), Decimal(0))

    @property
    def passes(self) -> bool:
        return not self.failings

    @property
    def failings(self) -> tuple[Reason, ...]:
        """Each threshold that is not reached."""
        found = [_below(outcome) for outcome in self.criteria if not outcome.passes]
        if self.overall_threshold is not None and self.total < self.overall_threshold:
            params = {"total": self.total, "threshold": self.overall_threshold}
            found.append(
                Reason("total-below-threshold", _("The total {total} is below its threshold {threshold}."), params)
            )
        return tuple(found)

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """How the total came about, in words: each criterion, the sum, the thresholds."""
        lines = [_line(outcome) for outcome in self.criteria]
        params = {"total": self.total, "max": self.max_total}
        lines.append(Reason("total", _("The scores add up to {total} of {max}."), params))
        if self.ranking_total != self.total:
            weighted = {"total": self.ranking_total}
            lines.append(Reason("ranking-total", _("With weights, for the ranking alone, it is {total}."), weighted))
        passed = Reason("all-thresholds-reached", _("All thresholds are reached."))
        return (*lines, *(self.failings or (passed,)))

    def score(self, code: str) -> Decimal:
        """Score of a criterion. KeyError if the call has none of that code."""
        for outcome in self.criteria:
            if outcome.criterion.code == code:
                return outcome.score
        raise KeyError(code)


def _below(outcome: CriterionOutcome) -> Reason:
    params = {"name": outcome.criterion.name, "score": outcome.score, "threshold": outcome.criterion.threshold}
    return Reason("criterion-below-threshold", _("{name}: {score} is below its threshold {threshold}."), params)


def _line(outcome: CriterionOutcome) -> Reason:
    params = {"name": outcome.criterion.name, "score": outcome.score, "max": outcome.criterion.max_points}
    return Reason("criterion", _("{name}: {score} of {max}."), params)


def nearest(criterion: Criterion, score: Decimal) -> tuple[Decimal, Decimal]:
    """The allowed scores just below and just above; equal where the score itself is allowed."""
    inside = min(max(score, Decimal(0)), criterion.max_points)
    below = inside // criterion.step * criterion.step
    above = below if below == inside else min(below + criterion.step, criterion.max_points)
    return below, above


def check_score(criterion: Criterion, score: Decimal) -> Verdict:
    """Is this a score the criterion allows: finite, from 0 to its points, on its step?"""
    if not score.is_finite() or not 0 <= score <= criterion.max_points:
        return refuse(
            "score-out-of-range",
            _("{name}: give a score from 0 to {max}."),
            name=criterion.name,
            max=criterion.max_points,
        )
    below, above = nearest(criterion, score)
    if below == above:
        return ALLOWED
    return refuse(
        "score-off-step",
        _("{name}: scores go in steps of {step}; give {below} or {above}."),
        name=criterion.name,
        step=criterion.step,
        below=below,
        above=above,
    )


def check_scores(call: CallDefinition, scores: Mapping[str, Decimal]) -> Verdict:
    """Is there an allowed score for each criterion of the call, and no other?"""
    verdict = ALLOWED
    for criterion in call.criteria:
        if criterion.code not in scores:
            verdict += refuse("score-missing", _("{name}: a score is missing."), name=criterion.name)
        else:
            verdict += check_score(criterion, scores[criterion.code])
    for code in sorted(set(scores) - {criterion.code for criterion in call.criteria}):
        verdict += refuse("score-unknown", _("The call has no criterion {code}."), code=code)
    return verdict


def outcome_of(call: CallDefinition, scores: Mapping[str, Decimal]) -> Outcome:
    """What scores come to. KeyError if one is missing: `check_scores` tells which before."""
    found = tuple(CriterionOutcome(criterion, scores[criterion.code]) for criterion in call.criteria)
    return Outcome(found, call.max_points, call.overall_threshold)


def spread(criterion: Criterion, scores: Mapping[str, Decimal]) -> Decimal:
    """How far apart several experts' scores on a criterion are, as a part of its points between 0 and 1."""
    given = list(scores.values())
    return (max(given) - min(given)) / criterion.max_points if given else Decimal(0)
