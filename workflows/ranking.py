"""The ranked list of a call, each place explained. What becomes of it is in ranking_lists.py."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from workflows.definition import CallDefinition, Direction, TieBreak, TieBreakBy
from workflows.public_draw import ticket_of
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
    strand: str = ""  # its code, where the call has strands
    number: str = ""  # what its ticket of a public draw is made of; without one its key

    @property
    def drawn_as(self) -> str:
        return self.number or self.key


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

    @property
    def group(self) -> tuple[str, int]:
        """What equals share: strand and rank."""
        return self.entry.strand, self.rank


# What is no number of the application itself comes after all that is.
BESIDE_SCORES = frozenset({TieBreakBy.PANEL_DECISION, TieBreakBy.DRAW})


def _tie_keys(call: CallDefinition, outcome: Outcome) -> tuple[Decimal, ...]:
    """Values that decide, best first in ascending order; a panel's decision is not a number and comes after them."""
    keys = [-outcome.ranking_total]
    for rule in call.tie_breaks:
        if rule.by not in BESIDE_SCORES:
            value = _deciding(rule, outcome)
            keys.append(-value if rule.direction is Direction.DESC else value)
    return tuple(keys)


def _deciding(rule: TieBreak, outcome: Outcome) -> Decimal:
    return outcome.total if rule.by is TieBreakBy.TOTAL else outcome.score(rule.code or "")


@dataclass(frozen=True, slots=True)
class _Order:
    """The order of merit of a call: scores, then the panel, then the draw, as far as the call asks them."""

    call: CallDefinition
    places: Mapping[str, int]
    seed: str

    def merit(self, item: tuple[Entry, Outcome]) -> tuple[object, ...]:
        entry, outcome = item
        ticket = ticket_of(self.seed, entry.drawn_as) if self.seed else ""
        return (not outcome.passes, *_tie_keys(self.call, outcome), self.place(entry), ticket)

    def place(self, entry: Entry) -> int:
        return self.places.get(entry.key, len(self.places))

    def ranked(self, entries: Iterable[Entry]) -> tuple[Position, ...]:
        judged = [(entry, outcome_of(self.call, entry.scores)) for entry in entries]
        judged.sort(key=lambda item: (*self.merit(item), item[0].acronym, item[0].key))
        found: list[Position] = []
        for _merit, group in groupby(judged, key=self.merit):
            found += _tied(self, list(group), found[-1] if found else None, len(found) + 1)
        return tuple(found)


def rank(
    call: CallDefinition, entries: Iterable[Entry], panel: Sequence[str] = (), seed: str = ""
) -> tuple[Position, ...]:
    """Rank the entries that pass; the others come behind them in the same order of merit; each strand apart.

    `panel` lists keys in the order a panel decided; it only orders entries the call's other rules leave tied, and only
    where the call asks the panel. `seed` is that of the public draw, which parts whatever is still tied where the call
    ends in a draw. What stays tied shares a rank and stands in the order of acronym and key.
    """
    order = _Order(
        call,
        {key: place for place, key in enumerate(panel)} if asks(call, TieBreakBy.PANEL_DECISION) else {},
        seed if asks(call, TieBreakBy.DRAW) else "",
    )
    return tuple(position for _code, strand in by_strand(call, entries) for position in order.ranked(strand))


def by_strand(call: CallDefinition, entries: Iterable[Entry]) -> list[tuple[str, list[Entry]]]:
    """Entries of each strand in the call's order, then those of none; one group where the call has no strands."""
    given = list(entries)
    if not call.strands:
        return [("", given)]
    known = [strand.code for strand in call.strands]
    groups = [(code, [entry for entry in given if entry.strand == code]) for code in known]
    return [*groups, ("", [entry for entry in given if entry.strand not in known])]


def asks(call: CallDefinition, by: TieBreakBy) -> bool:
    """Whether the call's rules for equals name this one."""
    return any(rule.by is by for rule in call.tie_breaks)


def _tied(order: _Order, group: list[tuple[Entry, Outcome]], before: Position | None, place: int) -> list[Position]:
    found = []
    for entry, outcome in group:
        others = tuple(other.key for other, _o in group if other.key != entry.key)
        names = [other.acronym for other, _o in group if other.key != entry.key]
        reasons = [*outcome.reasons]
        reasons.append(_behind(order, entry, outcome, before) if before else _first(outcome))
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


def _behind(order: _Order, entry: Entry, outcome: Outcome, before: Position) -> Reason:
    """Why an outcome stands behind the position before it: the first thing that differs."""
    other, name = before.outcome, before.entry.acronym
    if other.passes and not outcome.passes:
        return Reason("behind-passing", _("Behind {other}, which reaches all thresholds."), {"other": name})
    if other.ranking_total != outcome.ranking_total:
        params = {"other": name, "theirs": other.ranking_total, "ours": outcome.ranking_total}
        return Reason("behind-total", _("Behind {other} by the total: {ours} to {theirs}."), params)
    for rule in order.call.tie_breaks:
        if rule.by in BESIDE_SCORES:
            continue
        ours, theirs = _deciding(rule, outcome), _deciding(rule, other)
        if ours != theirs:
            return _by_tie_break(order.call, rule, {"other": name, "theirs": theirs, "ours": ours})
    if order.place(entry) != order.place(before.entry):
        return Reason("behind-panel", _("Behind {other} by decision of the panel."), {"other": name})
    tickets = {key: ticket_of(order.seed, e.drawn_as)[:12] for key, e in (("ours", entry), ("theirs", before.entry))}
    text = _("Equal by all other rules; behind {other} by the public draw: ticket {ours}… to {theirs}….")
    return Reason("behind-draw", text, {"other": name, **tickets})


def _by_tie_break(call: CallDefinition, rule: TieBreak, params: dict[str, object]) -> Reason:
    if rule.by is TieBreakBy.TOTAL:
        return Reason(
            "behind-plain-total", _("Behind {other} by the total without weights: {ours} to {theirs}."), params
        )
    params["name"] = call.criterion(rule.code or "").name
    return Reason("behind-criterion", _("Equal in total; behind {other} by {name}: {ours} to {theirs}."), params)
