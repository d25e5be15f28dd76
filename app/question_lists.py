"""The lists answers choose from: taxonomy, countries, regions and the partners of a consortium."""

from collections.abc import Iterable
from functools import cache

from babel import Locale

from app import geography, taxonomy
from workflows.definition import Choice
from workflows.questions import Lists

# Groupings and private codes among Babel's territories, which are no countries.
_NO_COUNTRIES = frozenset({"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"})


@cache
def country_choices(language: str = "en") -> tuple[Choice, ...]:
    """All countries by ISO code, in the order of their names in a language."""
    names = Locale.parse(language).territories
    found = [(str(name), code) for code, name in names.items() if len(code) == len("XX") and code not in _NO_COUNTRIES]
    return tuple(Choice(code=code, label=name) for name, code in sorted(found) if code.isalpha())


@cache
def region_choices(vintage: int = geography.PROFILE_VINTAGE) -> tuple[Choice, ...]:
    """All regions of a vintage by country and code; their code stands before the name."""
    listed = sorted(geography.regions(vintage), key=lambda region: (region.country, region.code))
    return tuple(Choice(code=region.code, label=f"{region.code} {region.full_name}") for region in listed)


@cache
def taxonomy_choices() -> dict[str, tuple[Choice, ...]]:
    """Every list of the taxonomy."""
    return {
        name: tuple(Choice(code=term.code, label=term.name) for term in taxonomy.terms(name))
        for name in taxonomy.names()
    }


def lists_for(
    partners: Iterable[tuple[str, str]] = (), *, vintage: int = geography.PROFILE_VINTAGE, language: str = "en"
) -> Lists:
    """Everything the questions of a call can offer; `partners` are (id, name) of the consortium, if there is one."""
    return Lists(
        taxonomy=taxonomy_choices(),
        countries=country_choices(language),
        regions=region_choices(vintage),
        partners=tuple(Choice(code=key, label=name) for key, name in partners),
    )
