"""The ranked list of a call and what becomes of it: awarded, reserve, rejected, each place explained."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import groupby

from workflows.definition import CallDefinition, Direction, TieBreak, TieBreakBy
from workflows.scoring import Outcome, outcome_of
from workflows.verdict import Reason
from workflows.words import _, plural


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One application with agreed scores."""

    key: str
    acronym: str
    scores: Mapping[str, Decimal]
    requested_grant: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Position:
    """A place in the ranking. Tied entries share their rank; `tied_with` names them."""

    entry: Entry
    rank: int
    outcome: Outcome
    tied_with: tuple[str, ...]
    reasons: tuple[Reason, ...]

    @property
    def key(self) -> str:
        return self.entry.key


class Listed(StrEnum):
    AWARDED = "awarded"
    RESERVE = "reserve"
    REJECTED = "rejected"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Line:
    """A position and the list it falls into; undecided where an open tie straddles the cut."""

    position: Position
    listed: Listed
    reasons: tuple[Reason, ...]


def _tie_keys(call: CallDefinition, outcome: Outcome) -> tuple[Decimal, ...]:
    """Values that decide, best first in ascending order; a panel's decision is not a number and comes after them."""
    keys = [-outcome.ranking_total]
    for rule in call.tie_breaks:
        if rule.by is not TieBreakBy.PANEL_DECISION:
            value = _deciding(rule, outcome)
            keys.append(-value if rule.direction is Direction.DESC else value)
    return tuple(keys)


def _deciding(rule: TieBreak, outcome: Outcome) -> Decimal:
    return outcome.total if rule.by is TieBreakBy.TOTAL else outcome.score(rule.code or "")


def rank(call: CallDefinition, entries: Iterable[Entry], panel: Sequence[str] = ()) -> tuple[Position, ...]:
    """Rank the entries that pass; the others come behind them in the same order of merit.

    `panel` lists keys in the order a panel decided; it only orders entries the call's other rules leave tied, and only
    where the call ends in a panel decision. What stays tied shares a rank and stands in the order of acronym and key.
    """
    places = {key: place for place, key in enumerate(panel)} if _panel_decides(call) else {}
    judged = [(entry, outcome_of(call, entry.scores)) for entry in entries]

    def merit(item: tuple[Entry, Outcome]) -> tuple[object, ...]:
        entry, outcome = item
        return (not outcome.passes, *_tie_keys(call, outcome), places.get(entry.key, len(places)))

    judged.sort(key=lambda item: (*merit(item), item[0].acronym, item[0].key))
    found: list[Position] = []
    for _merit, group in groupby(judged, key=merit):
        found += _tied(call, list(group), found[-1] if found else None, len(found) + 1)
    return tuple(found)


def _panel_decides(call: CallDefinition) -> bool:
    return any(rule.by is TieBreakBy.PANEL_DECISION for rule in call.tie_breaks)


def _tied(
    call: CallDefinition, group: list[tuple[Entry, Outcome]], before: Position | None, place: int
) -> list[Position]:
    found = []
    for entry, outcome in group:
        others = tuple(other.key for other, _o in group if other.key != entry.key)
        names = [other.acronym for other, _o in group if other.key != entry.key]
        reasons = [*outcome.reasons]
        reasons.append(_behind(call, outcome, before) if before else _first(outcome))
        if names:
            text = plural("Tied with {names}.", "Tied with {n} others: {names}.")
            reasons.append(Reason("tied", text, {"n": len(names), "names": ", ".join(names)}))
        found.append(Position(entry, place, outcome, others, tuple(reasons)))
    return found


def _first(outcome: Outcome) -> Reason:
    """Why nothing stands before an outcome: the total of the ranking comes first in every order."""
    params = {"total": outcome.ranking_total}
    if outcome.passes:
        return Reason("first", _("First: none that reaches all thresholds has a higher total than {total}."), params)
    text = _("First of those below a threshold, as none reaches all: no total is higher than {total}.")
    return Reason("first-below", text, params)


def _behind(call: CallDefinition, outcome: Outcome, before: Position) -> Reason:
    """Why an outcome stands behind the position before it: the first thing that differs."""
    other, name = before.outcome, before.entry.acronym
    if other.passes and not outcome.passes:
        return Reason("behind-passing", _("Behind {other}, which reaches all thresholds."), {"other": name})
    if other.ranking_total != outcome.ranking_total:
        params = {"other": name, "theirs": other.ranking_total, "ours": outcome.ranking_total}
        return Reason("behind-total", _("Behind {other} by the total: {ours} to {theirs}."), params)
    for rule in call.tie_breaks:
        if rule.by is TieBreakBy.PANEL_DECISION:
            continue
        ours, theirs = _deciding(rule, outcome), _deciding(rule, other)
        if ours != theirs:
            return _by_tie_break(call, rule, {"other": name, "theirs": theirs, "ours": ours})
    return Reason("behind-panel", _("Behind {other} by decision of the panel."), {"other": name})


def _by_tie_break(call: CallDefinition, rule: TieBreak, params: dict[str, object]) -> Reason:
    if rule.by is TieBreakBy.TOTAL:
        return Reason(
            "behind-plain-total", _("Behind {other} by the total without weights: {ours} to {theirs}."), params
        )
    params["name"] = call.criterion(rule.code or "").name
    return Reason("behind-criterion", _("Equal in total; behind {other} by {name}: {ours} to {theirs}."), params)


@dataclass(frozen=True, slots=True)
class _Left:
    """Awards and money still to give; None: no limit."""

    places: int | None
    money: Decimal | None

    def fits(self, group: Sequence[Position]) -> bool:
        asked = sum((position.entry.requested_grant for position in group), Decimal(0))
        return (self.places is None or len(group) <= self.places) and (self.money is None or asked <= self.money)

    def less(self, group: Sequence[Position]) -> "_Left":
        asked = sum((position.entry.requested_grant for position in group), Decimal(0))
        places = None if self.places is None else self.places - len(group)
        return _Left(places, None if self.money is None else self.money - asked)


def lists(call: CallDefinition, ranking: Sequence[Position]) -> tuple[Line, ...]:
    """Fall down the ranking: awarded while awards and money last, then reserve; below a threshold rejected.

    The first that no longer fits ends the awards: nobody behind it is drawn ahead. A group of tied entries of which
    only some fit is undecided until the tie is broken; whoever of them wins, the awards end there.
    """
    budget = call.budget
    left = _Left(budget.expected_awards, budget.total) if budget else _Left(None, None)
    lines: list[Line] = []
    ended = False
    for _rank, found in groupby(ranking, key=lambda position: position.rank):
        group = list(found)
        if not group[0].outcome.passes:
            lines += [Line(position, Listed.REJECTED, position.outcome.failings) for position in group]
        elif not ended and left.fits(group):
            left = left.less(group)
            lines += [Line(position, Listed.AWARDED, (_awarded(call),)) for position in group]
        else:
            listed = Listed.RESERVE if ended else _at_the_cut(left, group)
            limits = _after_cut() if ended else _reached(call, left, group)
            lines += [_beyond(call, position, listed, limits) for position in group]
            ended = True
    return tuple(lines)


def _at_the_cut(left: _Left, group: Sequence[Position]) -> Listed:
    some_fit = any(left.fits((position,)) for position in group)
    return Listed.UNDECIDED if len(group) > 1 and some_fit else Listed.RESERVE


def _after_cut() -> tuple[Reason, ...]:
    return (Reason("after-the-cut", _("The awards end before it, and nobody behind is drawn ahead.")),)


def _reached(call: CallDefinition, left: _Left, group: Sequence[Position]) -> tuple[Reason, ...]:
    """Which limit ends the awards at a group, with its numbers."""
    found = []
    if left.places is not None and left.places < len(group) and call.budget:
        params = {"n": call.budget.expected_awards, "left": left.places}
        text = plural(
            "Of the {n} award expected, {left} is left here.", "Of the {n} awards expected, {left} are left here."
        )
        found.append(Reason("limit-places", text, params))
    asked = sum((position.entry.requested_grant for position in group), Decimal(0))
    if left.money is not None and left.money < asked:
        short = _("Here {asked} is asked for and {left} of the money is left.")
        found.append(Reason("limit-money", short, {"asked": asked, "left": left.money}))
    return tuple(found)


def _awarded(call: CallDefinition) -> Reason:
    if call.budget is None or call.budget.expected_awards is None:
        return Reason("within-money", _("Reaches all thresholds, and the money suffices."))
    params = {"n": call.budget.expected_awards}
    text = plural(
        "Within the {n} award expected, and the money suffices.",
        "Within the {n} awards expected, and the money suffices.",
    )
    return Reason("within-awards", text, params)


def _beyond(call: CallDefinition, position: Position, listed: Listed, limits: tuple[Reason, ...]) -> Line:
    if listed is Listed.UNDECIDED:
        reason = Reason("tie-at-the-cut", _("Tied where the awards end: the tie must be broken first."))
        return Line(position, listed, (reason, *limits))
    if call.award is not None and not call.award.reserve:
        reason = Reason("no-money-left", _("Reaches all thresholds, but the awards or the money are used up."))
        return Line(position, Listed.REJECTED, (reason, *limits))
    reason = Reason(
        "on-reserve", _("Reaches all thresholds; the awards or the money are used up, so it is on the reserve list.")
    )
    return Line(position, listed, (reason, *limits))
