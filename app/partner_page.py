"""The page on which partners are found: the address read and written, filters with counts, cards with reasons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from flask import url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app import geography
from app.maps import STEPS, Mark, Overlay, overlay
from app.models import Organisation
from app.services.organisations.profile_view import region_named
from app.services.organisations.region_marks import name_of_region
from app.services.searching.search import EXPRESSION, PROFILE, SORTS, Chosen, Found, Hit
from app.services.searching.search_for import For
from app.taxonomy import term_name
from app.ui import country, words
from workflows.contact_details import HIDDEN, hide_contacts
from workflows.expression import EXPRESSION as MACHINE
from workflows.expression import State
from workflows.search_order import reasons

# The filters of each kind of result, in the order of the page: group, its name in the address, list of names, folded.
Group = tuple[str, str, str, bool]
FILTERS: Mapping[str, tuple[Group, ...]] = {
    PROFILE: (
        ("themes", "theme", "thematic_areas", False),
        ("kinds", "kind", "organisation_types", False),
        ("countries", "country", "", False),
        ("categories", "category", "", False),
        ("contact", "contact", "", False),
        ("regions", "region", "", True),
        ("technologies", "technology", "technologies", True),
        ("offers", "offers", "facility_kinds", True),
        ("positions", "position", "chain_positions", True),
        ("seeks", "seeks", "organisation_types", True),
    ),
    EXPRESSION: (
        ("themes", "theme", "thematic_areas", False),
        ("state", "state", "", False),
        ("countries", "country", "", False),
        ("seeks", "seeks", "organisation_types", False),
        ("categories", "category", "", False),
        ("regions", "region", "", True),
        ("technologies", "technology", "technologies", True),
    ),
}
MOST_OPEN = 15  # a longer list is folded: on a phone the results come after the filters
TABS = {PROFILE: "organisations", EXPRESSION: "expressions"}


def chosen_in(asked: MultiDict[str, str]) -> Chosen:
    """Read an address; what it does not know is left out."""
    noun = EXPRESSION if asked.get("show") == TABS[EXPRESSION] else PROFILE
    codes = {group: frozenset(asked.getlist(name)) for group, name, _list, _folded in FILTERS[noun]}
    sort = asked.get("sort", "best")
    return Chosen(
        noun=noun, words=asked.get("q", "")[:200], codes={group: found for group, found in codes.items() if found},
        call=asked.get("call", "")[:26], sort=sort if sort in SORTS else "best",
    )  # fmt: skip


def query_of(chosen: Chosen, **more: str) -> str:
    """Write the same search as it stands in an address, without a page."""
    pairs = [("show", TABS[chosen.noun])] if chosen.noun != PROFILE else []
    pairs += [("q", chosen.words)] if chosen.words else []
    for group, name, _list, _folded in FILTERS[chosen.noun]:
        pairs += [(name, code) for code in sorted(chosen.of(group))]
    pairs += [("call", chosen.call)] if chosen.call else []
    pairs += [("sort", chosen.sort)] if chosen.sort != "best" else []
    return urlencode(pairs + [(name, value) for name, value in more.items() if value])


def address_of(chosen: Chosen, endpoint: str = "partner.index", **more: str) -> str:
    query = query_of(chosen, **more)
    return url_for(endpoint) + (f"?{query}" if query else "")


def code_named(group: str, listed: str, code: str) -> str:
    """Name a code of a filter in the reader's language."""
    if listed:
        return str(_(term_name(listed, code)))
    if group == "countries":
        return country(code)
    if group == "regions":
        return region_named(code)
    if group == "state":
        return words(MACHINE.names[State(code)].public) if code in set(State) else code
    names = {
        "less_developed": _("Less developed region"),
        "transition": _("Region in transition"),
        "more_developed": _("More developed region"),
        "open": _("Open to contact"),
    }
    return str(names.get(code, code))


def title_of(group: str) -> str:
    names = {
        "themes": _("Thematic area"), "kinds": _("Kind of organisation"), "countries": _("Country"),
        "categories": _("Development of the region"), "contact": _("Contact"), "regions": _("Region (NUTS 2)"),
        "technologies": _("Technology"), "offers": _("Offers to small and medium-sized enterprises"),
        "positions": _("Position in value chains"), "seeks": _("Seeks"), "state": _("State"),
    }  # fmt: skip
    return str(names[group])


def groups_of(chosen: Chosen, found: Found) -> list[dict[str, Any]]:
    """Give the filters that leave something, each with how many it would leave."""
    groups = []
    for group, name, listed, folded in FILTERS[chosen.noun]:
        options = _options(group, listed, chosen.of(group), found.counts[group])
        if options:
            fold, ticked = folded or len(options) > MOST_OPEN, len(chosen.of(group))
            title = title_of(group)
            if fold and ticked:
                title = _("%(title)s: %(number)d chosen", title=title, number=ticked)
            groups.append({"title": title, "name": name, "options": options, "folded": fold})
    return groups


def _options(group: str, listed: str, chosen: frozenset[str], counts: Counter[str]) -> list[dict[str, Any]]:
    codes = [code for code in counts.keys() | chosen if counts[code] or code in chosen]
    named = sorted((code_named(group, listed, code), code) for code in codes)
    return [{"value": code, "label": name, "count": counts[code], "checked": code in chosen} for name, code in named]


def summary_of(chosen: Chosen) -> list[str]:
    """Name everything that was chosen, for the line above the results."""
    said = [f"“{chosen.words}”"] if chosen.words else []
    for group, _name, listed, _folded in FILTERS[chosen.noun]:
        said += sorted(code_named(group, listed, code) for code in chosen.of(group))
    return said


@dataclass(frozen=True)
class Card:
    """One result as the page shows it."""

    id: str
    title: str
    language: str
    url: str
    meta: str
    text: str
    why: str
    stale: bool
    hit: Hit


def card_of(hit: Hit, chosen: Chosen, wanted: For, *, whole: bool = False) -> Card:
    """Give one result as a card; contact details in its text are hidden unless it may be shown whole."""
    card = _card(hit, chosen, wanted)
    return card if whole else replace(card, text=hide_contacts(card.text, words(HIDDEN)))


def _card(hit: Hit, chosen: Chosen, wanted: For) -> Card:
    why = "; ".join(words(one.text, one.params) for one in reasons(wanted.seeker, hit.candidate))
    if chosen.noun == PROFILE:
        o: Organisation = hit.thing
        address = url_for("organisation.show", organisation_id=o.id)
        english = o.name_en if o.name_en and o.name_en != o.name else ""
        return Card(o.id, o.name, o.name_language, address, _meta(english, o), o.summary, why, hit.stale, hit)
    e = hit.thing
    answers = (e.published or {}).get("answers", {})
    sought = str(answers.get("sought") or "")
    text = _("Looks for: %(sought)s", sought=sought) if sought else str(answers.get("abstract") or "")
    address = url_for("expression.show", expression_id=e.id)
    name = e.acronym or e.title
    meta = "; ".join(
        part for part in (e.title if e.acronym else "", _meta(e.organisation.name, e.organisation)) if part
    )
    return Card(e.id, name, "en", address, meta, text, why, hit.stale, hit)


def _meta(name: str, organisation: Organisation) -> str:
    region = geography.region(organisation.region) if organisation.region else None
    place = (region.name, region.code) if region else ()
    land = country(organisation.country) if organisation.country else ""
    return ", ".join(part for part in (name, *place, land) if part)


def map_of(found: Found) -> Overlay:
    """Colour the regions of everything that was found, by how many results each has."""
    most = max(found.regions.values(), default=1)
    marks = [
        Mark(code, name_of_region(code, geography.PROFILE_VINTAGE), str(number), 1 + (len(STEPS) - 1) * number // most)
        for code, number in sorted(found.regions.items(), key=lambda item: (-item[1], item[0]))
    ]
    return overlay(marks)
