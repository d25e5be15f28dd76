"""What becomes of a ranking: awarded, reserve or rejected, strand by strand, with what strands leave each other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import groupby

from workflows.definition import CallDefinition, Moved, Transfer
from workflows.ranking import Position
from workflows.verdict import Reason
from workflows.words import _, plural


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


@dataclass(frozen=True, slots=True)
class Limits:
    """Awards and money; None: no limit."""

    places: int | None
    money: Decimal | None

    def fits(self, group: Sequence[Position]) -> bool:
        asked = _asked(group)
        return (self.places is None or len(group) <= self.places) and (self.money is None or asked <= self.money)

    def less(self, group: Sequence[Position]) -> "Limits":
        places = None if self.places is None else self.places - len(group)
        return Limits(places, None if self.money is None else self.money - _asked(group))


def _asked(group: Sequence[Position]) -> Decimal:
    return sum((position.entry.requested_grant for position in group), Decimal(0))


def limits_of(call: CallDefinition) -> Mapping[str, Limits]:
    """Awards and money of each strand; without strands those of the call. Who names no strand has none of either."""
    if not call.strands:
        return {"": Limits(call.budget.expected_awards, call.budget.total) if call.budget else Limits(None, None)}
    found = {strand.code: Limits(strand.expected_awards, strand.total) for strand in call.strands}
    return {**found, "": Limits(0, Decimal(0))}


class _Fall:
    """One list going down: awarded while awards and money last. A transfer lets it go on from where it ended."""

    def __init__(self, call: CallDefinition, code: str, limits: Limits, ranking: Sequence[Position]) -> None:
        self.call, self.left, self.places = call, limits, limits.places
        self.is_strand = bool(code) or not call.strands
        groups = [list(found) for _rank, found in groupby(ranking, key=lambda position: position.rank)]
        self.waiting = [group for group in groups if group[0].outcome.passes]
        self.failed = [position for group in groups if not group[0].outcome.passes for position in group]
        self.lines: list[Line] = []
        self.helped: tuple[Reason, ...] = ()

    def down(self) -> None:
        while self.waiting and self.left.fits(self.waiting[0]):
            group = self.waiting.pop(0)
            self.left = self.left.less(group)
            self.lines += [Line(position, Listed.AWARDED, (_awarded(self.places), *self.helped)) for position in group]

    def is_limited(self, moved: Moved) -> bool:
        return (self.left.money if moved is Moved.MONEY else self.left.places) is not None

    def gives(self, transfer: Transfer, taker: "_Fall") -> Decimal:
        """What is left over of money or awards, at most what the transfer allows."""
        left = self.left.money if transfer.of is Moved.MONEY else self.left.places
        if left is None or not taker.is_limited(transfer.of):
            return Decimal(0)  # nothing to count, or nobody who needs it
        given = Decimal(left) if transfer.most is None else min(Decimal(left), transfer.most)
        self._add(transfer.of, -given)
        return given

    def takes(self, transfer: Transfer, given: Decimal) -> None:
        if not given:
            return
        self._add(transfer.of, given)
        text = _("Strand {other} left money over, and {given} of it came here.")
        if transfer.of is Moved.AWARDS:
            text = _("Strand {other} left awards over, and {given} of them came here.")
        self.helped = (*self.helped, Reason("transferred", text, {"other": transfer.giver, "given": given}))
        self.down()

    def _add(self, moved: Moved, given: Decimal) -> None:
        money, places = self.left.money, self.left.places
        if moved is Moved.MONEY and money is not None:
            self.left = Limits(places, money + given)
        elif moved is Moved.AWARDS and places is not None:
            self.left = Limits(places + int(given), money)
            self.places = (self.places or 0) + int(given)

    def ended(self) -> list[Line]:
        """All lines, in the order of the ranking."""
        lines = list(self.lines)
        for place, group in enumerate(self.waiting):
            listed = Listed.RESERVE if place else _at_the_cut(self.left, group)
            limits = _after_cut() if place else _reached(self.places, self.left, group)
            limits = limits if self.is_strand else _no_strand()
            lines += [_beyond(self.call, position, listed, limits) for position in group]
        return lines + [Line(position, Listed.REJECTED, position.outcome.failings) for position in self.failed]


def lists(call: CallDefinition, ranking: Sequence[Position]) -> tuple[Line, ...]:
    """Fall down each strand's ranking: awarded while awards and money last, then reserve; below a threshold rejected.

    The first that no longer fits ends the awards: nobody behind it is drawn ahead. A group of tied entries of which
    only some fit is undecided until the tie is broken; whoever of them wins, the awards end there. Then what strands
    leave over is moved, in the order of the call's transfers, and whoever takes it goes on down its list at once.
    """
    limits = limits_of(call)
    known = set(limits) if call.strands else set()
    strands = {
        code: [p for p in ranking if (p.entry.strand if p.entry.strand in known else "") == code] for code in limits
    }
    falls = {code: _Fall(call, code, limits[code], strands[code]) for code in limits}
    for fall in falls.values():
        fall.down()
    for transfer in call.transfers:
        taker = falls[transfer.taker]
        taker.takes(transfer, falls[transfer.giver].gives(transfer, taker))
    return tuple(line for fall in falls.values() for line in fall.ended())


def _at_the_cut(left: Limits, group: Sequence[Position]) -> Listed:
    some_fit = any(left.fits((position,)) for position in group)
    return Listed.UNDECIDED if len(group) > 1 and some_fit else Listed.RESERVE


def _after_cut() -> tuple[Reason, ...]:
    return (Reason("after-the-cut", _("The awards end before it, and nobody behind is drawn ahead.")),)


def _no_strand() -> tuple[Reason, ...]:
    return (Reason("no-strand", _("It names no strand of the call, so there is no list with awards for it.")),)


def _reached(places: int | None, left: Limits, group: Sequence[Position]) -> tuple[Reason, ...]:
    """Which limit ends the awards at a group, with its numbers."""
    found = []
    if left.places is not None and left.places < len(group):
        params = {"n": places, "left": left.places}
        text = plural(
            "Of the {n} award expected, {left} is left here.", "Of the {n} awards expected, {left} are left here."
        )
        found.append(Reason("limit-places", text, params))
    asked = _asked(group)
    if left.money is not None and left.money < asked:
        short = _("Here {asked} is asked for and {left} of the money is left.")
        found.append(Reason("limit-money", short, {"asked": asked, "left": left.money}))
    return tuple(found)


def _awarded(places: int | None) -> Reason:
    if places is None:
        return Reason("within-money", _("Reaches all thresholds, and the money suffices."))
    text = plural(
        "Within the {n} award expected, and the money suffices.",
        "Within the {n} awards expected, and the money suffices.",
    )
    return Reason("within-awards", text, {"n": places})


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
