"""What a budget adds up to while it is written, and which ceilings of the call it keeps: as in the receipt, sooner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.services.applications.answers_shown import ShownAnswer, shown
from workflows.definition import CallDefinition, Section
from workflows.definition_questions import Question, QuestionType
from workflows.definition_rules import RuleKind, RuleSpec, Subject
from workflows.question_budget import budget_of
from workflows.questions import Answer, Lists
from workflows.rules import RuleResult, evaluate, rules_of
from workflows.rules_facts import ConsortiumFacts

_MONEY = frozenset({Subject.REQUESTED_GRANT, Subject.TOTAL_ELIGIBLE_COST})


@dataclass(frozen=True)
class Sums:
    """The table with its totals and rates, and each ceiling with its answer on these very figures."""

    table: ShownAnswer
    ceilings: tuple[RuleResult, ...]


def sums_of(
    definition: CallDefinition, section: Section, answers: Mapping[str, Answer], lists: Lists
) -> dict[str, Sums]:
    """Add up the budget questions of a section as they stand in `answers`, by question. Refused cells count as 0."""
    budgets = [question for question in section.questions if question.type is QuestionType.BUDGET]
    return {q.id: Sums(shown(q, answers.get(q.id), lists), _ceilings(definition, q, answers)) for q in budgets}


def _ceilings(definition: CallDefinition, question: Question, answers: Mapping[str, Answer]) -> tuple[RuleResult, ...]:
    answer = answers.get(question.id)
    rows = [row for row in answer if isinstance(row, dict)] if isinstance(answer, list) else []
    budget = budget_of(question, rows)
    facts = ConsortiumFacts(
        requested_grant=budget.grant if rows else None,
        total_eligible_cost=budget.total if rows else None,
        currency=definition.budget.currency if definition.budget else "EUR",
    )
    return evaluate((rule for rule in rules_of(definition) if _is_ceiling(rule)), facts)


def _is_ceiling(rule: RuleSpec) -> bool:
    subjects = {rule.of or Subject.REQUESTED_GRANT, *([rule.over] if rule.over else [])}
    return rule.rule in (RuleKind.MAX_VALUE, RuleKind.MAX_RATIO) and subjects <= _MONEY
