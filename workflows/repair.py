"""What a consortium lacks: the smallest sets of additions that make every blocking rule met, found exactly.

A rule that is met stays met. A rule that cannot be told yet is not counted as broken: it may stay open, and must not
become broken. A rule that is not met must become met; where a missing fact of a partner keeps additions from that, it
must at least no longer be broken. Found are all sets of the smallest size, in classes that no rule tells apart, drawn
together; by their size nothing in them can be left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from workflows.definition_rules import RuleSpec, Severity
from workflows.repair_boxes import drawn_together
from workflows.repair_search import GivenUp, Search
from workflows.repair_types import Found, Limits, Outcome, Removal, Universe
from workflows.rules import evaluate
from workflows.rules_facts import COUNTED_ROLES, Answer, ConsortiumFacts

Goals = tuple[tuple[RuleSpec, bool], ...]
NO_LIMITS = Limits()


@dataclass
class Gap:
    """One question: these rules, this consortium, these who could be added, this far."""

    rules: tuple[RuleSpec, ...]
    facts: ConsortiumFacts
    universe: Universe
    limits: Limits = NO_LIMITS
    severities: frozenset[Severity] = field(default=frozenset({Severity.BLOCKING}))

    @cached_property
    def counted_rules(self) -> tuple[RuleSpec, ...]:
        """The rules that must hold."""
        return tuple(rule for rule in self.rules if rule.severity in self.severities)

    @cached_property
    def answers(self) -> dict[RuleSpec, Answer]:
        """What each of them answers now."""
        return {result.rule: result.answer for result in evaluate(self.counted_rules, self.facts)}

    @cached_property
    def _searched(self) -> tuple[Found, Search]:
        return _repairs(self, self.facts)

    @property
    def found(self) -> Found:
        """The smallest repairs by additions alone."""
        return self._searched[0]

    @property
    def search(self) -> Search:
        """The search that found them: what the numbers in its answers stand for."""
        return self._searched[1]

    @cached_property
    def outcome(self) -> Outcome:
        """The same; where additions alone do not do, with the smallest after one partner has left."""
        if self.found.size is not None:
            return Outcome(self.found)
        return Outcome(self.found, _removals(self))


def _search(gap: Gap, facts: ConsortiumFacts, goals: Goals) -> Search:
    return Search(goals, facts, gap.universe, gap.limits.steps, gap.limits.found)


def _most(gap: Gap, facts: ConsortiumFacts) -> int:
    if gap.limits.partners is None:
        return gap.limits.additions
    return max(0, min(gap.limits.additions, gap.limits.partners - len(facts.counted())))


def _goals(gap: Gap, facts: ConsortiumFacts) -> tuple[Goals, tuple[RuleSpec, ...]]:
    """What each rule must become, and the rules no additions could mend by themselves."""
    goals: list[tuple[RuleSpec, bool]] = []
    stuck: list[RuleSpec] = []
    for rule, answer in gap.answers.items():
        if answer is not Answer.NOT_MET:
            goals.append((rule, answer is Answer.MET))
            continue
        reached = next((met for met in (True, False) if _alone(gap, facts, rule, met=met)), None)
        if reached is None:
            stuck.append(rule)
        goals.append((rule, reached is not False))
    return tuple(goals), tuple(stuck)


def _alone(gap: Gap, facts: ConsortiumFacts, rule: RuleSpec, *, met: bool) -> bool:
    """Could additions mend this rule if it were the only one?"""
    search = Search(((rule, met),), facts, gap.universe, gap.limits.steps, most_found=1)
    try:
        return search.smallest(_most(gap, facts)) is not None
    except GivenUp:
        return True


def _repairs(gap: Gap, facts: ConsortiumFacts, within: int | None = None) -> tuple[Found, Search]:
    """Find the smallest repairs; `within`: of no more additions than that."""
    most = _most(gap, facts)
    # If everything can be met at once, each rule can be met alone, and nobody need ask.
    search = _search(
        gap, facts, tuple((rule, answer is not Answer.UNDETERMINED) for rule, answer in gap.answers.items())
    )
    found = _told(gap, search, most if within is None else min(within, most))
    if found.size is not None or found.given_up:
        return found, search
    goals, stuck = _goals(gap, facts)
    search = _search(gap, facts, goals)
    if stuck:
        return replace(found, stuck=stuck), search
    return _told(gap, search, most if within is None else min(within, most)), search


def _told(gap: Gap, search: Search, most: int) -> Found:
    answers = gap.answers
    said = Found(
        None,
        broken=tuple(rule for rule, answer in answers.items() if answer is Answer.NOT_MET),
        unsure=tuple(rule for rule, answer in answers.items() if answer is Answer.UNDETERMINED),
    )
    try:
        size = search.smallest(most)
    except GivenUp:
        return replace(said, given_up=True)
    if size is None:
        return said
    found = zip(search.repairs(), search.examples(), strict=True)
    return replace(said, size=size, repairs=drawn_together(found), cut=search.cut)


def _removals(gap: Gap) -> tuple[Removal, ...]:
    """Every partner whose leaving lets the fewest additions do, with these additions."""
    best: int | None = None
    found: list[Removal] = []
    for entity, name in _entities(gap.facts):
        facts = without(gap.facts, entity)
        after, _search_of_it = _repairs(gap, facts, within=best)
        if after.size is None:
            continue
        if best is None or after.size < best:
            best, found = after.size, []
        found.append(Removal(entity, name, after))
    return tuple(found)


def _entities(facts: ConsortiumFacts) -> Iterator[tuple[str, str]]:
    named = {p.entity: p.name for p in facts.partners if p.role in COUNTED_ROLES}
    yield from named.items()


def without(facts: ConsortiumFacts, entity: str) -> ConsortiumFacts:
    """The consortium after a partner has left."""
    return replace(facts, partners=tuple(p for p in facts.partners if p.entity != entity))
