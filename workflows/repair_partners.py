"""Counters of rules on each partner, each group of partners, and what all have in common; and the counter for a rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from workflows import rules_amounts
from workflows.definition_rules import RuleKind, RuleSpec, Subject
from workflows.repair_counts import (
    NEVER,
    NONE_YET,
    Count,
    Counter,
    Distinct,
    OneEach,
    Partners,
    Places,
    Progress,
    Range,
    Share,
    same_subject,
)
from workflows.rules_counts import number_in, value_of
from workflows.rules_facts import COORDINATOR, Answer, ConsortiumFacts, PartnerFacts


@dataclass(frozen=True)
class Each(OneEach):
    """All partners, or all who coordinate, match: (looked at, failing, unknown)."""

    lead: bool
    met: bool

    def start(self) -> Count:
        return (0, 0, 0)

    def add(self, count: Count, partner: PartnerFacts, answer: bool | None) -> Count:
        if self.lead and partner.role != COORDINATOR:
            return count
        return (count[0] + 1, count[1] + (answer is False), count[2] + (answer is None))

    def progress(self, count: Count) -> Progress:
        looked_at, failing, unknown = count
        if failing or (unknown and self.met):
            return NEVER
        return NONE_YET if not looked_at and (self.met or self.lead) else 0


@dataclass(frozen=True)
class Common(OneEach):
    """All partners have a value in common: (looked at, what those with values share, some without)."""

    subject: Subject
    met: bool

    def start(self) -> Count:
        return (0, None, False)

    def add(self, count: Count, partner: PartnerFacts, answer: bool | None) -> Count:  # noqa: ARG002
        looked_at, common, unknown = count
        values = frozenset(value_of(partner, self.subject))
        if not values:
            return (looked_at + 1, common, True)
        return (looked_at + 1, values if common is None else common & values, unknown)

    def progress(self, count: Count) -> Progress:
        looked_at, common, unknown = count
        if (common is not None and not common) or (unknown and self.met):
            return NEVER
        return NONE_YET if not looked_at and self.met else 0

    def settled(self, count: Count, subject: Subject, value: str) -> bool:
        return not same_subject(self.subject, subject) or (count[1] is not None and value in count[1])


@dataclass(frozen=True)
class Groups(OneEach):
    """Each group has partners of the kinds: (groups with (surely, perhaps) of them, strays, strays who may help)."""

    subject: Subject
    least: Decimal
    met: bool
    kinds: frozenset[str] = field(default_factory=frozenset)

    def start(self) -> Count:
        return ({}, 0, 0)

    def add(self, count: Count, partner: PartnerFacts, answer: bool | None) -> Count:  # noqa: ARG002
        groups, astray, helpers = count
        has = (not self.kinds.isdisjoint(partner.kinds)) if partner.kinds else None
        values = value_of(partner, self.subject)
        if not values:
            return (groups, astray + 1, helpers + (has is not False))
        surely, perhaps = groups.get(values[0], (0, 0))
        return ({**groups, values[0]: (surely + (has is True), perhaps + (has is None))}, astray, helpers)

    def progress(self, count: Count) -> Progress:
        groups, astray, _helpers = count
        if astray and self.met:
            return NEVER
        if not groups and not astray:
            return max(NONE_YET, self.least) if self.met else 0
        return sum(self._short(count).values(), Decimal(0))

    def _short(self, count: Count) -> dict[str, Decimal]:
        """How many each group lacks, where it lacks any."""
        groups: Mapping[str, tuple[int, int]] = count[0]
        least = self.least if self.met else self.least - count[2]
        have = {group: surely + (0 if self.met else perhaps) for group, (surely, perhaps) in groups.items()}
        return {group: least - number for group, number in have.items() if number < least}

    def wants(self, count: Count) -> str | None:
        return min(self._short(count), default=None)

    def settled(self, count: Count, subject: Subject, value: str) -> bool:
        if not same_subject(self.subject, subject):
            return True
        group = count[0].get(value)
        return group is not None and group[0] >= self.least


@dataclass(frozen=True)
class Fixed(OneEach):
    """What no addition changes: money, months, who was asked and has not answered."""

    reached: bool

    def start(self) -> Count:
        return None

    def add(self, count: Count, partner: PartnerFacts, answer: bool | None) -> Count:  # noqa: ARG002
        return count

    def progress(self, count: Count) -> Progress:  # noqa: ARG002
        return 0 if self.reached else NEVER


@dataclass(frozen=True)
class Accepted(Each):
    """Nobody is still to accept; additions only ever accept."""

    waiting: bool = False

    def progress(self, count: Count) -> Progress:
        if self.waiting:
            return NEVER
        return NONE_YET if not count[0] and self.met else 0


def counter_for(rule: RuleSpec, facts: ConsortiumFacts, *, met: bool, at_once: int) -> Counter:
    """Make the counter of a rule for one of the two goals; `at_once` is how many values an addition can bring."""
    if rule.rule in _FIXED or rule.of in _MONEY:
        answer = FIXED_ANSWERS[rule.rule](rule, facts)[0]
        return Fixed(answer is Answer.MET or (answer is Answer.UNDETERMINED and not met))
    if rule.rule is RuleKind.MIN_DISTINCT:
        allowed = facts.countries_in(rule.among) if rule.among else None
        return Distinct(Range(number_in(rule), None, met), rule.of or Subject.COUNTRY, allowed, at_once)
    if rule.rule is RuleKind.ALL_ACCEPTED:
        return Accepted(lead=False, met=met, waiting=bool(facts.invited()))
    return _COUNTERS[rule.rule](rule, met)


def _share(rule: RuleSpec, met: bool) -> Counter:
    return Share(number_in(rule), rule.rule is RuleKind.MIN_SHARE, met)


def _groups(rule: RuleSpec, met: bool) -> Counter:
    least = rule.min if rule.min is not None else Decimal(1)
    return Groups(rule.group_by or Subject.REGION, least, met, frozenset(rule.kind_in))


def _each(rule: RuleSpec, met: bool) -> Counter:
    return Each(lead=rule.rule is RuleKind.LEAD_MUST_BE, met=met)


def _common(rule: RuleSpec, met: bool) -> Counter:
    return Common(rule.of or Subject.THEMATIC_AREA, met)


def _counting(rule: RuleSpec, met: bool) -> Counter:
    number = number_in(rule)
    least = None if rule.rule is RuleKind.MAX_COUNT else number
    most = None if rule.rule is RuleKind.MIN_COUNT else number
    limits = Range(Decimal(1), Decimal(1), met) if rule.rule is RuleKind.EXACTLY_ONE else Range(least, most, met)
    return Partners(limits) if rule.of is Subject.PARTNERS else Places(limits, rule.of or Subject.REGIONS)


FIXED_ANSWERS = {
    RuleKind.MAX_VALUE: rules_amounts.max_value,
    RuleKind.MAX_RATIO: rules_amounts.max_ratio,
    RuleKind.WITHIN: rules_amounts.within,
    RuleKind.MIN_SHARE: rules_amounts.min_share,  # of money: whoever joins has none of it yet
    RuleKind.MAX_SHARE: rules_amounts.max_share,
}
_FIXED = (RuleKind.MAX_VALUE, RuleKind.MAX_RATIO, RuleKind.WITHIN)
_MONEY = (Subject.REQUESTED_GRANT, Subject.TOTAL_ELIGIBLE_COST)
_COUNTERS: Mapping[RuleKind, Callable[[RuleSpec, bool], Counter]] = {
    RuleKind.MIN_COUNT: _counting,
    RuleKind.MAX_COUNT: _counting,
    RuleKind.EXACTLY_ONE: _counting,
    RuleKind.MIN_SHARE: _share,
    RuleKind.MAX_SHARE: _share,
    RuleKind.EACH_GROUP_HAS: _groups,
    RuleKind.ALL_SHARE: _common,
    RuleKind.ALL_MATCH: _each,
    RuleKind.LEAD_MUST_BE: _each,
}
