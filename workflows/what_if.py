"""What if: the same ranking with other rules, other money, another score, or without a report. A trial, never an act."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from workflows.definition import Budget, CallDefinition, TieBreak
from workflows.ranking import Entry, rank
from workflows.ranking_lists import Line, Listed, lists

THOUSANDTH = Decimal("0.001")


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """One individual report: whose it is, nobody needs to know here."""

    key: str
    application: str
    scores: Mapping[str, Decimal]


@dataclass(frozen=True, kw_only=True, slots=True)
class Inputs:
    """All a ranking rests on, and the individual reports beneath the agreed scores."""

    call: CallDefinition
    entries: tuple[Entry, ...]
    panel: tuple[str, ...] = ()
    seed: str = ""
    reports: tuple[Report, ...] = ()

    def lines(self) -> tuple[Line, ...]:
        return lists(self.call, rank(self.call, self.entries, self.panel, self.seed))


@dataclass(frozen=True, kw_only=True, slots=True)
class Trial:
    """What is tried; what is not named stays as it is. Empty: nothing."""

    thresholds: Mapping[str, Decimal | None] = field(default_factory=dict)
    overall: Decimal | None = None
    weights: Mapping[str, Decimal] = field(default_factory=dict)
    awards: Mapping[str, int] = field(default_factory=dict)  # by strand; "" without strands
    money: Mapping[str, Decimal] = field(default_factory=dict)
    ties: tuple[TieBreak, ...] | None = None
    without: str = ""  # key of a report
    score: tuple[str, str, Decimal] | None = None  # application, criterion, points


@dataclass(frozen=True, slots=True)
class Crossing:
    """An application that stands in another list, or at another rank."""

    key: str
    was: Line
    becomes: Line

    @property
    def goes_in(self) -> bool:
        return self.becomes.listed is Listed.AWARDED and self.was.listed is not Listed.AWARDED

    @property
    def goes_out(self) -> bool:
        return self.was.listed is Listed.AWARDED and self.becomes.listed is not Listed.AWARDED

    @property
    def changes_list(self) -> bool:
        return self.was.listed is not self.becomes.listed


def tried(inputs: Inputs, trial: Trial) -> Inputs:
    """The inputs with the changes of a trial. KeyError for a criterion, report or application that is not there."""
    call, entries = _call(inputs.call, trial), inputs.entries
    if trial.without:
        entries = without_report(inputs, trial.without)
    if trial.score is not None:
        entries = _with_score(entries, *trial.score)
    return replace(inputs, call=call, entries=entries, panel=_still_ordered(inputs, call, entries))


def _still_ordered(inputs: Inputs, call: CallDefinition, entries: Sequence[Entry]) -> tuple[str, ...]:
    """The panel's order without those who have a new equal in the trial: of that one the panel said nothing."""
    ordered = set(inputs.panel)
    unsaid = {one.key for one in rank(call, entries) if {one.key, *one.tied_with} - ordered}
    return tuple(key for key in inputs.panel if key not in unsaid)


def _call(call: CallDefinition, trial: Trial) -> CallDefinition:
    known = {criterion.code for criterion in call.criteria}
    for code in (*trial.thresholds, *trial.weights):
        if code not in known:
            raise KeyError(code)
    criteria = tuple(
        replace(
            one,
            threshold=trial.thresholds.get(one.code, one.threshold),
            weight=trial.weights.get(one.code, one.weight),
        )
        for one in call.criteria
    )
    strands = tuple(
        replace(
            one,
            expected_awards=trial.awards.get(one.code, one.expected_awards),
            total=trial.money.get(one.code, one.total),
        )
        for one in call.strands
    )
    return replace(
        call,
        criteria=criteria,
        strands=strands,
        budget=_budget(call.budget, trial),
        overall_threshold=call.overall_threshold if trial.overall is None else trial.overall,
        tie_breaks=call.tie_breaks if trial.ties is None else trial.ties,
    )


def _budget(budget: Budget | None, trial: Trial) -> Budget | None:
    if "" not in trial.awards and "" not in trial.money:
        return budget
    known = budget or Budget()
    return replace(
        known,
        expected_awards=trial.awards.get("", known.expected_awards),
        total=trial.money.get("", known.total),
    )


def without_report(inputs: Inputs, key: str) -> tuple[Entry, ...]:
    """Leave one report out: agreed scores move by as much as the mean of the reports moves.

    Nobody knows what the others would have agreed on, so this is an estimate, to a thousandth and within the points.
    The last report of an application is not left out: nothing would be left to say.
    """
    left_out = next((report for report in inputs.reports if report.key == key), None)
    if left_out is None:
        raise KeyError(key)
    others = [r for r in inputs.reports if r.application == left_out.application and r.key != key]
    if not others:
        return inputs.entries
    points = {criterion.code: criterion.max_points for criterion in inputs.call.criteria}
    moved = {
        code: _mean([r.scores[code] for r in others]) - _mean([r.scores[code] for r in (*others, left_out)])
        for code in points
        if all(code in r.scores for r in (*others, left_out))
    }
    return tuple(
        replace(
            entry, scores={c: _within(s + moved.get(c, Decimal(0)), points.get(c)) for c, s in entry.scores.items()}
        )
        if entry.key == left_out.application
        else entry
        for entry in inputs.entries
    )


def _mean(given: Sequence[Decimal]) -> Decimal:
    return sum(given, Decimal(0)) / len(given)


def _within(score: Decimal, most: Decimal | None) -> Decimal:
    inside = max(score, Decimal(0)) if most is None else min(max(score, Decimal(0)), most)
    return inside.quantize(THOUSANDTH)


def _with_score(entries: tuple[Entry, ...], key: str, code: str, points: Decimal) -> tuple[Entry, ...]:
    entry = next((one for one in entries if one.key == key), None)
    if entry is None or code not in entry.scores:
        raise KeyError(key if entry is None else code)
    changed = replace(entry, scores={**entry.scores, code: points})
    return tuple(changed if one.key == key else one for one in entries)


def crossings(before: Sequence[Line], after: Sequence[Line]) -> tuple[Crossing, ...]:
    """Who stands in another list or at another rank, in the order of the new ranking; those who cross a line first."""
    was = {line.position.key: line for line in before}
    found = [Crossing(line.position.key, was[line.position.key], line) for line in after if line.position.key in was]
    moved = [one for one in found if one.changes_list or one.was.position.rank != one.becomes.position.rank]
    return tuple(sorted(moved, key=lambda one: not one.changes_list))
