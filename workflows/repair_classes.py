"""Which profiles the rules cannot tell apart. A search looks at one of each class; the answer stands for all of it."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from workflows.definition_rules import RuleKind, RuleSpec, Subject, Where
from workflows.repair_types import ANYWHERE, AT, NEW, Place, Profile, Universe
from workflows.rules_facts import ConsortiumFacts

T = TypeVar("T", bound=Hashable)
K = TypeVar("K", bound=Hashable)


def _by(things: Iterable[T], key: Mapping[T, K]) -> dict[K, list[T]]:
    found: dict[K, list[T]] = {}
    for thing in things:
        found.setdefault(key[thing], []).append(thing)
    return found


@dataclass(frozen=True)
class Classes:
    """A universe seen through some rules."""

    universe: Universe
    rules: tuple[RuleSpec, ...]
    facts: ConsortiumFacts = field(repr=False)

    @cached_property
    def wheres(self) -> tuple[Where, ...]:
        return tuple(dict.fromkeys(rule.where for rule in self.rules if rule.where is not None))

    # -- places ----------------------------------------------------------------------------------------------------

    @cached_property
    def _traits_of_places(self) -> dict[Place, tuple[bool, ...]]:
        groups = [self.facts.countries_in(w.country_in) if w.country_in else None for w in self.wheres]
        allowed = [self.facts.countries_in(r.among) for r in self.rules if r.among]
        tests = list(zip(self.wheres, groups, strict=True))
        return {
            place: (
                *(group is None or place.country in group for _where, group in tests),
                *(not w.fund_category_in or place.fund_category in w.fund_category_in for w, _group in tests),
                *(place.country in group for group in allowed),
            )
            for place in self.universe.places
        }

    @cached_property
    def _numbers(self) -> dict[tuple[bool, ...], int]:
        return {traits: number for number, traits in enumerate(sorted(set(self._traits_of_places.values())))}

    @cached_property
    def traits(self) -> dict[Place, int]:
        """What the rules ask of a place itself, as a number."""
        return {place: self._numbers[traits] for place, traits in self._traits_of_places.items()}

    @cached_property
    def places(self) -> dict[str, dict[int, list[Place]]]:
        """Places by country and traits, in their order."""
        found: dict[str, dict[int, list[Place]]] = {}
        for place in sorted(self.universe.places):
            found.setdefault(place.country, {}).setdefault(self.traits[place], []).append(place)
        return found

    @cached_property
    def country_types(self) -> dict[str, tuple[tuple[int, int], ...]]:
        """Countries of one type have the same places to offer."""
        return {c: tuple((t, len(p)) for t, p in sorted(by_traits.items())) for c, by_traits in self.places.items()}

    # -- kinds, themes, roles --------------------------------------------------------------------------------------

    @cached_property
    def kinds(self) -> list[list[tuple[str, ...]]]:
        """Bundles of kinds by class."""
        return list(
            _by(self.universe.kinds, {bundle: self._key_of_kinds(bundle) for bundle in self.universe.kinds}).values()
        )

    @cached_property
    def _sets_of_kinds(self) -> tuple[frozenset[str], ...]:
        named = [frozenset(w.kind_in) for w in self.wheres if w.kind_in]
        return (*named, *(frozenset(r.kind_in) for r in self.rules if r.rule is RuleKind.EACH_GROUP_HAS))

    def _key_of_kinds(self, bundle: tuple[str, ...]) -> tuple[object, ...]:
        every = sorted(bundle) if self._speaks_of(Subject.KIND) else ()
        return (bool(bundle), *(not s.isdisjoint(bundle) for s in self._sets_of_kinds), *every)

    def class_of_kinds(self, bundle: tuple[str, ...]) -> int | None:
        """The class of any bundle; None where the universe has none like it."""
        key = self._key_of_kinds(bundle)
        return next((n for n, those in enumerate(self.kinds) if self._key_of_kinds(those[0]) == key), None)

    @cached_property
    def themes(self) -> list[list[tuple[str, ...]]]:
        """Bundles of themes by class."""
        every = self._speaks_of(Subject.THEMATIC_AREA)
        key = {bundle: tuple(sorted(bundle)) if every else () for bundle in self.universe.themes}
        return list(_by(self.universe.themes, key).values())

    @cached_property
    def roles(self) -> tuple[str, ...]:
        """Roles the rules tell apart; one for all where they do not."""
        tells = any(w.role is not None for w in self.wheres) or any(r.rule is RuleKind.LEAD_MUST_BE for r in self.rules)
        if tells:
            return self.universe.roles
        return self.universe.roles[:1]

    def _speaks_of(self, subject: Subject) -> bool:
        return any(rule.of is subject for rule in self.rules)

    @cached_property
    def bundles(self) -> Sequence[tuple[int, int, str]]:
        """Classes of kinds, of themes, and roles, each with each."""
        return [
            (kinds, themes, role)
            for kinds in range(len(self.kinds))
            for themes in range(len(self.themes))
            for role in self.roles
        ]

    def profile(self, place: Place, bundle: tuple[int, int, str]) -> Profile:
        """One profile of a class."""
        kinds, themes, role = bundle
        return Profile(place, self.kinds[kinds][0], self.themes[themes][0], role)

    def stands_for(self, role: str) -> frozenset[str]:
        """The roles an addition may have."""
        return frozenset(self.universe.roles) if len(self.roles) == 1 else frozenset({role})


def at(code: str) -> str:
    return f"{AT}:{code}"


def tied(number: int) -> str:
    return f"{NEW}:{number}" if number else NEW


__all__ = ["ANYWHERE", "NEW", "Classes", "at", "tied"]
