"""Rules as counters: how far a rule is from its goal, counted up with each partner. Each agrees with rules.py.

A counter answers some questions about its count: `progress`, how far the goal is (0: reached, NEVER: no addition
reaches it any more); `need`, how many additions it takes at least; `settled`, whether a place has no more say in it.
`wants` names a country or region in which whatever reaches the goal must add somebody.
Two goals exist: MET, and for what is open now, not to become NOT_MET.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Any, Protocol

from workflows.definition_rules import Subject
from workflows.rules_counts import value_of
from workflows.rules_facts import PartnerFacts

NEVER = Decimal("Infinity")
NONE_YET = Decimal(1)
Count = Any  # of one counter; immutable
Progress = Decimal | int


class Counter(Protocol):
    """One rule, counted."""

    def start(self) -> Count: ...
    def add(self, count: Count, partner: PartnerFacts, answer: bool | None) -> Count: ...
    def progress(self, count: Count) -> Progress: ...
    def need(self, progress: Progress) -> int: ...
    def settled(self, count: Count, subject: Subject, value: str) -> bool: ...
    def wants(self, count: Count) -> str | None: ...


def whole(number: Progress) -> int:
    return int(Decimal(number).to_integral_value(ROUND_CEILING))


class OneEach:
    """Each addition brings the goal nearer by one at most, and no place matters."""

    def need(self, progress: Progress) -> int:
        return whole(progress)

    def settled(self, count: Count, subject: Subject, value: str) -> bool:  # noqa: ARG002
        return True

    def wants(self, count: Count) -> str | None:  # noqa: ARG002
        return None


@dataclass(frozen=True, slots=True)
class Range:
    """What a count must lie in; `sure` and `possible` are told apart by the goal."""

    least: Decimal | None
    most: Decimal | None
    met: bool

    def progress(self, sure: int, possible: int, can_grow: int) -> Progress:
        """`can_grow` is what additions add to; the rest of `sure` and `possible` stays as it is."""
        too_many = possible if self.met else sure
        if self.most is not None and too_many > self.most:
            return NEVER
        if self.least is None or (sure if self.met else possible) >= self.least:
            return 0
        return self.least - can_grow


@dataclass(frozen=True)
class Partners(OneEach):
    """Partners that match. The count is (sure, possible)."""

    range: Range

    def start(self) -> Count:
        return (0, 0)

    def add(self, count: Count, partner: PartnerFacts, answer: bool | None) -> Count:  # noqa: ARG002
        if answer is False:
            return count
        return (count[0] + (answer is True), count[1] + 1)

    def progress(self, count: Count) -> Progress:
        sure, possible = count
        return self.range.progress(sure, possible, sure if self.range.met else possible)


@dataclass(frozen=True)
class Places(OneEach):
    """Regions or countries with a partner that matches: (known, may, partners of unknown place: surely, perhaps)."""

    range: Range
    subject: Subject

    def start(self) -> Count:
        return (frozenset(), frozenset(), 0, 0)

    def add(self, count: Count, partner: PartnerFacts, answer: bool | None) -> Count:
        known, may, surely, perhaps = count
        if answer is False:
            return count
        places = frozenset(value_of(partner, self.subject))
        if not places:
            return (known, may, surely + (answer is True), perhaps + (answer is None))
        return (known | places, may, surely, perhaps) if answer else (known, may | places, surely, perhaps)

    def progress(self, count: Count) -> Progress:
        known, may, surely, perhaps = count
        possible = len(known | may) + surely + perhaps
        sure = len(known) or min(surely, 1)
        return self.range.progress(sure, possible, len(known) if self.range.met else possible)

    def settled(self, count: Count, subject: Subject, value: str) -> bool:
        return not same_subject(self.subject, subject) or value in count[0]


@dataclass(frozen=True)
class Distinct(OneEach):
    """Different values among partners that match: (sure, may, partners without a value)."""

    range: Range
    subject: Subject
    allowed: frozenset[str] | None
    at_once: int  # values one addition can bring

    def start(self) -> Count:
        return (frozenset(), frozenset(), 0)

    def add(self, count: Count, partner: PartnerFacts, answer: bool | None) -> Count:
        sure, may, astray = count
        if answer is False:
            return count
        given = value_of(partner, self.subject)
        values = frozenset(v for v in given if self.allowed is None or v in self.allowed)
        astray += not given
        return (sure | values, may, astray) if answer else (sure, may | values, astray)

    def progress(self, count: Count) -> Progress:
        sure, may, astray = count
        possible = len(sure | may) + astray
        return self.range.progress(len(sure), possible, len(sure) if self.range.met else possible)

    def need(self, progress: Progress) -> int:
        return whole(Decimal(progress) / self.at_once)

    def settled(self, count: Count, subject: Subject, value: str) -> bool:
        if not same_subject(self.subject, subject):
            return True
        return value in count[0] or (self.allowed is not None and value not in self.allowed)


@dataclass(frozen=True)
class Share(OneEach):
    """Share of partners that match: (sure, may, all)."""

    value: Decimal
    at_least: bool
    met: bool

    def start(self) -> Count:
        return (0, 0, 0)

    def add(self, count: Count, partner: PartnerFacts, answer: bool | None) -> Count:  # noqa: ARG002
        return (count[0] + (answer is True), count[1] + (answer is None), count[2] + 1)

    def progress(self, count: Count) -> Progress:
        sure, may, everybody = count
        if not everybody:
            return (self._gain() or NONE_YET) if self.met else 0
        if self.at_least:
            short = self.value * everybody - (sure if self.met else sure + may)
        else:
            short = (sure + may if self.met else sure) - self.value * everybody
        if short <= 0:
            return 0
        return short if self._gain() > 0 else NEVER

    def _gain(self) -> Decimal:
        return 1 - self.value if self.at_least else self.value

    def need(self, progress: Progress) -> int:
        return max(1, whole(progress / self._gain())) if progress and self._gain() > 0 else whole(progress)


def same_subject(one: Subject, other: Subject) -> bool:
    """Regions and region, countries and country: a rule may use either word."""
    return _PLAIN.get(one, one) is _PLAIN.get(other, other)


_PLAIN = {Subject.REGIONS: Subject.REGION, Subject.COUNTRIES: Subject.COUNTRY}
