"""What a change of the partners would do: every rule before and after, and what in the application names a partner."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from app.act import Act
from app.facts.answers import values_of
from app.facts.consortium import consortium_facts
from app.facts.membership import name_of_partner
from app.models import Application, File, Membership
from app.services.calls.call import definition_of
from app.services.consortia.mandate import files_of
from workflows.definition import Question, QuestionType, Section
from workflows.question_budget import budget_of
from workflows.question_tables import PARTNER, TABLE_TYPES
from workflows.rules import RuleResult, evaluate_call
from workflows.rules_facts import Answer, PartnerFacts

Partners = tuple[PartnerFacts, ...]
TEXTS = frozenset({QuestionType.TEXT, QuestionType.LONG_TEXT})


@dataclass(frozen=True)
class RuleChange:
    """A rule as it is now, and what it would answer then."""

    result: RuleResult
    then: Answer

    @property
    def changes(self) -> bool:
        return self.result.answer is not self.then


@dataclass(frozen=True)
class Trace:
    """A question whose answer speaks of the partner: so many rows of it, with their money, or its text."""

    section: str
    section_title: str
    label: str
    rows: int
    money: Decimal | None  # total cost of the partner's budget lines


@dataclass(frozen=True)
class Departure:
    """All that a partner's leaving touches."""

    rules: tuple[RuleChange, ...]
    budget: tuple[Trace, ...]
    texts: tuple[Trace, ...]
    files: tuple[File, ...]

    @property
    def changed_rules(self) -> tuple[RuleChange, ...]:
        return tuple(rule for rule in self.rules if rule.changes)

    @property
    def money(self) -> Decimal:
        return sum((trace.money or Decimal(0) for trace in self.budget), Decimal(0))


def rules_after(act: Act, application: Application, change: Callable[[Partners], Partners]) -> tuple[RuleChange, ...]:
    """Answer every rule of the call as the partners are, and as they would be."""
    definition, facts = definition_of(application.call), consortium_facts(act, application)
    then = evaluate_call(definition, replace(facts, partners=change(facts.partners)))
    return tuple(RuleChange(a, b.answer) for a, b in zip(evaluate_call(definition, facts), then, strict=True))


def what_follows(act: Act, membership: Membership) -> Departure:
    """List rules, budget lines, texts and files that a partner's leaving touches, or has touched."""
    application = membership.application
    entity = membership.organisation_id or membership.id
    traces = list(_traces(act, membership))
    return Departure(
        rules=rules_after(act, application, lambda partners: tuple(p for p in partners if p.entity != entity)),
        budget=tuple(trace for trace in traces if trace.money is not None),
        texts=tuple(trace for trace in traces if trace.money is None),
        files=tuple(files_of(act, membership)),
    )


def _traces(act: Act, membership: Membership) -> Iterator[Trace]:
    answers = values_of(act, membership.application)
    for section in definition_of(membership.application.call).sections:
        for question in section.questions:
            if (found := _trace(section, question, answers.get(question.id), membership)) is not None:
                yield found


def _trace(section: Section, question: Question, answer: Any, membership: Membership) -> Trace | None:  # noqa: ANN401
    if question.type in TABLE_TYPES and isinstance(answer, list):
        rows = [row for row in answer if isinstance(row, dict) and row.get(PARTNER) == membership.id]
        if not rows:
            return None
        money = budget_of(question, rows).total if question.type is QuestionType.BUDGET else None
        return Trace(section.id, section.title, question.label, len(rows), money)
    if question.type in TEXTS and isinstance(answer, str) and names(answer, name_of_partner(membership)):
        return Trace(section.id, section.title, question.label, 0, None)
    return None


def names(text: str, name: str) -> bool:
    """Say whether a text speaks of a partner by its name, in whatever capitals."""
    return bool(name.strip()) and name.strip().casefold() in text.casefold()
