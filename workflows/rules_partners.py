"""Rules on each partner, each group of partners, and what all have in common."""

from decimal import Decimal

from workflows.definition_rules import RuleSpec, Subject
from workflows.rules_counts import Result, value_of
from workflows.rules_facts import COORDINATOR, Answer, ConsortiumFacts, PartnerFacts, matches
from workflows.rules_text import (
    all_in_order,
    all_represented,
    cannot_tell,
    group_without,
    names_of,
    no_coordinator,
    no_partners,
    nothing_shared,
    shared,
)

_NOBODY: Result = (Answer.UNDETERMINED, (no_partners(),))


def all_match(rule: RuleSpec, facts: ConsortiumFacts) -> Result:
    """Every partner that counts meets the conditions; those who do not are named."""
    return _each(rule, facts, facts.counted())


def lead_must_be(rule: RuleSpec, facts: ConsortiumFacts) -> Result:
    """Whoever coordinates meets the conditions; without a coordinator nobody does."""
    leads = tuple(partner for partner in facts.counted() if partner.role == COORDINATOR)
    return _each(rule, facts, leads) if leads else (Answer.NOT_MET, (no_coordinator(),))


def _each(rule: RuleSpec, facts: ConsortiumFacts, partners: tuple[PartnerFacts, ...]) -> Result:
    if not partners:
        return _NOBODY
    answers = [(partner, matches(partner, rule.where, facts)) for partner in partners]
    failing = tuple(partner for partner, answer in answers if answer is False)
    unknown = tuple(partner.name for partner, answer in answers if answer is None)
    if failing:
        return Answer.NOT_MET, (names_of("not-matching", failing),)
    if unknown:
        return Answer.UNDETERMINED, (cannot_tell(unknown),)
    return Answer.MET, (all_in_order(len(partners)),)


def all_accepted(rule: RuleSpec, facts: ConsortiumFacts) -> Result:  # noqa: ARG001  # one shape for all kinds
    """Nobody named as a partner is still to accept."""
    invited = facts.invited()
    if invited:
        return Answer.NOT_MET, (names_of("invited", invited),)
    counted = facts.counted()
    return (Answer.MET, (all_in_order(len(counted)),)) if counted else _NOBODY


def all_share(rule: RuleSpec, facts: ConsortiumFacts) -> Result:
    """All partners have a value in common; what is known may already rule it out."""
    subject = rule.of or Subject.THEMATIC_AREA
    partners = facts.counted()
    if not partners:
        return _NOBODY
    known = [set(value_of(partner, subject)) for partner in partners if value_of(partner, subject)]
    unknown = tuple(partner.name for partner in partners if not value_of(partner, subject))
    common = set.intersection(*known) if known else set()
    if known and not common:
        return Answer.NOT_MET, (nothing_shared(subject),)
    if unknown:
        return Answer.UNDETERMINED, (cannot_tell(unknown),)
    return Answer.MET, (shared(subject, common),)


def each_group_has(rule: RuleSpec, facts: ConsortiumFacts) -> Result:
    """Every region (or country) that takes part has partners of these kinds.

    Which groups take part cannot be told while a partner's group is unknown, so then the rule is met by nobody:
    it is undetermined, or not met where a known group stays without even if all unknown partners stood in it.
    """
    subject, least = rule.group_by or Subject.REGION, rule.min if rule.min is not None else Decimal(1)
    partners = facts.counted()
    if not partners:
        return _NOBODY
    astray = tuple(partner for partner in partners if not value_of(partner, subject))
    helpers = sum(1 for partner in astray if _has_kind(partner, rule) is not False)
    short: list[str] = []
    unsure: list[str] = []
    for group, inside in sorted(_groups(partners, subject).items()):
        answers = [_has_kind(partner, rule) for partner in inside]
        if answers.count(True) >= least:
            continue
        possible = len(answers) - answers.count(False) + helpers
        (unsure if possible >= least else short).append(group)
    if short:
        return Answer.NOT_MET, tuple(group_without(subject, group) for group in short)
    if unsure or astray:
        return Answer.UNDETERMINED, (cannot_tell((*unsure, *(partner.name for partner in astray)), subject),)
    return Answer.MET, (all_represented(subject, _groups(partners, subject)),)


def _groups(partners: tuple[PartnerFacts, ...], subject: Subject) -> dict[str, list[PartnerFacts]]:
    found: dict[str, list[PartnerFacts]] = {}
    for partner in partners:
        for value in value_of(partner, subject):
            found.setdefault(value, []).append(partner)
    return found


def _has_kind(partner: PartnerFacts, rule: RuleSpec) -> bool | None:
    return bool(set(partner.kinds) & set(rule.kind_in)) if partner.kinds else None
