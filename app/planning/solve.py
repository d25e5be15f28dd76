"""The whole answer to a question: the best plan with its proof, or what stands in the way with the ways out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from app.planning.network import Columns, Ints, columns_of
from app.planning.search import Found, Search
from workflows.plan_instance import Instance, Need, Pairs, Reader


def solve(instance: Instance, *, floored: bool = True) -> dict[str, Any]:
    """Answer with `chosen`, `floor`, `total`, `proof`, `proven`, or with `cut` and `ways` where no plan is possible.

    `floored` raises the worst-served application first: the floor is the largest score that all pairs of one full plan
    reach; only such pairs are used, and of those plans the one of the largest total is taken. Without it the total
    alone counts.
    """
    columns = columns_of(instance)
    everything = np.arange(len(instance.pairs), dtype=np.int64)
    if not floored or not instance.needed:
        found = _possible(columns, everything)
        if found.chosen is None:
            return _impossible(instance, found)
        return _answer(columns, None, None, Search(columns, everything).total(found.chosen))
    return _floored(instance, columns, everything)


def _floored(instance: Instance, columns: Columns, everything: Ints) -> dict[str, Any]:
    steps = np.unique(columns.score)
    low, high = -1, int(np.searchsorted(steps, _ceiling(columns), side="right"))  # proved possible; proved impossible
    best: Found | None = None
    worse: Found | None = None
    while high - low > 1:
        middle = high - 1 if low < 0 and worse is None else (low + high) // 2
        found = _possible(columns, _from(columns, steps, middle))
        if found.chosen is None:
            high, worse = middle, found
        else:
            low, best = middle, found
    if best is None or best.chosen is None:
        return _impossible(instance, worse or _possible(columns, everything))
    if worse is None:
        worse = _possible(columns, _from(columns, steps, high))
    total = Search(columns, _from(columns, steps, low)).total(best.chosen)
    return _answer(columns, int(steps[low]), worse, total)


def _ceiling(columns: Columns) -> int:
    """Give a score no floor exceeds: of some application the last of its best experts."""
    order = np.lexsort((-columns.score, columns.application))
    starts = np.searchsorted(columns.application, np.arange(len(columns.reports)))
    ends = np.searchsorted(columns.application, np.arange(len(columns.reports)), side="right")
    needy = np.flatnonzero(columns.reports > 0)
    if np.any(ends[needy] - starts[needy] < columns.reports[needy]):
        return int(columns.score.min(initial=0)) if len(columns.score) else 0
    return int(columns.score[order][starts[needy] + columns.reports[needy] - 1].min())


def _from(columns: Columns, steps: Ints, step: int) -> Ints:
    if step >= len(steps):
        return np.zeros(0, dtype=np.int64)
    return np.flatnonzero(columns.score >= steps[step])


def _possible(columns: Columns, positions: Ints) -> Found:
    search = Search(columns, positions)
    found = search.possible()
    return Found(found.chosen, found.tree, search.proven)


def _answer(columns: Columns, floor: int | None, worse: Found | None, total: Found) -> dict[str, Any]:
    chosen = np.sort(total.chosen) if total.chosen is not None else np.zeros(0, dtype=np.int64)
    proof = {"total": total.tree} | ({"floor": worse.tree} if worse is not None else {})
    return {
        "chosen": chosen.tolist(),
        "floor": floor,
        "total": int(columns.score[chosen].sum()),
        "proof": proof,
        "gap": total.gap,
        "proven": total.proven and (worse is None or worse.proven),
    }


def _impossible(instance: Instance, found: Found) -> dict[str, Any]:
    proof = {"cut": found.tree}
    return {"chosen": None, "proof": proof, "proven": found.proven, "ways": ways_out(instance, found.tree)}


def ways_out(instance: Instance, tree: dict[str, Any]) -> dict[str, Any]:
    """Give the fewest reports that new experts would have to write, and what else alone would do; each one tried."""
    more = _by_newcomers(instance)
    ways: dict[str, Any] = {"newcomers": more}
    fewer = {i: count for i, count, _theme in more}
    needs = tuple(_fewer(need, fewer.get(i, 0)) for i, need in enumerate(instance.needs))
    if _is_possible(replace(instance, needs=needs)):
        ways["fewer"] = sorted(fewer.items())
    experts = _bottleneck_experts(tree)
    for more_places in range(1, max((need.reports for need in instance.needs), default=0) + 3):
        readers = tuple(
            replace(r, places=r.places + more_places) if j in experts else r for j, r in enumerate(instance.readers)
        )
        if experts and _is_possible(replace(instance, readers=readers)):
            ways["places"] = [sorted(experts), more_places]
            break
    return ways


def _fewer(need: Need, less: int) -> Need:
    reports = need.reports - less
    return replace(need, reports=reports, specialist=need.specialist and reports > 0)


def _is_possible(instance: Instance) -> bool:
    columns = columns_of(instance)
    return _possible(columns, np.arange(len(instance.pairs), dtype=np.int64)).chosen is not None


def _bottleneck_experts(tree: dict[str, Any]) -> set[int]:
    """Name the experts whose places are too few on any side of the proof."""
    if "split" in tree:
        return _bottleneck_experts(tree["yes"]) | _bottleneck_experts(tree["no"])
    return {j for j, price in enumerate(tree["places"]) if price}


def _by_newcomers(instance: Instance) -> list[tuple[int, int, bool]]:
    """Give application, reports and whether a specialist is lacking, for the fewest reports new experts must write."""
    wide, first = widened(instance)
    found = Search(columns_of(wide), np.arange(len(wide.pairs), dtype=np.int64)).total()
    chosen = [] if found.chosen is None else found.chosen.tolist()
    pairs = wide.pairs
    counts: dict[int, int] = {}
    special = set()
    for p in chosen:
        if pairs.expert[p] >= first:
            counts[pairs.application[p]] = counts.get(pairs.application[p], 0) + 1
        elif pairs.specialist[p]:
            special.add(pairs.application[p])
    return [(i, count, instance.needs[i].specialist and i not in special) for i, count in sorted(counts.items())]


def widened(instance: Instance) -> tuple[Instance, int]:
    """Add experts who may read everything at a price of one a report, everybody else for nothing."""
    most = max((need.reports for need in instance.needs), default=0)
    first = len(instance.readers)
    new = tuple(Reader(f"~{number}", len(instance.needs)) for number in range(most))
    pairs = Pairs()
    old = instance.pairs
    rows = [(a, e, 0, bool(s)) for a, e, s in zip(old.application, old.expert, old.specialist, strict=True)]
    rows += [(i, first + number, -1, True) for i, need in enumerate(instance.needs) for number in range(need.reports)]
    for application, expert, score, specialist in sorted(rows):
        pairs.add(application, expert, score, specialist=specialist)
    return Instance(instance.needs, instance.readers + new, pairs), first
