"""A question as a flow: expert → (one seat of a country) → (seats that need no specialist) → application.

Where the two rules on a panel cross, the network leaves the specialist out of account: what it finds is then a bound,
and `app/planning/search.py` divides the question until the rule is met.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python import max_flow, min_cost_flow

from workflows.plan_instance import Instance

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Branch = tuple[tuple[int, str, bool], ...]


@dataclass(frozen=True)
class Columns:
    """The question in arrays, made once."""

    application: Ints
    expert: Ints
    score: Ints
    specialist: Flags
    country: Ints  # of each expert, 0 where it is not known
    names: tuple[str, ...]  # of the countries
    reports: Ints
    places: Ints
    mixed: Flags  # of each application: no two from one country
    themed: Flags  # of each application: at least one specialist


def columns_of(instance: Instance) -> Columns:
    pairs = instance.pairs
    names = ("", *sorted({reader.country for reader in instance.readers} - {""}))
    place = {name: number for number, name in enumerate(names)}
    return Columns(
        np.asarray(pairs.application, dtype=np.int64),
        np.asarray(pairs.expert, dtype=np.int64),
        np.asarray(pairs.score, dtype=np.int64),
        np.asarray(pairs.specialist, dtype=np.bool_),
        np.array([place[reader.country] for reader in instance.readers], dtype=np.int64),
        names,
        np.array([need.reports for need in instance.needs], dtype=np.int64),
        np.array([reader.places for reader in instance.readers], dtype=np.int64),
        np.array([need.one_per_country for need in instance.needs], dtype=np.bool_),
        np.array([need.specialist and need.reports > 0 for need in instance.needs], dtype=np.bool_),
    )


SCALE = 32  # prices where rules cross are found to a part of a point


class Network:
    """The flow of one side of the search: some pairs, some branches taken, some prices on seats for others."""

    def __init__(
        self,
        columns: Columns,
        positions: Ints,
        branch: Branch = (),
        prices: dict[int, int] | None = None,
        pure: Iterable[int] = (),
    ) -> None:
        self.columns, self.branch, self.prices = columns, branch, prices or {}
        self._narrow(positions)
        self._purify(sorted(pure))
        self._count = len(columns.places) + len(columns.reports)
        self._group()

    def _narrow(self, positions: Ints) -> None:
        """Leave out what the branches bar, and say who counts as the specialist."""
        c = self.columns
        special, keep = c.specialist[positions].copy(), np.ones(len(positions), dtype=np.bool_)
        for i, name, taken in self.branch:
            start, end = np.searchsorted(c.application[positions], [i, i + 1])
            here = slice(int(start), int(end))
            there = c.country[c.expert[positions[here]]] == c.names.index(name)
            keep[here] &= ~(there & ~special[here]) if taken else ~(there & c.specialist[positions[here]])
            if taken:
                special[here] &= there
        self.positions, self.special = positions[keep], special[keep]
        self.application, self.expert = c.application[self.positions], c.expert[self.positions]
        self.scale = SCALE if self.prices else 1
        self.score = c.score[self.positions] * self.scale
        if self.prices:
            price = np.zeros(len(c.reports), dtype=np.int64)
            price[list(self.prices)] = list(self.prices.values())
            self.score = self.score - np.where(self.special, 0, price[self.application])

    def _purify(self, pure: list[int]) -> None:
        """Let a country's one seat be a specialist's where it can: less than is allowed, and a flow again."""
        if not pure:
            return
        c = self.columns
        chosen = np.zeros(len(c.reports), dtype=np.bool_)
        chosen[pure] = True
        country = c.country[self.expert]
        keys = self.application * len(c.names) + country
        strict = chosen[self.application] & c.mixed[self.application] & (country > 0)
        keep = ~(strict & ~self.special & np.isin(keys, np.unique(keys[strict & self.special])))
        self.positions, self.special, self.score = self.positions[keep], self.special[keep], self.score[keep]
        self.application, self.expert = self.application[keep], self.expert[keep]

    def _group(self) -> None:
        """Lay the seats of countries and of others between pairs and applications."""
        c, experts = self.columns, len(self.columns.places)
        enter = self.application + experts
        themed = c.themed.copy()
        themed[list(self.prices)] = False
        rests = np.flatnonzero(themed & (c.reports > 0))
        rest_of = np.full(len(c.reports), -1, dtype=np.int64)
        rest_of[rests] = self._count + np.arange(len(rests))
        self.rest_application = rests
        self._count += len(rests)
        aside = ~self.special & themed[self.application]
        enter = np.where(aside, rest_of[self.application], enter)
        country = c.country[self.expert]
        seated = np.flatnonzero(c.mixed[self.application] & (country > 0))
        keys = self.application[seated] * len(c.names) + country[seated]
        unique, inverse, counts = np.unique(keys, return_inverse=True, return_counts=True)
        shared = counts > 1
        plain = np.bincount(inverse, weights=~self.special[seated], minlength=len(unique)) == counts
        node = np.full(len(unique), -1, dtype=np.int64)
        node[shared] = self._count + np.arange(int(shared.sum()))
        inside = shared[inverse]
        enter[seated[inside]] = node[inverse[inside]]
        self.group_application, self.group_country = (unique // len(c.names))[shared], (unique % len(c.names))[shared]
        to_rest = plain[shared] & themed[self.group_application]
        self.group_parent = np.where(to_rest, rest_of[self.group_application], self.group_application + experts)
        self.group_node = node[shared]
        self.rest_node = rest_of[rests]
        self._count += len(self.group_node)
        self.enter = enter

    def _arcs(self) -> tuple[Ints, Ints, Ints, Ints]:
        """Give tails, heads, capacities and costs: pairs first, then countries, others, places."""
        c, experts = self.columns, len(self.columns.places)
        source = np.full(experts, self._count)
        tails = np.concatenate([self.expert, self.group_node, self.rest_node, source])
        into = self.rest_application + experts
        heads = np.concatenate([self.enter, self.group_parent, into, np.arange(experts)])
        ones = np.ones(len(self.expert) + len(self.group_node), dtype=np.int64)
        capacity = np.concatenate([ones, c.reports[self.rest_application] - 1, c.places])
        costs = np.zeros(len(tails), dtype=np.int64)
        costs[: len(self.score)] = -self.score
        return tails, heads, capacity, costs

    def most(self) -> tuple[Ints, dict[str, Any] | None]:
        """Serve as many reports as can be: the pairs taken, and where that is too few the cut as prices of 0 and 1."""
        c, experts = self.columns, len(self.columns.places)
        tails, heads, capacity, _costs = self._arcs()
        needs = np.arange(len(c.reports))
        sink = self._count + 1
        solver = max_flow.SimpleMaxFlow()
        arcs = solver.add_arcs_with_capacity(
            np.concatenate([tails, needs + experts]),
            np.concatenate([heads, np.full(len(needs), sink)]),
            np.concatenate([capacity, c.reports]),
        )
        status = solver.solve(self._count, sink)
        if status != solver.OPTIMAL:
            raise RuntimeError(f"the largest flow was not found: {status}")
        taken = np.flatnonzero(np.asarray(solver.flows(arcs[: len(self.expert)])) > 0)
        if solver.optimal_flow() == int(c.reports.sum()):
            return taken, None
        near = np.zeros(sink + 1, dtype=np.bool_)
        near[np.asarray(solver.get_source_side_min_cut())] = True
        return taken, self._cut(near)

    def _cut(self, near: Flags) -> dict[str, Any]:
        experts, count = len(self.columns.places), len(self.columns.reports)
        return self._priced(
            near[experts : experts + count].astype(np.int64),
            (~near[:experts]).astype(np.int64),
            (near[self.group_node] & ~near[self.group_parent]).astype(np.int64),
            (near[self.rest_node] & ~near[self.rest_application + experts]).astype(np.int64),
        )

    def _priced(self, reports: Ints, places: Ints, countries: Ints, others: Ints) -> dict[str, Any]:
        names = self.columns.names
        seats = zip(self.group_application.tolist(), self.group_country.tolist(), countries.tolist(), strict=True)
        rest = zip(self.rest_application.tolist(), others.tolist(), strict=True)
        return {
            "scale": self.scale,
            "reports": reports.tolist(),
            "places": places.tolist(),
            "countries": [[i, names[country], price] for i, country, price in seats if price],
            "others": [[i, price] for i, price in rest if price]
            + [[i, price] for i, price in sorted(self.prices.items()) if price],
        }

    def best(self) -> Ints | None:
        """Give the pairs of the best full plan of this network, or None where there is none."""
        c, experts = self.columns, len(self.columns.places)
        tails, heads, capacity, costs = self._arcs()
        solver = min_cost_flow.SimpleMinCostFlow()
        arcs = solver.add_arcs_with_capacity_and_unit_cost(tails, heads, capacity, costs)
        nodes = np.concatenate([np.arange(len(c.reports)) + experts, [self._count]])
        solver.set_nodes_supplies(nodes, np.concatenate([-c.reports, [int(c.reports.sum())]]))
        status = solver.solve()
        if status != solver.OPTIMAL:  # asking for flows now would end the process
            if status in (solver.INFEASIBLE, solver.UNBALANCED):
                return None
            raise RuntimeError(f"the best flow was not found: {status}")
        return np.flatnonzero(np.asarray(solver.flows(arcs[: len(self.expert)])) > 0)

    def prices_of(self, taken: Ints) -> dict[str, Any]:
        """Give prices at which no other plan of this network is worth more than these pairs: shortest ways back."""
        c, experts = self.columns, len(self.columns.places)
        tails, heads, capacity, costs = self._arcs()
        flow = self._flow(taken)
        open_, used = flow < capacity, flow > 0
        distance = _distances(
            (tails[open_], heads[open_], costs[open_]), (heads[used], tails[used], -costs[used]), self._count + 1
        )
        source = distance[self._count]
        into = self.rest_application + experts
        return self._priced(
            source - distance[experts : experts + len(c.reports)],
            np.maximum(0, distance[:experts] - source),
            np.maximum(0, distance[self.group_parent] - distance[self.group_node]),
            np.maximum(0, distance[into] - distance[self.rest_node]),
        )

    def _flow(self, taken: Ints) -> Ints:
        """Give how much of each arc a choice of pairs uses."""
        pairs = np.zeros(len(self.expert), dtype=np.int64)
        pairs[taken] = 1
        entered = np.bincount(self.enter[taken], minlength=self._count)
        groups = entered[self.group_node]
        rest = entered + np.bincount(self.group_parent, weights=groups, minlength=self._count).astype(np.int64)
        tasks = np.bincount(self.expert[taken], minlength=len(self.columns.places))
        return np.concatenate([pairs, groups, rest[self.rest_node], tasks])


Arcs = tuple[Ints, Ints, Ints]


def _distances(forward: Arcs, backward: Arcs, nodes: int) -> Ints:
    """Give the shortest ways from anywhere to each node; a best flow has no way round that pays."""
    distance = np.zeros(nodes, dtype=np.int64)
    prepared = [_by_head(*arcs) for arcs in (forward, backward) if len(arcs[0])]
    while True:
        before = distance.copy()
        for tails, heads, starts, costs in prepared:
            distance[heads] = np.minimum(distance[heads], np.minimum.reduceat(distance[tails] + costs, starts))
        if np.array_equal(before, distance):
            return distance


def _by_head(tails: Ints, heads: Ints, costs: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    order = np.argsort(heads, kind="stable")
    sorted_heads = heads[order]
    starts = np.flatnonzero(np.r_[True, sorted_heads[1:] != sorted_heads[:-1]])
    return tails[order], sorted_heads[starts], starts, costs[order]
