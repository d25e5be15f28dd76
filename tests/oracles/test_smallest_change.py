"""The smallest change is the one an exhaustive search finds, on small calls with strands, equals and draws among them."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal

from tests.oracles.ranking_oracle import panel
from tests.oracles.test_ranking_oracle import call_of, entries_of
from workflows.definition import CallDefinition
from workflows.ranking import Entry, rank
from workflows.ranking_lists import lists
from workflows.smallest_change import Change, ChangeOf, smallest_changes

CASES = max(30, int(os.environ.get("ESCP_ORACLE_CASES", "0")) // 100)
Found = set[tuple[str, str, str, str, Decimal, Decimal]]


def as_tuple(change: Change) -> tuple[str, str, str, str, Decimal, Decimal]:
    return change.of.value, change.key, change.code, change.strand, change.size, change.becomes


def outcome(call: CallDefinition, entries: list[Entry], order: tuple[str, ...], seed: str) -> dict[str, str]:
    return {line.position.key: line.listed.value for line in lists(call, rank(call, entries, order, seed))}


def scores(call: CallDefinition, entries: list[Entry]) -> Iterator[tuple[object, ...]]:
    for entry in entries:
        for criterion in call.criteria:
            for n in range(1, int(criterion.max_points / criterion.step) + 1):
                for new in (
                    entry.scores[criterion.code] + n * criterion.step,
                    entry.scores[criterion.code] - n * criterion.step,
                ):
                    if 0 <= new <= criterion.max_points:
                        other = replace(entry, scores={**entry.scores, criterion.code: new})
                        yield (
                            "score",
                            entry.key,
                            criterion.code,
                            "",
                            n * criterion.step,
                            new,
                            call,
                            [other if one.key == entry.key else one for one in entries],
                        )


def thresholds(call: CallDefinition, entries: list[Entry]) -> Iterator[tuple[object, ...]]:
    for criterion in call.criteria:
        for n in range(1, int(criterion.max_points / criterion.step) + 1):
            for by in (n * criterion.step, -n * criterion.step):
                if criterion.threshold is not None and 0 <= criterion.threshold + by <= criterion.max_points:
                    changed = replace(criterion, threshold=criterion.threshold + by)
                    others = tuple(changed if one is criterion else one for one in call.criteria)
                    yield (
                        "threshold",
                        "",
                        criterion.code,
                        "",
                        abs(by),
                        changed.threshold,
                        replace(call, criteria=others),
                        entries,
                    )
    step = min(criterion.step for criterion in call.criteria)
    for n in range(1, int(call.max_points / step) + 1):
        for by in (n * step, -n * step):
            if call.overall_threshold is not None and 0 <= call.overall_threshold + by <= call.max_points:
                new = call.overall_threshold + by
                yield "threshold", "", "", "", abs(by), new, replace(call, overall_threshold=new), entries


def limits(call: CallDefinition, entries: list[Entry]) -> Iterator[tuple[object, ...]]:
    for place, strand in enumerate(call.strands):
        for size, awards in _steps(strand.expected_awards, 12):
            changed = replace(strand, expected_awards=int(awards))
            yield "awards", "", "", strand.code, size, awards, _with_strand(call, place, changed), entries
        for size, total in _steps(strand.total, 0 if call.transfers else 1200):
            yield (
                "money",
                "",
                "",
                strand.code,
                size,
                total,
                _with_strand(call, place, replace(strand, total=total)),
                entries,
            )
    if not call.strands and call.budget is not None:
        for size, awards in _steps(call.budget.expected_awards, 12):
            budget = replace(call.budget, expected_awards=int(awards))
            yield "awards", "", "", "", size, awards, replace(call, budget=budget), entries
        for size, total in _steps(call.budget.total, 1200):
            yield "money", "", "", "", size, total, replace(call, budget=replace(call.budget, total=total)), entries


def _steps(known: Decimal | int | None, most: int) -> Iterator[tuple[Decimal, Decimal]]:
    """One by one for awards; for money by cents, as all sums of these cases are a few cents."""
    unit = Decimal(1) if isinstance(known, int) else Decimal("0.01")
    for n in range(1, min(most, 40) + 1) if known is not None else ():
        for new in (known + n * unit, known - n * unit):
            if new >= 0:
                yield n * unit, Decimal(new)


def _with_strand(call: CallDefinition, place: int, strand: object) -> CallDefinition:
    return replace(call, strands=(*call.strands[:place], strand, *call.strands[place + 1 :]))  # type: ignore[arg-type]


def exhaustive(
    kind: Callable[..., Iterator[tuple[object, ...]]],
    call: CallDefinition,
    entries: list[Entry],
    given: tuple[object, ...],
) -> Found:
    before, best = outcome(call, entries, *given), {}  # type: ignore[arg-type,var-annotated]
    for *head, changed, others in sorted(kind(call, entries), key=lambda one: one[4]):  # type: ignore[arg-type,return-value]
        of, size = head[0], head[4]
        if of in best and size > best[of][0]:
            continue
        if outcome(changed, others, *given) != before:  # type: ignore[arg-type]
            best.setdefault(of, (size, set()))[1].add(tuple(head))
    return {one for _size, found in best.values() for one in found}


def test_the_smallest_change_is_the_one_an_exhaustive_search_finds():
    kinds = dict.fromkeys(ChangeOf, 0)
    for seed in range(CASES):
        made = panel(seed)
        call, entries = call_of(made), entries_of(made)
        chance = random.Random(seed)
        call = replace(
            call,
            criteria=tuple(replace(c, max_points=min(c.max_points, 20 * c.step), threshold=min(c.threshold, 20 * c.step) if c.threshold is not None else None) for c in call.criteria),
            budget=replace(call.budget, total=chance.choice([None, Decimal("0.05"), Decimal("0.04")])),
            strands=tuple(replace(s, total=chance.choice([None, Decimal("0.03"), Decimal("0.02")])) for s in call.strands),
        )  # fmt: skip
        most = {c.code: c.max_points for c in call.criteria}
        entries = [
            replace(
                entry,
                requested_grant=Decimal(chance.randint(0, 3)).scaleb(-2),
                scores={code: min(score, most[code]) for code, score in entry.scores.items()},
            )
            for entry in entries
        ]
        given = (made.order, made.seed)
        found = smallest_changes(call, entries, *given)
        expected: Found = set()
        for kind in (scores, thresholds, limits):
            expected |= exhaustive(kind, call, entries, given)

        assert {as_tuple(change) for change in found} == expected, f"case {seed}"
        for change in found:
            kinds[change.of] += 1
            assert change.crossing, f"case {seed} says who crosses"

    assert min(kinds.values()) > CASES // 10, kinds
