"""What a search for missing partners is told and what it answers: profiles, places, slots, repairs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import product

from workflows.definition_rules import RuleSpec
from workflows.rules_facts import PARTNER, PartnerFacts

# The imagined partners of a search carry this name; it is never shown.
IMAGINED = "…"
# Whoever joins has no part of the money yet: how it is dealt out anew is for the partners to agree.
NO_SHARE = Decimal(0)
ANYWHERE, NEW, AT = "anywhere", "new", "at"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A seat somebody could have. A region lies in one country and has one fund category."""

    country: str
    region: str
    fund_category: str


@dataclass(frozen=True, slots=True)
class Universe:
    """Everybody who could be added: each place with each bundle of kinds, bundle of themes and role.

    What is exact in the answers is exact for this universe. An organisation has a bundle of kinds, mostly of one.
    """

    places: tuple[Place, ...]
    kinds: tuple[tuple[str, ...], ...]
    themes: tuple[tuple[str, ...], ...] = ((),)
    roles: tuple[str, ...] = (PARTNER,)

    def profiles(self) -> Iterator[Profile]:
        for place, kinds, themes, role in product(self.places, self.kinds, self.themes, self.roles):
            yield Profile(place, kinds, themes, role)


@dataclass(frozen=True, slots=True, order=True)
class Profile:
    """One who could be added, all known of it that rules may ask."""

    place: Place
    kinds: tuple[str, ...]
    themes: tuple[str, ...] = ()
    role: str = PARTNER

    def as_partner(self, entity: str, name: str = IMAGINED) -> PartnerFacts:
        """The same as a partner that has accepted."""
        return PartnerFacts(
            entity=entity,
            name=name,
            kinds=self.kinds,
            country=self.place.country,
            region=self.place.region,
            fund_category=self.place.fund_category,
            role=self.role,
            thematic_areas=self.themes,
            share=NO_SHARE,
        )


@dataclass(frozen=True, slots=True, order=True)
class Spot:
    """Places no rule tells apart: what rules ask of a place, and how country and region stand to the consortium.

    `country` and `region` are one of `anywhere` (no rule cares which), `new` (nobody is there), or `at:CODE`. A number
    after `new` names a country or region that several additions of the same repair share.
    """

    traits: int
    country: str
    region: str

    @property
    def shared(self) -> tuple[str, str]:
        """The numbers that tie additions together, empty where nothing does."""
        return (_tie(self.country), _tie(self.region))

    def alone(self) -> Spot:
        """The same without the tie."""
        ties = self.shared
        return Spot(self.traits, NEW if ties[0] else self.country, NEW if ties[1] else self.region)


def _tie(label: str) -> str:
    return label if label.startswith(f"{NEW}:") else ""


@dataclass(frozen=True, slots=True)
class Addition:
    """One addition: every profile with one of these spots, kinds, themes and roles does."""

    spots: frozenset[Spot]
    kinds: frozenset[int]
    themes: frozenset[int]
    roles: frozenset[str]

    @property
    def order(self) -> tuple[object, ...]:
        return (sorted(self.spots), sorted(self.kinds), sorted(self.themes), sorted(self.roles))


@dataclass(frozen=True, slots=True)
class Repair:
    """A smallest set of additions, and one example of it. None of them can be left out.

    Additions whose spots are `new` stand for different countries or regions, unless a number ties them together.
    """

    additions: tuple[Addition, ...]
    example: tuple[Profile, ...]


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a search goes."""

    partners: int | None = None  # greatest number of partners, with those there are
    additions: int = 6
    found: int = 1500  # repairs before they are drawn together
    steps: int = 60_000  # sets looked at


@dataclass(frozen=True, slots=True)
class Found:
    """The smallest repairs of one consortium by additions alone.

    `size` is None where there is none: then `stuck` names the rules that no additions could mend by themselves, and is
    empty where each could be mended, but not all together. `cut` says that there are more repairs than are listed,
    `given_up` that the search was ended before its end.
    """

    size: int | None
    repairs: tuple[Repair, ...] = ()
    broken: tuple[RuleSpec, ...] = ()
    stuck: tuple[RuleSpec, ...] = ()
    unsure: tuple[RuleSpec, ...] = ()  # cannot be told now; never counted as broken
    cut: bool = False
    given_up: bool = False


@dataclass(frozen=True, slots=True)
class Removal:
    """What remains to be added once one partner has left."""

    entity: str
    name: str
    found: Found


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is missing: nothing, smallest additions, or the smallest with one removal, or only a change helps."""

    found: Found
    removals: tuple[Removal, ...] = field(default=())
