"""Who is next on a reserve list, and whether what became free suffices. Pure: numbers in, verdicts out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from workflows.ranking_lists import Limits
from workflows.verdict import ALLOWED, Verdict, refuse
from workflows.words import _

T = TypeVar("T", int, Decimal)


@dataclass(frozen=True, slots=True)
class Place:
    """One application of the ranking: who holds an award now, and who waits."""

    key: str
    strand: str
    rank: int
    grant: Decimal
    awarded_first: bool  # by the decision itself
    holds: bool  # awarded now, and the label not declined or lapsed; or proposed to move up
    waits: bool  # on the reserve list now


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of a strand's list; None: no limit."""

    places: int | None
    money: Decimal | None

    def suffices(self, places: int, money: Decimal) -> bool:
        return (self.places is None or places <= self.places) and (self.money is None or money <= self.money)


def left_of(limits: Mapping[str, Limits], lines: Sequence[Place], strand: str) -> Left:
    """Say what a strand's list has left.

    A strand may have more than its own limit, where others left it something: then as much as the decision awarded
    there. All strands together never have more than the call's.
    """
    own = _left(limits.get(strand, Limits(0, Decimal(0))), [one for one in lines if one.strand == strand])
    whole = _left(_sum(limits), lines)
    return Left(_least(own.places, whole.places), _least(own.money, whole.money))


def _left(limit: Limits, lines: Sequence[Place]) -> Left:
    holding = [one for one in lines if one.holds]
    first = [one for one in lines if one.awarded_first]
    places = None if limit.places is None else max(limit.places, len(first)) - len(holding)
    money = None if limit.money is None else max(limit.money, _asked(first)) - _asked(holding)
    return Left(places, money)


def _sum(limits: Mapping[str, Limits]) -> Limits:
    places = [one.places for one in limits.values()]
    money = [one.money for one in limits.values()]
    return Limits(
        None if None in places else sum(one for one in places if one is not None),
        None if None in money else sum((one for one in money if one is not None), Decimal(0)),
    )


def _asked(lines: Sequence[Place]) -> Decimal:
    return sum((one.grant for one in lines), Decimal(0))


def _least(one: T | None, other: T | None) -> T | None:
    known = [value for value in (one, other) if value is not None]
    return min(known) if known else None


def may_move_up(limits: Mapping[str, Limits], lines: Sequence[Place], key: str) -> Verdict:
    """Say whether an application is the next of its strand's reserve list and what is left suffices for it.

    `lines` stand in the order of the ranking. Nobody behind the first is drawn ahead; equals move up together or not.
    """
    own = next((one for one in lines if one.key == key), None)
    if own is None or not own.waits:
        return refuse("not-on-reserve", _("It is not on the reserve list."))
    queue = [one for one in lines if one.waits and one.strand == own.strand]
    if queue[0].rank != own.rank:
        return refuse("not-next", _("Another application stands before it on the reserve list."))
    equals = [one for one in queue if one.rank == own.rank]
    if left_of(limits, lines, own.strand).suffices(len(equals), _asked(equals)):
        return ALLOWED
    if len(equals) > 1:
        return refuse("tied-on-reserve", _("It is equal to another on the reserve list, and not all of them fit."))
    return refuse("does-not-fit", _("The places or the money that are left do not suffice for it."))
