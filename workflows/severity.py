"""How strict is an evaluator: an additive model of totals, application + evaluator + rest, shrunk towards nobody differs.

Each evaluator's part is drawn towards 0 the more, the fewer reports there are and the more the rest varies (best linear
unbiased prediction; both variances by the EM algorithm). Advice alone: no score is ever corrected by it.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

LEAST_REPORTS = 3  # of one evaluator
LEAST_REST = 8  # reports beyond one for each application and evaluator
NINE_OF_TEN = 1.645
ROUNDS = 60


@dataclass(frozen=True, slots=True)
class Given:
    """A total somebody gave."""

    evaluator: str
    application: str
    total: float


@dataclass(frozen=True, slots=True)
class Severity:
    """By how many points one evaluator's totals lie above others' on the same applications, with its 90 % interval."""

    evaluator: str
    reports: int
    points: float
    lowest: float
    highest: float

    @property
    def is_thin(self) -> bool:
        return self.reports < LEAST_REPORTS

    @property
    def differs(self) -> bool:
        """Whether the interval leaves out 0, from enough reports."""
        return not self.is_thin and (self.lowest > 0 or self.highest < 0)


@dataclass(frozen=True, slots=True)
class Severities:
    """All evaluators, strictest first; `too_thin` where nothing can be said, `apart` groups share no application."""

    lines: tuple[Severity, ...]
    too_thin: bool
    apart: int


def severities(given: Sequence[Given]) -> Severities:
    """Estimate how strict evaluators are. Only applications with two reports and more tell anything."""
    many = _compared(given)
    applications, evaluators = {one.application for one in many}, {one.evaluator for one in many}
    if len(many) - len(applications) - len(evaluators) < LEAST_REST or len(evaluators) < LEAST_REPORTS:
        return Severities((), True, _groups(many))
    return Severities(tuple(sorted(_fitted(many), key=lambda one: one.points)), False, _groups(many))


def _compared(given: Sequence[Given]) -> list[Given]:
    counted: dict[str, int] = defaultdict(int)
    for one in given:
        counted[one.application] += 1
    return [one for one in given if counted[one.application] > 1]


def _fitted(given: Sequence[Given]) -> list[Severity]:
    by_application, by_evaluator = _grouped(given)
    worth = {  # what a report tells of its evaluator, once the application's own level is taken from it
        name: sum(1 - 1 / len(by_application[one.application]) for one in reports)
        for name, reports in by_evaluator.items()
    }
    rest, between = 1.0, 1.0
    shift = dict.fromkeys(by_evaluator, 0.0)
    for _round in range(ROUNDS):
        ratio = rest / between
        level = {a: sum(o.total - shift[o.evaluator] for o in os) / len(os) for a, os in by_application.items()}
        shift = {
            e: sum(o.total - level[o.application] for o in os) / (len(os) + ratio) for e, os in by_evaluator.items()
        }
        left = {e: rest / (worth[e] + ratio) for e in shift}
        errors = sum((o.total - level[o.application] - shift[o.evaluator]) ** 2 for o in given)
        free = len(given) - len(by_application)
        rest = max((errors + sum(left[e] * worth[e] for e in shift)) / free, 1e-9)
        between = max(sum(shift[e] ** 2 + left[e] for e in shift) / len(shift), 1e-9)
    return [_line(e, len(by_evaluator[e]), shift[e], sqrt(rest / (worth[e] + rest / between))) for e in shift]


def _grouped(given: Sequence[Given]) -> tuple[dict[str, list[Given]], dict[str, list[Given]]]:
    by_application: dict[str, list[Given]] = defaultdict(list)
    by_evaluator: dict[str, list[Given]] = defaultdict(list)
    for one in given:
        by_application[one.application].append(one)
        by_evaluator[one.evaluator].append(one)
    return by_application, by_evaluator


def _line(evaluator: str, reports: int, points: float, error: float) -> Severity:
    return Severity(evaluator, reports, points, points - NINE_OF_TEN * error, points + NINE_OF_TEN * error)


def _groups(given: Sequence[Given]) -> int:
    """How many groups of evaluators share no application with each other: between them nothing can be compared."""
    above: dict[str, str] = {}

    def top(name: str) -> str:
        while above.setdefault(name, name) != name:
            name = above[name]
        return name

    for one in given:
        above[top(f"e {one.evaluator}")] = top(f"a {one.application}")
    return len({top(name) for name in list(above)})
