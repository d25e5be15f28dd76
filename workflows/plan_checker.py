"""Checks a plan against its question without knowing how it was found; shares no code with the solver.

The proof is a tree. A leaf holds prices: of a report of each application, of a place of each expert, of a country's one
seat, and of the seats that need no specialist. By weak duality no plan can be worth more than these seats at their
prices, plus what a pair is worth above the prices it pays. A branch asks of one application and one country whether a
specialist from there reads it, so its two sides together leave nothing out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from workflows.plan_instance import Instance

Branch = dict[tuple[int, str], bool]  # (application, country): does a specialist from there read it


def faults(instance: Instance, chosen: Sequence[int], floor: int | None, proof: dict[str, Any]) -> list[str]:
    """Give what is wrong with a plan: broken limits, a pair below the floor, a floor or a total that is not proven.

    `chosen` are positions of pairs; `floor` is the score every pair reaches, None where no floor was asked for.
    """
    score = instance.pairs.score
    found = broken_limits(instance, chosen)
    if any(not 0 <= p < len(score) for p in chosen):
        return found
    total = sum(score[p] for p in chosen)
    allowed = range(len(score))
    if floor is not None:
        if any(score[p] < floor for p in chosen):
            found.append("a pair is below the floor")
        above = [p for p in allowed if score[p] > floor]
        if not _all_below(instance, above, proof["floor"], instance.needed, count=True):
            found.append("it is not proven that no higher floor is possible")
        allowed = [p for p in allowed if score[p] >= floor]  # type: ignore[assignment]
    if not _all_below(instance, allowed, proof["total"], total + 1, count=False):
        found.append("it is not proven that no higher total is possible")
    return found


def impossible(instance: Instance, proof: dict[str, Any]) -> bool:
    """Say whether the proof shows that the reports needed can't be had."""
    return _all_below(instance, range(len(instance.pairs)), proof["cut"], instance.needed, count=True)


def broken_limits(instance: Instance, chosen: Sequence[int]) -> list[str]:
    pairs, needs, readers = instance.pairs, instance.needs, instance.readers
    if len(set(chosen)) < len(chosen) or any(not 0 <= p < len(pairs) for p in chosen):
        return ["a pair is not allowed or stands twice"]
    reports = Counter(pairs.application[p] for p in chosen)
    tasks = Counter(pairs.expert[p] for p in chosen)
    countries = Counter((pairs.application[p], readers[pairs.expert[p]].country) for p in chosen)
    special = {pairs.application[p] for p in chosen if pairs.specialist[p]}
    found = [f"{n.id}: reports" for i, n in enumerate(needs) if reports[i] != n.reports]
    found += [f"{r.id}: places" for j, r in enumerate(readers) if tasks[j] > r.places]
    found += [f"{needs[i].id}: {c}" for (i, c), n in countries.items() if c and n > 1 and needs[i].one_per_country]
    found += [f"{n.id}: theme" for i, n in enumerate(needs) if n.specialist and n.reports and i not in special]
    return found


def _all_below(instance: Instance, allowed: Sequence[int], tree: dict[str, Any], limit: int, *, count: bool) -> bool:
    """Say whether every leaf shows that a plan of these pairs is worth less than the limit (count: one a pair)."""
    score = instance.pairs.score
    worth: Callable[[int], int] = (lambda _p: 1) if count else score.__getitem__
    stack: list[tuple[dict[str, Any], Branch]] = [(tree, {})]
    while stack:
        node, branch = stack.pop()
        if "split" in node:
            key = (int(node["split"][0]), str(node["split"][1]))
            need = instance.needs[key[0]]
            if not (need.specialist and need.one_per_country and key[1]):
                return False
            stack += [(node["yes"], branch | {key: True}), (node["no"], branch | {key: False})]
        elif not _is_meant(instance, node, count=count) or (
            _bound(instance, allowed, node, branch, worth) >= limit * node["scale"]
        ):
            return False
    return True


def _is_meant(instance: Instance, leaf: dict[str, Any], *, count: bool) -> bool:
    """Prices are whole, none is negative but that of a report where all are needed, and each is of a rule that is set."""
    needs = instance.needs
    u, v, w, n = leaf["reports"], leaf["places"], leaf["countries"], leaf["others"]
    if len(u) != len(needs) or len(v) != len(instance.readers) or len(n) != len({i for i, _p in n}):
        return False
    if len(w) != len({(i, c) for i, c, _p in w}) or any(type(p) is not int for p in u):
        return False
    if type(leaf["scale"]) is not int or leaf["scale"] < 1:
        return False
    prices = [*v, *(p for _i, _c, p in w), *(p for _i, p in n), *(u if count else ())]
    if any(type(price) is not int or price < 0 for price in prices):
        return False
    return all(needs[i].one_per_country and c for i, c, _p in w) and all(
        needs[i].specialist and needs[i].reports for i, _p in n
    )


def _bound(
    instance: Instance, allowed: Sequence[int], leaf: dict[str, Any], branch: Branch, worth: Callable[[int], int]
) -> int:
    """Give what no plan of the branch can exceed, in parts of a point: the leaf says how many parts make one."""
    pairs, needs, readers = instance.pairs, instance.needs, instance.readers
    u, v = leaf["reports"], leaf["places"]
    scale: int = leaf["scale"]
    w = {(i, c): price for i, c, price in leaf["countries"]}
    n = dict(leaf["others"])
    named = {i: c for (i, c), taken in branch.items() if taken}
    bound: int = sum(need.reports * u[i] for i, need in enumerate(needs))
    bound += sum(reader.places * v[j] for j, reader in enumerate(readers)) + sum(w.values())
    bound += sum((needs[i].reports - 1) * price for i, price in n.items())
    for p in allowed:
        i, j, special = pairs.application[p], pairs.expert[p], bool(pairs.specialist[p])
        country = readers[j].country
        if special and branch.get((i, country)) is False:
            continue  # this side of the branch does without them
        if i in named:
            if named[i] == country and not special:
                continue  # the country's one seat is the specialist's
            special = named[i] == country
        paid = u[i] + v[j] + (w.get((i, country), 0) if country else 0) + (0 if special else n.get(i, 0))
        bound += max(0, worth(p) * scale - paid)
    return bound
