"""What codes in reasons are called: countries and regions by name, kinds and thematic areas by their term."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from app import geography, taxonomy
from workflows.definition_rules import Subject
from workflows.verdict import Reason
from workflows.words import Codes

_PLACES = (Subject.REGION, Subject.REGIONS)
_COUNTRIES = (Subject.COUNTRY, Subject.COUNTRIES)
_LISTS = {Subject.KIND: "organisation_types", Subject.THEMATIC_AREA: "thematic_areas"}


def named(codes: Codes, *, country: Callable[[str], str] | None = None) -> str:
    """Write codes as people know them: "Spain, Italy", "Lombardia (ITC4)". A code of no list stands for itself.

    `country` names a country in the reader's language; without it names are English.
    """
    return ", ".join(_name(codes.of, code, country or _country) for code in codes.each)


def _name(of: str, code: str, country: Callable[[str], str]) -> str:
    if of in _COUNTRIES:
        return country(code) if geography.country(code) else code
    if of in _PLACES:
        return _region(code, country)
    return taxonomy.term_name(_LISTS[Subject(of)], code) if of in _LISTS else code


def _region(code: str, country: Callable[[str], str]) -> str:
    """Look in the newest list first; a country that counts as one region is called by its own name."""
    if geography.country(code):
        return country(code)
    found = (geography.region(code, vintage) for vintage in reversed(geography.vintages()))
    known = next((region for region in found if region), None)
    return f"{known.name} ({code})" if known else code


def _country(code: str) -> str:
    known = geography.country(code)
    return known.name if known else code


def in_english(reason: Reason) -> str:
    """Give a reason's text for documents: with names in place of codes."""
    params = {key: named(value) if isinstance(value, Codes) else value for key, value in reason.params.items()}
    return replace(reason, params=params).plain()
