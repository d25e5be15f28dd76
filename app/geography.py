"""Countries, regions, groups of countries by date, and fund categories. The data are in app/data/regions.yaml."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from app.data_files import load_shipped
from workflows.rules_facts import OUTSIDE_EU, UNKNOWN

__all__ = [
    "CATEGORIES",
    "COSME_PARTICIPATING",
    "EU_MEMBER_STATES",
    "GROUPS",
    "NOTHING_SETTLED",
    "OUTSIDE_EU",
    "PROFILE_VINTAGE",
    "UNKNOWN",
    "Country",
    "Region",
    "Settlements",
    "countries",
    "country",
    "fund_category",
    "groups_on",
    "members",
    "periods",
    "region",
    "regions",
    "regions_of",
    "seat_region",
    "successors",
    "vintages",
]

PROFILE_VINTAGE = 2021
EU_MEMBER_STATES = "EU_MEMBER_STATES"
COSME_PARTICIPATING = "COSME_PARTICIPATING"
GROUPS = (EU_MEMBER_STATES, COSME_PARTICIPATING)
CATEGORIES = ("less_developed", "transition", "more_developed")

# The programme COSME ran for these days; countries without a day of their own are taken for its whole life.
_COSME_FROM, _COSME_TO = date(2014, 1, 1), date(2020, 12, 31)

# What the office has settled about a region: (region code, period) → fund category.
Settlements = Mapping[tuple[str, str], str]
NOTHING_SETTLED: Settlements = {}


@dataclass(frozen=True, slots=True)
class Country:
    """A country: ISO code (GR, GB), the code its regions begin with (EL, UK), English name, membership."""

    iso: str
    eu_code: str
    name: str
    eu_from: date | None
    eu_to: date | None
    cosme_from: date | None

    def is_member(self, on: date) -> bool:
        """Was it a member of the EU on that day?"""
        return self.eu_from is not None and self.eu_from <= on and (self.eu_to is None or on <= self.eu_to)

    def in_cosme(self, on: date) -> bool:
        """Did it take part in COSME on that day without being a member of the EU?"""
        taking_part = self.cosme_from is not None and self.cosme_from <= on <= _COSME_TO
        return taking_part and not self.is_member(on)


@dataclass(frozen=True, slots=True)
class Region:
    """A region of the list of one or more vintages. A country without a list of its own stands as one region."""

    code: str
    name: str
    name_en: str
    country: str
    vintages: tuple[int, ...]
    categories: Mapping[str, str | None] = field(hash=False)
    on_the_map: bool = True

    @property
    def full_name(self) -> str:
        """Name in its own language, and in English where it differs."""
        return self.name if self.name == self.name_en else f"{self.name} ({self.name_en})"


@dataclass(frozen=True, slots=True)
class Change:
    """A change of codes brought by a vintage."""

    before: str | None
    after: tuple[str, ...]
    vintage: int
    kind: str


@dataclass(frozen=True, slots=True)
class _Atlas:
    countries: Mapping[str, Country]
    regions: tuple[Region, ...]
    changes: tuple[Change, ...]
    periods: Mapping[str, date]
    by_vintage: Mapping[int, Mapping[str, Region]]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _country(raw: Mapping[str, Any]) -> Country:
    eu, cosme = raw["eu"] or {}, raw["cosme"]
    cosme_from = (_day(cosme.get("from")) or _COSME_FROM) if cosme["in"] else None
    return Country(raw["iso"], raw["eu_code"], raw["name"], _day(eu.get("from")), _day(eu.get("to")), cosme_from)


def _region(raw: Mapping[str, Any]) -> Region:
    name_en = raw.get("name_en", raw["name"])
    return Region(raw["code"], raw["name"], name_en, raw["country"], tuple(raw["vintages"]), raw["erdf"])


def _by_vintage(regions: tuple[Region, ...], countries: Mapping[str, Country]) -> dict[int, dict[str, Region]]:
    found: dict[int, dict[str, Region]] = defaultdict(dict)
    for region_ in regions:
        for vintage in region_.vintages:
            found[vintage][region_.code] = region_
    for vintage, listed in found.items():
        with_regions = {region_.country for region_ in listed.values()}
        for country_ in countries.values():
            if country_.iso not in with_regions:
                code, name = country_.eu_code, country_.name
                listed[code] = Region(code, name, name, country_.iso, (vintage,), {}, on_the_map=False)
    return dict(found)


@cache
def _atlas() -> _Atlas:
    raw = load_shipped("regions.yaml")
    countries_ = {c["iso"]: _country(c) for c in raw["countries"]}
    regions_ = tuple(_region(r) for r in raw["regions"])
    changes = tuple(Change(c["from"], tuple(c["to"]), c["vintage"], c["kind"]) for c in raw["changes"])
    periods = {p["code"]: date.fromisoformat(p["adopted"]) for p in raw["periods"]}
    return _Atlas(countries_, regions_, changes, periods, _by_vintage(regions_, countries_))


def vintages() -> tuple[int, ...]:
    return tuple(sorted(_atlas().by_vintage))


def periods() -> tuple[str, ...]:
    return tuple(_atlas().periods)


def countries() -> tuple[Country, ...]:
    """All countries, by ISO code."""
    return tuple(_atlas().countries.values())


def country(iso: str) -> Country | None:
    return _atlas().countries.get(iso)


def regions(vintage: int = PROFILE_VINTAGE) -> tuple[Region, ...]:
    """All regions of a vintage by code, countries without regions included as one each."""
    listed = _atlas().by_vintage.get(vintage, {})
    return tuple(listed[code] for code in sorted(listed))


def regions_of(iso: str, vintage: int = PROFILE_VINTAGE) -> tuple[Region, ...]:
    return tuple(region_ for region_ in regions(vintage) if region_.country == iso)


def region(code: str, vintage: int = PROFILE_VINTAGE) -> Region | None:
    """The region of that code in that vintage; None where the list has no such code."""
    return _atlas().by_vintage.get(vintage, {}).get(code)


def successors(code: str, *, before: int, after: int) -> tuple[str, ...]:
    """Codes of a later vintage (or, the other way round, an earlier one) that cover a region; itself if unchanged.

    Several codes mean that the region was split (or came out of several); which one holds a seat cannot be told then.
    """
    if before == after:
        return (code,)
    forward = before < after
    low, high = min(before, after), max(before, after)
    changes = [c for c in _atlas().changes if low < c.vintage <= high and c.before]
    changes.sort(key=lambda change: change.vintage, reverse=not forward)
    codes = {code}
    for vintage in dict.fromkeys(change.vintage for change in changes):
        step = [change for change in changes if change.vintage == vintage]
        codes = {found for known in codes for found in _one_step(known, step, forward=forward)}
    return tuple(sorted(codes))


def _one_step(code: str, changes: list[Change], *, forward: bool) -> set[str]:
    if forward:
        found = {after for change in changes if change.before == code for after in change.after}
    else:
        found = {change.before for change in changes if change.before and code in change.after}
    return found or {code}


def seat_region(iso: str, code: str | None, *, vintage: int, coded_in: int = PROFILE_VINTAGE) -> str | None:
    """The region a seat counts for in rules: a code of `vintage`, or None where it cannot be told.

    A country without regions counts as one region, whatever was given; so does one the list does not know.
    """
    own = regions_of(iso, vintage)
    if country(iso) is None:
        return iso
    if len(own) == 1 and not own[0].on_the_map:
        return own[0].code
    if code is None:
        return None
    found = [c for c in successors(code, before=coded_in, after=vintage) if region(c, vintage)]
    return found[0] if len(found) == 1 else None


def fund_category(
    iso: str, code: str | None, *, vintage: int, period: str, settled: Settlements = NOTHING_SETTLED
) -> str:
    """Category of a seat's region in a fund period: one of CATEGORIES, OUTSIDE_EU or UNKNOWN.

    A country that was not a member when the period's list was adopted has none; the list of countries holds all who
    ever were. `settled` comes before the table.
    """
    adopted = _atlas().periods.get(period)
    where = country(iso)
    if adopted is None:
        return UNKNOWN
    if where is None or not where.is_member(adopted):
        return OUTSIDE_EU
    if code is None:
        return UNKNOWN
    found = settled.get((code, period))
    if found:
        return found
    known = region(code, vintage)
    return (known.categories.get(period) if known else None) or UNKNOWN


def groups_on(day: date) -> dict[str, frozenset[str]]:
    """Members of every group on a day, as the rules of a call want them."""
    return {group: members(group, day) for group in GROUPS}


def members(group: str, on: date) -> frozenset[str]:
    """ISO codes of a group of countries on a day; an ISO code is a group of one. KeyError for an unknown group."""
    if group in _atlas().countries:
        return frozenset((group,))
    if group not in GROUPS:
        raise KeyError(group)
    belongs = Country.is_member if group == EU_MEMBER_STATES else Country.in_cosme
    return frozenset(c.iso for c in countries() if belongs(c, on))
