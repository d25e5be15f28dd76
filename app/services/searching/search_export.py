"""Results of the search as data: the same lines the pages show, with no name or address of a person."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

from app.act import Act
from app.services.labels.register import harmless
from app.services.searching.contact_details import whole_for
from app.services.searching.search import PROFILE, Chosen, Found, Hit
from app.services.searching.search_index import FIRST_DAY
from app.urls import path_of
from workflows.contact_details import hide_in

COLUMNS = (
    "kind_of_entry", "name", "name_en", "acronym", "kinds", "country", "region", "town", "thematic_areas",
    "technologies", "summary", "offers", "seeks", "open_to_contact", "state", "call", "date", "address",
)  # fmt: skip
TEXTS = ("summary", "offers", "facilities", "seeks")  # what people wrote in words


def entry_data(act: Act, chosen: Chosen, hit: Hit, *, whole: bool = False) -> dict[str, Any]:
    """Give one result as data. Codes are those of the lists; `date` is the day of confirmation or publication.

    Contact details in its texts are hidden unless it may be given whole.
    """
    data = _entry(act, chosen, hit)
    return data if whole else data | {name: hide_in(data[name]) for name in TEXTS}


def _entry(act: Act, chosen: Chosen, hit: Hit) -> dict[str, Any]:
    is_profile = chosen.noun == PROFILE
    o = hit.thing if is_profile else hit.thing.organisation
    answers = {} if is_profile else (hit.thing.published or {}).get("answers", {})
    return {
        "kind_of_entry": "organisation" if is_profile else "expression_of_interest",
        "name": o.name if is_profile else hit.thing.title,
        "name_en": o.name_en if is_profile else "",
        "acronym": o.acronym if is_profile else hit.thing.acronym,
        "organisation": o.name,
        "kinds": list(o.kinds),
        "country": o.country or "",
        "region": o.region or "",
        "town": o.city,
        "thematic_areas": sorted(hit.candidate.themes),
        "technologies": sorted(hit.candidate.technologies),
        "summary": o.summary if is_profile else str(answers.get("abstract") or ""),
        "offers": o.offers if is_profile else "",
        "facilities": list(o.facilities) if is_profile else [],
        "chain_positions": list(o.chain_positions) if is_profile else [],
        "seeks": o.seeks if is_profile else str(answers.get("sought") or ""),
        "open_to_contact": o.open_to_contact,
        "state": str(hit.thing.state),
        "call": "" if is_profile else hit.thing.call.code,
        "date": (FIRST_DAY + timedelta(days=hit.day)).isoformat(),
        "address": act.site.address + path_of(hit.thing.__noun__, hit.thing.id),
    }


def as_data(act: Act, chosen: Chosen, found: Found) -> list[dict[str, Any]]:
    whole = whole_for(act, [hit.thing for hit in found.hits])
    return [entry_data(act, chosen, hit, whole=hit.thing.id in whole) for hit in found.hits]


def as_csv(act: Act, chosen: Chosen, found: Found) -> str:
    """Write the results as CSV for spreadsheets, with a mark against formulas before dangerous signs."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for data in as_data(act, chosen, found):
        writer.writerow([harmless(_cell(data[column])) for column in COLUMNS])
    return target.getvalue()


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value)
