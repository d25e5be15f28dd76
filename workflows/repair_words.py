"""Says an addition in words: which kind of organisation, and from where. Each part is a sentence's part of its own."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from workflows.definition_rules import Subject
from workflows.repair_search import Search
from workflows.repair_types import ANYWHERE, AT, NEW, Addition, Place, Spot
from workflows.rules_facts import COORDINATOR, OUTSIDE_EU
from workflows.verdict import Reason
from workflows.words import Codes, Text, _

LESS, TRANSITION, MORE = "less_developed", "transition", "more_developed"
NAMED_AT_MOST = 4

# fmt: off
_CATEGORIES: Mapping[frozenset[str], Text] = MappingProxyType({
    frozenset({LESS}):                   _("from a less developed region"),
    frozenset({TRANSITION}):             _("from a transition region"),
    frozenset({MORE}):                   _("from a more developed region"),
    frozenset({OUTSIDE_EU}):             _("from outside the European Union"),
    frozenset({LESS, TRANSITION}):       _("from a less developed or transition region"),
    frozenset({LESS, MORE}):             _("from a less or more developed region, not one in transition"),
    frozenset({TRANSITION, MORE}):       _("from a transition or more developed region"),
    frozenset({LESS, TRANSITION, MORE}): _("from the European Union"),
})
_KINDS: Mapping[int, Text] = MappingProxyType({
    1: _("{one}"),
    2: _("{one} or {two}"),
    3: _("{one}, {two} or {three}"),
    4: _("{one}, {two}, {three} or {four}"),
})
# fmt: on
_NUMBERS = ("one", "two", "three", "four")


@dataclass(frozen=True)
class Phrase:
    """One addition: who, and from where in one or several ways, each a list of parts that all hold."""

    who: Reason
    where: tuple[tuple[Reason, ...], ...]


def phrase(search: Search, addition: Addition) -> Phrase:
    """Put an addition into words."""
    more = _more(search, addition)
    told: list[tuple[Reason, ...]] = []
    for spots in _ways(addition.spots):
        way = (*_way(search, spots), *more)
        if way not in told:
            told.append(way)
    return Phrase(_who(search, addition), () if () in told else tuple(told))


def _who(search: Search, addition: Addition) -> Reason:
    bundles = [bundle for number in addition.kinds for bundle in search.classes.kinds[number]]
    every = list(dict.fromkeys(kind for bundle in search.universe.kinds for kind in bundle))
    kinds = [kind for kind in every if (kind,) in bundles]
    if not kinds:
        return Reason("kinds", _("An organisation that is all of these: {kinds}"), {"kinds": _kinds(bundles[0])})
    if kinds == every:
        return Reason("any-kind", _("An organisation"))
    if len(kinds) > NAMED_AT_MOST:
        return Reason("kinds", _("An organisation of one of these kinds: {kinds}"), {"kinds": _kinds(kinds)})
    params = {name: _kinds([kind]) for name, kind in zip(_NUMBERS, kinds, strict=False)}
    return Reason("kinds", _KINDS[len(kinds)], params)


def _kinds(kinds: Iterable[str]) -> Codes:
    return Codes(Subject.KIND, kinds)


def _more(search: Search, addition: Addition) -> tuple[Reason, ...]:
    """What is asked besides kind and place: themes, and to coordinate."""
    told: list[Reason] = []
    if len(search.classes.themes) > len(addition.themes):
        bundles = [bundle for number in addition.themes for bundle in search.classes.themes[number]]
        themes = sorted({theme for bundle in bundles for theme in bundle})
        if themes:
            told.append(Reason("themes", _("working on {themes}"), {"themes": Codes(Subject.THEMATIC_AREA, themes)}))
    if addition.roles == {COORDINATOR}:
        told.append(Reason("coordinates", _("to coordinate")))
    return tuple(told)


def _ways(spots: Collection[Spot]) -> list[frozenset[Spot]]:
    """Spots that can be said in one breath: the same countries and regions with the same traits."""
    traits: dict[tuple[str, str], set[int]] = {}
    for spot in spots:
        traits.setdefault((spot.country, spot.region), set()).add(spot.traits)
    together: dict[frozenset[int], set[Spot]] = {}
    for (country, region), found in traits.items():
        together.setdefault(frozenset(found), set()).update(Spot(t, country, region) for t in found)
    return [frozenset(found) for found in together.values()]


def _way(search: Search, spots: frozenset[Spot]) -> tuple[Reason, ...]:
    alone = {spot.alone() for spot in spots}
    places = [place for place in search.universe.places if search.spot_of(place) in alone]
    if all(spot.region.startswith(AT) for spot in spots):
        regions = sorted({place.region for place in places})
        return (Reason("regions", _("from {regions}"), {"regions": Codes(Subject.REGION, regions)}),)
    told = (_category(search, places), _country(search, spots, places), _region(search, spots))
    return tuple(one for one in told if one is not None)


def _category(search: Search, places: Iterable[Place]) -> Reason | None:
    """Said only where the rules ask for it."""
    if not any(where.fund_category_in for where in search.classes.wheres):
        return None
    found = frozenset(place.fund_category for place in places) & set().union(*_CATEGORIES)
    every = {place.fund_category for place in search.universe.places} & set().union(*_CATEGORIES)
    text = _CATEGORIES.get(frozenset(found))
    return Reason("category", text) if text is not None and found != every and found != every - {OUTSIDE_EU} else None


def _country(search: Search, spots: Iterable[Spot], places: Iterable[Place]) -> Reason | None:
    labels = {spot.country for spot in spots}
    found = sorted({place.country for place in places})
    if any(label.startswith(f"{NEW}:") for label in labels):
        return Reason("tied-country", _("from a country not yet in the consortium, the same as another of this set"))
    if labels == {NEW} and len(found) > NAMED_AT_MOST:
        return Reason("new-country", _("from a country not yet in the consortium"))
    if len(found) <= NAMED_AT_MOST:
        return Reason("countries", _("from {countries}"), {"countries": Codes(Subject.COUNTRY, found)})
    if labels == {ANYWHERE} and _new_matters(search):
        return Reason("known-country", _("from a country of the consortium"))
    return None


def _new_matters(search: Search) -> bool:
    return NEW in search.country_labels.values()


def _region(search: Search, spots: Iterable[Spot]) -> Reason | None:
    labels = {spot.region for spot in spots}
    if any(label.startswith(f"{NEW}:") for label in labels):
        return Reason("tied-region", _("in a region not yet in the consortium, the same as another of this set"))
    if labels == {NEW} and {spot.country for spot in spots} != {NEW} and _says_no_category(search):
        return Reason("new-region", _("from a region not yet in the consortium"))
    if labels == {ANYWHERE} and NEW in search.region_labels.values():
        return Reason("known-region", _("from a region that needs nothing more"))
    return None


def _says_no_category(search: Search) -> bool:
    return not any(where.fund_category_in for where in search.classes.wheres)
