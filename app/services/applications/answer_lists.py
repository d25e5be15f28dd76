"""What answers may choose from: taxonomy, countries, regions of the call's vintage, partners of the consortium."""

from __future__ import annotations

from functools import cache

from app import geography, taxonomy
from workflows.definition import CallDefinition
from workflows.definition_questions import Choice
from workflows.questions import Lists


@cache
def _taxonomy() -> dict[str, tuple[Choice, ...]]:
    return {
        name: tuple(Choice(code=term.code, label=term.name) for term in taxonomy.terms(name))
        for name in taxonomy.names()
    }


@cache
def _countries() -> tuple[Choice, ...]:
    found = (Choice(code=country.iso, label=country.name) for country in geography.countries())
    return tuple(sorted(found, key=lambda choice: choice.label))


@cache
def _regions(vintage: int) -> tuple[Choice, ...]:
    """Regions by country and code, so that those of one country stand together."""
    names = {country.iso: country.name for country in geography.countries()}
    listed = sorted(
        geography.regions(vintage), key=lambda region: (names.get(region.country, region.country), region.code)
    )
    return tuple(
        Choice(code=r.code, label=f"{r.full_name}, {r.code}, {names.get(r.country, r.country)}") for r in listed
    )


def lists_for(call: CallDefinition, partners: tuple[Choice, ...] = ()) -> Lists:
    """The lists for the questions of a call; `partners` are (membership id, name) where there is a consortium."""
    return Lists(
        taxonomy=_taxonomy(), countries=_countries(), regions=_regions(call.regions.vintage), partners=partners
    )
