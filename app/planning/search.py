"""Finds the best plan and its proof: first the highest floor, then the highest total above it.

Deterministic: the question is in the order of its ids, flows run on one core, the search breaks ties by place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from app.planning.network import SCALE, Branch, Columns, Ints, Network

MOST_NODES = 200  # of the search, for a small question; fewer for a large one
MOST_WORK = 300_000  # pairs looked at by all nodes
ROUNDS = 15


@dataclass
class Found:
    """The best choice of pairs, None where there is none, and the tree that proves it."""

    chosen: Ints | None
    tree: dict[str, Any]
    proven: bool = True
    gap: int = 0  # points by which a better plan is not ruled out


class Search:
    """Divides the question where the two rules on a panel cross; elsewhere it is one flow."""

    def __init__(self, columns: Columns, positions: Ints) -> None:
        self.columns, self.positions = columns, positions
        self.best_total: int | None = None
        self.best: Ints | None = None
        self.nodes = 0
        self.most_nodes = max(6, min(MOST_NODES, MOST_WORK // max(1, len(positions))))
        self.proven = True
        self.open_bound = 0  # the highest of the sides that were left open

    def possible(self) -> Found:
        """Find any full plan, or the cuts that show there is none."""
        tree = self._possible(())
        return Found(self.best, tree)

    def _possible(self, branch: Branch) -> dict[str, Any]:
        self.nodes += 1
        network = Network(self.columns, self.positions, branch)
        taken, cut = network.most()
        if cut is not None:
            return cut
        missing = self._without_specialist(network, taken)
        if not missing or self._tried(branch, missing):
            self.best = network.positions[taken] if not missing else self.best
            return {}
        if self.nodes > self.most_nodes:
            self.proven = False
            return network.prices_of(taken)
        return self._divided(network, missing[0], branch)

    def _tried(self, branch: Branch, missing: list[int]) -> bool:
        """Try to seat the specialists first: everywhere, then where one is lacking, round by round."""
        if self._seated(branch, set(np.flatnonzero(self.columns.themed).tolist())) == []:
            return True
        pure = set(missing)
        for _round in range(0 if branch else ROUNDS):
            lacking = self._seated(branch, pure)
            if not lacking:
                return lacking == []
            pure |= set(lacking)
        return False

    def _seated(self, branch: Branch, pure: set[int]) -> list[int] | None:
        """Give the applications that lack a specialist where these seat theirs first; None where that is too strict."""
        network = Network(self.columns, self.positions, branch, pure=pure)
        taken, cut = network.most()
        if cut is not None:
            return None
        lacking = self._without_specialist(network, taken)
        if not lacking:
            self.best = network.positions[taken]
        return lacking

    def _divided(self, network: Network, application: int, branch: Branch) -> dict[str, Any]:
        country = self._country(network, application)
        yes = self._possible((*branch, (application, country, True)))
        if self.best is not None:
            return {}
        no = self._possible((*branch, (application, country, False)))
        return {"split": [application, country], "yes": yes, "no": no}

    def _without_specialist(self, network: Network, taken: Ints) -> list[int]:
        """Give the applications whose panel lacks the specialist it needs, in their order."""
        has = np.zeros(len(self.columns.reports), dtype=np.bool_)
        has[network.application[taken[network.special[taken]]]] = True
        return np.flatnonzero(self.columns.themed & ~has).tolist()

    def _country(self, network: Network, application: int) -> str:
        """Name the country of the best specialist not asked about yet; there is one, or the network had a cut."""
        c = self.columns
        asked = {name for i, name, _taken in network.branch if i == application}
        here = np.flatnonzero((network.application == application) & network.special)
        order = here[np.lexsort((here, -network.score[here]))]
        names: list[str] = [c.names[c.country[expert]] for expert in network.expert[order].tolist()]
        return next(name for name in names if name and name not in asked)

    def total(self, start: Ints | None = None) -> Found:
        """Find the full plan of the highest total; `start` is one that is known to be possible."""
        if start is not None:
            self.best, self.best_total = start, int(self.columns.score[start].sum())
        self._repaired(np.flatnonzero(self.columns.themed).tolist())
        tree = self._total((), self._leaning_prices())
        gap = 0 if self.proven else max(0, self.open_bound - (self.best_total or 0))
        return Found(self.best, tree, self.proven or gap == 0, gap)

    def _leaning_prices(self) -> dict[int, int]:
        """Find prices of seats for others at which the flow takes the specialists by itself.

        Up where one is lacking, down where the price buys nothing; those of the lowest bound are kept.
        """
        prices: dict[int, int] = {}
        best: tuple[int, dict[int, int]] | None = None
        low: dict[int, int] = {}
        for round_ in range(ROUNDS):
            network = Network(self.columns, self.positions, (), prices)
            taken = network.best()
            if taken is None:
                break
            bound, missing = self._bound(network, taken), self._without_specialist(network, taken)
            if not missing:
                self._keep(network, taken)
            if best is None or bound < best[0]:
                best = bound, dict(prices)
            slack = [] if missing and not prices else self._slack(network, taken)
            if self._is_closed(bound) or not (missing or slack):
                break
            leaf = network.prices_of(taken)
            factor = SCALE // network.scale
            for application in missing:
                low[application] = prices.get(application, 0)
                prices[application] = low[application] + _gap(network, leaf, application) * factor
            for application in slack:
                floor = low.get(application, 0)
                prices[application] = (prices[application] + floor) // 2 if round_ % 4 else prices[application] * 3 // 4
            prices = {i: price for i, price in prices.items() if price > 0}
        return best[1] if best else {}

    def _repaired(self, themed: list[int]) -> None:
        """Make a good full plan by seating specialists first: what is proven is measured by it."""
        if not themed:
            return
        strict = Network(self.columns, self.positions, pure=themed)
        taken = strict.best()
        if taken is not None and not self._without_specialist(strict, taken):
            self._keep(strict, taken)

    def _bound(self, network: Network, taken: Ints) -> int:
        """Give what no plan of this network exceeds, in parts of a point."""
        seats = sum(price * (int(self.columns.reports[i]) - 1) for i, price in network.prices.items())
        return (int(network.score[taken].sum()) + seats) * (SCALE // network.scale)

    def _is_closed(self, bound: int) -> bool:
        return self.best_total is not None and bound < (self.best_total + 1) * SCALE

    def _keep(self, network: Network, taken: Ints) -> None:
        total = int(self.columns.score[network.positions[taken]].sum())
        if self.best_total is None or total > self.best_total:
            self.best, self.best_total = network.positions[taken], total

    def _slack(self, network: Network, taken: Ints) -> list[int]:
        """Give the applications whose price buys nothing: they have more specialists than they need."""
        others = np.bincount(network.application[taken[~network.special[taken]]], minlength=len(self.columns.reports))
        return [i for i in sorted(network.prices) if others[i] < self.columns.reports[i] - 1]

    def _total(self, branch: Branch, prices: dict[int, int]) -> dict[str, Any]:
        self.nodes += 1
        network = Network(self.columns, self.positions, branch, prices)
        taken = network.best()
        if taken is None:  # worth less than anything: the cut, at a price above all that could be won
            _most, cut = Network(self.columns, self.positions, branch).most()
            return _raised(cut or {}, self.columns)
        bound, missing = self._bound(network, taken), self._without_specialist(network, taken)
        if not missing:
            self._keep(network, taken)
        leaf = network.prices_of(taken)
        if self._is_closed(bound):
            return leaf
        if self.nodes > self.most_nodes:
            self.proven = False
            self.open_bound = max(self.open_bound, bound // SCALE)
            return leaf
        application = missing[0] if missing else self._slack(network, taken)[0]
        return self._total_divided(network, application, branch, prices)

    def _total_divided(
        self, network: Network, application: int, branch: Branch, prices: dict[int, int]
    ) -> dict[str, Any]:
        try:
            country = self._country(network, application)
        except StopIteration:  # nothing is left to ask: the price alone stands in the way
            return self._total(branch, {i: p for i, p in prices.items() if i != application})
        without = {i: p for i, p in prices.items() if i != application}
        yes = self._total((*branch, (application, country, True)), without)
        no = self._total((*branch, (application, country, False)), prices)
        return {"split": [application, country], "yes": yes, "no": no}


def _gap(network: Network, leaf: dict[str, Any], application: int) -> int:
    """Give by how much the nearest specialist misses the application at these prices, and one more."""
    here = np.flatnonzero((network.application == application) & network.special)
    if not len(here):
        return 1
    names, seats = network.columns.names, {(i, c): p for i, c, p in leaf["countries"]}
    misses = [
        leaf["reports"][application]
        + leaf["places"][expert]
        + seats.get((application, names[network.columns.country[expert]]), 0)
        - score
        for expert, score in zip(network.expert[here].tolist(), network.score[here].tolist(), strict=True)
    ]
    return max(1, int(min(misses)))


def _raised(cut: dict[str, Any], columns: Columns) -> dict[str, Any]:
    """Turn a cut into prices for which the branch is worth less than any plan: needs that can't be met cost most."""
    high = 2 * int(np.abs(columns.score).sum()) + 1
    return {
        "scale": 1,
        "reports": [high * (price - 1) for price in cut["reports"]],
        "places": [high * price for price in cut["places"]],
        "countries": [[i, country, high * price] for i, country, price in cut["countries"]],
        "others": [[i, high * price] for i, price in cut["others"]],
    }
