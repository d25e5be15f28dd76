"""Looks for the smallest sets of additions: deeper one by one, one of each class, each set in one order only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from workflows.definition_rules import RuleSpec, Subject
from workflows.repair_classes import ANYWHERE, NEW, Classes, at, tied
from workflows.repair_counts import NEVER, Count, Counter, Progress
from workflows.repair_partners import counter_for
from workflows.repair_types import Addition, Place, Profile, Repair, Spot, Universe
from workflows.rules_facts import ConsortiumFacts, PartnerFacts, matches

Bundle = tuple[int, int, str]
Chosen = tuple[Place, Bundle]
Counts = tuple[Count, ...]
Leaf = tuple[int, int, int, str]  # traits, kinds, themes, role
# Country, its type, and its regions, each with who is added there: equal for sets that no rule tells apart.
Tree = tuple[tuple[str, object, tuple[tuple[str, tuple[Leaf, ...]], ...]], ...]


class GivenUp(Exception):  # noqa: N818  # an end of the search, no error
    """The limit of steps was reached."""


@dataclass
class Search:
    """One search: rules with their goals (True: MET, False: not NOT_MET), over a universe, from a consortium."""

    goals: Sequence[tuple[RuleSpec, bool]]
    facts: ConsortiumFacts
    universe: Universe
    steps: int
    most_found: int
    taken: int = 0
    cut: bool = False
    _seen: set[Tree] = field(default_factory=set)
    _found: dict[Tree, tuple[Chosen, ...]] = field(default_factory=dict)
    _known: dict[tuple[Place, Bundle], tuple[PartnerFacts, tuple[bool | None, ...]]] = field(default_factory=dict)

    @cached_property
    def classes(self) -> Classes:
        return Classes(self.universe, tuple(rule for rule, _met in self.goals), self.facts)

    @cached_property
    def counters(self) -> tuple[Counter, ...]:
        most = max([1, *(len(b) for b in self.universe.kinds), *(len(b) for b in self.universe.themes)])
        return tuple(counter_for(rule, self.facts, met=met, at_once=most) for rule, met in self.goals)

    @cached_property
    def base(self) -> Counts:
        """The counts of the consortium as it is."""
        counts = [counter.start() for counter in self.counters]
        for partner in self.facts.counted():
            answers = self._answers(partner)
            counts = [
                k.add(count, partner, answer) for k, count, answer in zip(self.counters, counts, answers, strict=True)
            ]
        return tuple(counts)

    def _answers(self, partner: PartnerFacts) -> tuple[bool | None, ...]:
        return tuple(matches(partner, rule.where, self.facts) for rule, _met in self.goals)

    def progress(self, counts: Counts) -> list[Progress]:
        return [counter.progress(count) for counter, count in zip(self.counters, counts, strict=True)]

    # -- going deeper ----------------------------------------------------------------------------------------------

    def smallest(self, most: int) -> int | None:
        """Give the least number of additions, or None where `most` do not suffice. Raises `GivenUp`."""
        start = self.progress(self.base)
        least = self._least(start)
        for size in range(least if least is not None else most + 1, most + 1):
            self._seen.clear()
            self._descend(self.base, (), size)
            if self._found:
                return size
        return None

    def _least(self, progress: Sequence[Progress]) -> int | None:
        if NEVER in progress:
            return None
        return max((k.need(p) for k, p in zip(self.counters, progress, strict=True) if p), default=0)

    def _descend(self, counts: Counts, chosen: tuple[Chosen, ...], left: int) -> None:
        progress = self.progress(counts)
        least = self._least(progress)
        if least is None or least > left or self.cut:
            return
        if left == 0:
            self._keep(chosen)
            return
        # Whatever completes this set must contain something that brings the furthest rule nearer.
        furthest = max(range(len(progress)), key=lambda i: self.counters[i].need(progress[i]) if progress[i] else 0)
        wanted = self.counters[furthest].wants(counts[furthest])
        for one in self._candidates(chosen, left):
            if wanted is not None and wanted not in (one[0].region, one[0].country):
                continue
            self.taken += 1
            if self.taken > self.steps:
                raise GivenUp
            partner, answers = self._known_of(one)
            counter = self.counters[furthest]
            after = counter.add(counts[furthest], partner, answers[furthest])
            if counter.progress(after) >= progress[furthest]:
                continue
            self._try(counts, (*chosen, one), left - 1)

    def _try(self, counts: Counts, chosen: tuple[Chosen, ...], left: int) -> None:
        tree = self.tree(chosen, left + len(chosen))
        if tree in self._seen:
            return
        self._seen.add(tree)
        partner, answers = self._known_of(chosen[-1])
        after = tuple(
            k.add(count, partner, answer) for k, count, answer in zip(self.counters, counts, answers, strict=True)
        )
        self._descend(after, chosen, left)

    def _known_of(self, one: Chosen) -> tuple[PartnerFacts, tuple[bool | None, ...]]:
        if one not in self._known:
            partner = self.classes.profile(*one).as_partner("imagined")
            self._known[one] = (partner, self._answers(partner))
        return self._known[one]

    def _keep(self, chosen: tuple[Chosen, ...]) -> None:
        self._found.setdefault(self.tree(chosen, 0), chosen)
        self.cut = len(self._found) >= self.most_found

    # -- one of each class -----------------------------------------------------------------------------------------

    def _candidates(self, chosen: Iterable[Chosen], left: int) -> Iterator[Chosen]:
        """One of each class: of new countries and regions the first, and those that this set is in already."""
        countries = {place.country for place, _bundle in chosen}
        regions = {place.region for place, _bundle in chosen}
        reps: dict[tuple[object, ...], Place] = {}
        for country in self._one_of_each_type(countries, left):
            label: object = self.country_labels[country]
            if label == NEW:
                label = (NEW, country if country in countries else self._type(country, left))
            for traits, places in self.classes.places[country].items():
                for place in places:
                    region: object = self.region_labels[place.region]
                    if region == NEW:
                        region = (NEW, place.region if place.region in regions else "")
                    reps.setdefault((traits, label, region), place)
        for place in reps.values():
            for bundle in self.classes.bundles:
                yield place, bundle

    def _one_of_each_type(self, added: set[str], left: int) -> list[str]:
        new = [c for c, label in self.country_labels.items() if label == NEW and c not in added]
        of_type = {self._type(c, left): c for c in reversed(new)}
        return [*(c for c in self.classes.places if c in added or self.country_labels[c] != NEW), *of_type.values()]

    def _type(self, country: str, left: int) -> tuple[object, ...]:
        most = left if self._region_rules else 1
        return tuple((traits, min(number, most)) for traits, number in self.classes.country_types[country])

    @cached_property
    def _region_rules(self) -> bool:
        return any(
            Subject.REGION in (r.of, r.group_by) or r.of is Subject.REGIONS or r.group_by is Subject.REGIONS
            for r, _met in self.goals
        )

    @cached_property
    def _relevant(self) -> tuple[frozenset[int], ...]:
        """For each rule the traits of places that its conditions let through."""
        found = []
        for rule, _met in self.goals:
            where = rule.where
            one_of_each = {traits: place for place, traits in self.classes.traits.items()}
            found.append(
                frozenset(
                    traits
                    for traits, place in one_of_each.items()
                    if where is None
                    or (
                        (not where.country_in or place.country in self.facts.countries_in(where.country_in))
                        and (not where.fund_category_in or place.fund_category in where.fund_category_in)
                    )
                )
            )
        return tuple(found)

    def _settled(self, subject: Subject, value: str, traits: Iterable[int]) -> bool:
        offered = frozenset(traits)
        return all(
            relevant.isdisjoint(offered) or counter.settled(count, subject, value)
            for counter, count, relevant in zip(self.counters, self.base, self._relevant, strict=True)
        )

    # -- sets that no rule tells apart -----------------------------------------------------------------------------

    @cached_property
    def country_labels(self) -> Mapping[str, str]:
        """How each country stands to the consortium as it is. What is settled stays so, whoever is added."""
        there = {p.country for p in self.facts.counted()}
        return {
            country: ANYWHERE
            if self._settled(Subject.COUNTRY, country, by_traits)
            else (at(country) if country in there else NEW)
            for country, by_traits in self.classes.places.items()
        }

    @cached_property
    def region_labels(self) -> Mapping[str, str]:
        """How each region stands to it."""
        there = {p.region for p in self.facts.counted()}
        return {
            place.region: ANYWHERE
            if self._settled(Subject.REGION, place.region, (traits,))
            else (at(place.region) if place.region in there else NEW)
            for place, traits in self.classes.traits.items()
        }

    def tree(self, chosen: Iterable[Chosen], left: int) -> Tree:
        """The set without what no rule sees. `left`: how much of a new country's offer may still matter; 0: nothing."""
        found: dict[tuple[str, str], dict[tuple[str, str], list[Leaf]]] = {}
        for place, (kinds, themes, role) in chosen:
            country, region = self.country_labels[place.country], self.region_labels[place.region]
            of_country = found.setdefault((country, place.country if country == NEW else ""), {})
            leaves = of_country.setdefault((region, place.region if region == NEW else ""), [])
            leaves.append((self.classes.traits[place], kinds, themes, role))
        return tuple(
            sorted(
                (label, self._type(new, left) if new and left else (), _regions_of(of_country))
                for (label, new), of_country in found.items()
            )
        )

    def repairs(self) -> tuple[tuple[Addition, ...], ...]:
        """Everything found, as additions not drawn together yet."""
        return tuple(self._additions(tree) for tree in self._found)

    def _additions(self, tree: Tree) -> tuple[Addition, ...]:
        found: list[Addition] = []
        countries = regions = 0
        for country, _type, of_country in tree:
            many = sum(len(leaves) for _region, leaves in of_country) > 1
            countries += country == NEW and many
            country_label = tied(countries if many else 0) if country == NEW else country
            for region, leaves in of_country:
                regions += region == NEW and len(leaves) > 1
                region_label = tied(regions if len(leaves) > 1 else 0) if region == NEW else region
                found += [self._addition(Spot(leaf[0], country_label, region_label), leaf) for leaf in leaves]
        return tuple(found)

    def _addition(self, spot: Spot, leaf: Leaf) -> Addition:
        _traits, kinds, themes, role = leaf
        return Addition(frozenset({spot}), frozenset({kinds}), frozenset({themes}), self.classes.stands_for(role))

    def examples(self) -> tuple[tuple[Profile, ...], ...]:
        return tuple(tuple(self.classes.profile(*one) for one in chosen) for chosen in self._found.values())

    @cached_property
    def _spots(self) -> Mapping[Place, Spot]:
        return {
            place: Spot(traits, self.country_labels[place.country], self.region_labels[place.region])
            for place, traits in self.classes.traits.items()
        }

    def spot_of(self, place: Place) -> Spot:
        """Where a place stands to the consortium as it is, without ties."""
        return self._spots[place]


def _regions_of(of_country: Mapping[tuple[str, str], Sequence[Leaf]]) -> tuple[tuple[str, tuple[Leaf, ...]], ...]:
    return tuple(sorted((region, tuple(sorted(leaves))) for (region, _new), leaves in of_country.items()))


__all__ = ["GivenUp", "Repair", "Search"]
