"""What a consortium lacks and who could fill it: the smallest additions in words, with willing organisations."""

from __future__ import annotations

from dataclasses import dataclass

from app.act import Act
from app.services.gaps.gap_candidates import Candidate, candidates
from app.services.gaps.gap_facts import Partnership, Wanting, partnership_of
from workflows.repair_types import Addition, Outcome
from workflows.repair_words import Phrase, phrase
from workflows.rules import RuleResult, evaluate
from workflows.rules_facts import Answer

SETS_SHOWN = 4
ADDITIONS_SHOWN = 8


@dataclass(frozen=True)
class Need:
    """One addition: its number on the page, in words, and who could be it."""

    number: int
    phrase: Phrase
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True)
class Missing:
    """Everything the section "What is missing, and who could fill it" shows."""

    partnership: Partnership
    outcome: Outcome
    broken: tuple[RuleResult, ...]
    unsure: tuple[RuleResult, ...]
    stuck: tuple[RuleResult, ...]
    needs: tuple[Need, ...]
    sets: tuple[tuple[int, ...], ...]  # numbers of needs; any one of these is enough
    more_sets: int

    @property
    def size(self) -> int | None:
        return self.outcome.found.size


def missing_of(act: Act, thing: Wanting) -> Missing:
    """Find the smallest additions to an application's consortium or an expression's partners, and who could be them."""
    partnership = partnership_of(act, thing)
    outcome = partnership.gap.outcome
    sets, additions = _numbered(outcome)
    found = candidates(act, partnership, additions)
    results = {result.rule: result for result in evaluate(partnership.gap_rules, partnership.facts)}
    return Missing(
        partnership=partnership,
        outcome=outcome,
        broken=tuple(result for result in results.values() if result.answer is Answer.NOT_MET),
        unsure=tuple(result for result in results.values() if result.answer is Answer.UNDETERMINED),
        stuck=tuple(results[rule] for rule in outcome.found.stuck),
        needs=tuple(
            Need(number, phrase(partnership.gap.search, addition), tuple(who))
            for number, (addition, who) in enumerate(zip(additions, found, strict=True), start=1)
        ),
        sets=sets,
        more_sets=len(outcome.found.repairs) - len(sets),
    )


def _numbered(outcome: Outcome) -> tuple[tuple[tuple[int, ...], ...], list[Addition]]:
    """The first sets, each additions by number: what several sets ask for alike has one number."""
    numbers: dict[Addition, int] = {}
    sets: list[tuple[int, ...]] = []
    for repair in outcome.found.repairs[:SETS_SHOWN] if outcome.found.size else ():
        new = [addition for addition in dict.fromkeys(repair.additions) if addition not in numbers]
        if sets and len(numbers) + len(new) > ADDITIONS_SHOWN:
            break
        for addition in new:
            numbers[addition] = len(numbers) + 1
        sets.append(tuple(numbers[addition] for addition in repair.additions))
    return tuple(sets), list(numbers)
