"""Rules of a call, evaluated on facts: each is met, not met, or cannot be told, and says what it rests on."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from workflows import rules_amounts, rules_counts, rules_partners
from workflows.definition import CallDefinition, CallKind
from workflows.definition_rules import RuleKind, RuleSpec, Severity, Subject, Where
from workflows.rules_facts import (
    COORDINATOR,
    COUNTED_ROLES,
    OUTSIDE_EU,
    UNKNOWN,
    Answer,
    ConsortiumFacts,
    PartnerFacts,
    matches,
)
from workflows.rules_text import describe
from workflows.verdict import Reason

__all__ = [
    "COORDINATOR",
    "COUNTED_ROLES",
    "OPERANDS",
    "OUTSIDE_EU",
    "UNKNOWN",
    "Answer",
    "ConsortiumFacts",
    "Operands",
    "PartnerFacts",
    "RuleResult",
    "derived_rules",
    "describe",
    "evaluate",
    "evaluate_call",
    "matches",
    "rules_of",
]


@dataclass(frozen=True, slots=True)
class RuleResult:
    """One rule's answer, with the facts it rests on in words."""

    rule: RuleSpec
    answer: Answer
    facts: tuple[Reason, ...]

    @property
    def id(self) -> str:
        return self.rule.id

    @property
    def severity(self) -> Severity:
        return self.rule.severity

    @property
    def statement(self) -> Reason:
        """The rule itself in words: the call's own message, or what its kind says."""
        return describe(self.rule)

    @property
    def stops_submission(self) -> bool:
        """Only a blocking rule that is surely not met; what cannot be told is settled in the checks."""
        return self.severity is Severity.BLOCKING and self.answer is Answer.NOT_MET


@dataclass(frozen=True, slots=True)
class Operands:
    """Which keys a kind of rule takes, and what it may be about."""

    needs: frozenset[str]
    may: frozenset[str]
    of: tuple[Subject, ...] = ()
    over: tuple[Subject, ...] = ()


def _takes(needs: str = "", may: str = "", of: Iterable[Subject] = (), over: Iterable[Subject] = ()) -> Operands:
    return Operands(frozenset(needs.split()), frozenset(may.split()), tuple(of), tuple(over))


_COUNTABLE = (Subject.PARTNERS, Subject.REGIONS, Subject.COUNTRIES)
_VALUES = (Subject.COUNTRY, Subject.REGION, Subject.KIND, Subject.THEMATIC_AREA)
_MONEY = (Subject.REQUESTED_GRANT, Subject.TOTAL_ELIGIBLE_COST)
_SHARED = (Subject.PARTNERS, Subject.REQUESTED_GRANT)
_P = (Subject.PARTNERS,)

# fmt: off
OPERANDS: Mapping[RuleKind, Operands] = MappingProxyType({
    RuleKind.MIN_COUNT:      _takes("of value", "where", _COUNTABLE),
    RuleKind.MAX_COUNT:      _takes("of value", "where", _COUNTABLE),
    RuleKind.MIN_DISTINCT:   _takes("of value", "among where", _VALUES),
    RuleKind.EACH_GROUP_HAS: _takes("group_by kind_in", "min"),
    RuleKind.MIN_SHARE:      _takes("of where value", "", _SHARED),
    RuleKind.MAX_SHARE:      _takes("of where value", "", _SHARED),
    RuleKind.EXACTLY_ONE:    _takes("of where", "", _P),
    RuleKind.ALL_SHARE:      _takes("of", "", _VALUES),
    RuleKind.ALL_MATCH:      _takes("of where", "", _P),
    RuleKind.ALL_ACCEPTED:   _takes("of", "", _P),
    RuleKind.LEAD_MUST_BE:   _takes("where"),
    RuleKind.MAX_VALUE:      _takes("of value", "", (*_MONEY, Subject.MONTHS)),
    RuleKind.MAX_RATIO:      _takes("of over value", "", _MONEY, _MONEY),
    RuleKind.WITHIN:         _takes("of", "min max", (*_MONEY, Subject.MONTHS)),
})

_Evaluator = Callable[[RuleSpec, ConsortiumFacts], tuple[Answer, tuple[Reason, ...]]]
_EVALUATORS: Mapping[RuleKind, _Evaluator] = MappingProxyType({
    RuleKind.MIN_COUNT:      rules_counts.min_count,
    RuleKind.MAX_COUNT:      rules_counts.max_count,
    RuleKind.MIN_DISTINCT:   rules_counts.min_distinct,
    RuleKind.EACH_GROUP_HAS: rules_partners.each_group_has,
    RuleKind.MIN_SHARE:      rules_amounts.min_share,
    RuleKind.MAX_SHARE:      rules_amounts.max_share,
    RuleKind.EXACTLY_ONE:    rules_counts.exactly_one,
    RuleKind.ALL_SHARE:      rules_partners.all_share,
    RuleKind.ALL_MATCH:      rules_partners.all_match,
    RuleKind.ALL_ACCEPTED:   rules_partners.all_accepted,
    RuleKind.LEAD_MUST_BE:   rules_partners.lead_must_be,
    RuleKind.MAX_VALUE:      rules_amounts.max_value,
    RuleKind.MAX_RATIO:      rules_amounts.max_ratio,
    RuleKind.WITHIN:         rules_amounts.within,
})
# fmt: on


def evaluate(rules: Iterable[RuleSpec], consortium: ConsortiumFacts) -> tuple[RuleResult, ...]:
    """Every rule's answer, in the order of the rules."""
    return tuple(RuleResult(rule, *_EVALUATORS[rule.rule](rule, consortium)) for rule in rules)


def evaluate_call(call: CallDefinition, consortium: ConsortiumFacts) -> tuple[RuleResult, ...]:
    """All rules of a call, those that follow from its other values included."""
    return evaluate(rules_of(call), consortium)


def rules_of(call: CallDefinition) -> tuple[RuleSpec, ...]:
    """The rules a call lists, then those that follow from its eligible kinds and countries and its months."""
    return call.rules + derived_rules(call)


def derived_rules(call: CallDefinition) -> tuple[RuleSpec, ...]:
    """Rules said elsewhere in the call. An expression of interest is never refused, so there they are advice."""
    severity = Severity.ADVISORY if call.kind is CallKind.EXPRESSION_OF_INTEREST else Severity.BLOCKING
    found: list[RuleSpec] = []
    if call.eligible_kinds:
        found.append(_every_partner("eligible_kinds", Where(kind_in=call.eligible_kinds), severity))
    if call.country_groups:
        found.append(_every_partner("eligible_countries", Where(country_in=call.country_groups), severity))
    if call.months:
        found.append(
            RuleSpec(
                id="project_months",
                rule=RuleKind.WITHIN,
                of=Subject.MONTHS,
                min=Decimal(call.months.min),
                max=Decimal(call.months.max),
                severity=severity,
            )
        )
    found.append(
        RuleSpec(
            id="partners_accepted", rule=RuleKind.ALL_ACCEPTED, of=Subject.PARTNERS, severity=call.consent_severity
        )
    )
    return tuple(found)


def _every_partner(rule_id: str, where: Where, severity: Severity) -> RuleSpec:
    return RuleSpec(id=rule_id, rule=RuleKind.ALL_MATCH, of=Subject.PARTNERS, where=where, severity=severity)
