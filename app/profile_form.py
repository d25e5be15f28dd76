"""Between a profile and its form: lists to choose from, regions by name or code, typed text to values."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from babel import Locale
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app import geography, taxonomy
from app.models import Organisation
from app.services.organisations.names import fold
from app.ui import country as country_name
from forms.organisation import LANGUAGES, ProfileForm

SEPARATORS = str.maketrans({"\n": ";", ",": ";"})
STORED = (
    "name_en", "name_language", "acronym", "kinds", "pic", "city", "website", "founded", "staff_fte", "members_total",
    "members_sme", "themes", "summary", "offers", "seeks", "open_to_contact", "technologies", "facilities",
    "chain_positions",
)  # fmt: skip
PLAIN = ("acronym", "city", "summary", "offers", "seeks", "name_en")


def country_choices() -> list[tuple[str, str]]:
    named = sorted((country_name(c.iso), c.iso) for c in geography.countries())
    return [("", _("Choose"))] + [(code, name) for name, code in named]


def region_choices() -> dict[str, list[tuple[str, str]]]:
    """Give the regions of each country that has several; the others are one region each."""
    groups: dict[str, list[tuple[str, str]]] = {_("Not known, or the country has one region only"): [("", _("Choose"))]}
    for name, iso in sorted((country_name(c.iso), c.iso) for c in geography.countries()):
        own = geography.regions_of(iso)
        if len(own) > 1:
            groups[name] = [(region.code, f"{region.name} ({region.code})") for region in own]
    return groups


def language_choices() -> list[tuple[str, str]]:
    locale = get_locale() or Locale("en")
    return sorted(((code, str(locale.languages.get(code, code))) for code in LANGUAGES), key=lambda pair: pair[1])


def choices() -> dict[str, Any]:
    return {
        "countries": country_choices(),
        "regions": region_choices(),
        "kinds": [(term.code, _(term.name)) for term in taxonomy.terms("organisation_types")],
        "themes": [(term.code, _(term.name)) for term in taxonomy.terms("thematic_areas")],
        "languages": language_choices(),
        "technologies": [(term.code, _(term.name)) for term in taxonomy.terms("technologies")],
        "chain_positions": [(term.code, _(term.name)) for term in taxonomy.terms("chain_positions")],
        "facility_kinds": [("", _("Choose"))] + [(t.code, _(t.name)) for t in taxonomy.terms("facility_kinds")],
    }


def profile_form(organisation: Organisation, typed: MultiDict[str, str] | None = None) -> ProfileForm:
    """Make the form of a profile: as it is stored, or as it was typed."""
    stored = {name: getattr(organisation, name) for name in STORED}
    stored["regions_served"] = "; ".join(_region_name(code) for code in organisation.regions_served)
    stored["priorities"] = [{"region": _region_name(p["region"]), "text": p["text"]} for p in organisation.priorities]
    stored["country"], stored["region"] = organisation.country or "", organisation.region or ""
    form = ProfileForm(typed, data=stored)
    form.choose_from(choices())
    form.more_rows()
    return form


def _region_name(code: str) -> str:
    known = geography.region(code)
    return known.name if known else code


def region_code(text: str) -> str | None:
    """Find a region by its code or its name in any of its forms; None if there is none such."""
    wanted = fold(text)
    for region in geography.regions():
        if wanted in (region.code.casefold(), fold(region.name), fold(region.name_en), fold(region.full_name)):
            return region.code
    return None


def facts_of(form: ProfileForm) -> dict[str, Any] | None:
    """Turn a valid form into values; None where something does not fit, with the error at its field."""
    served, unknown = _codes(form.regions_served.data or "")
    if unknown:
        form.regions_served.errors = [
            _("No region is called “%(names)s”: use its name or code.", names="”, “".join(unknown))
        ]
    priorities = _priorities(form)
    facilities = _facilities(form)
    _seat_fits(form)
    if form.errors:
        return None
    return {
        **{name: form[name].data or "" for name in PLAIN},
        "name_language": form.name_language.data,
        "kinds": sorted(form.kinds.data or []),
        "themes": sorted(form.themes.data or []),
        "technologies": sorted(form.technologies.data or []),
        "chain_positions": sorted(form.chain_positions.data or []),
        "facilities": facilities,
        "pic": form.pic_digits or None,
        "country": form.country.data or None,
        "region": _seat(form),
        "regions_served": served,
        "website": _web(form.website.data or ""),
        "founded": form.founded.data,
        "staff_fte": form.staff_fte.data,
        "members_total": form.members_total.data,
        "members_sme": form.members_sme.data,
        "open_to_contact": form.open_to_contact.data,
        "priorities": priorities,
    }


def _codes(text: str) -> tuple[list[str], list[str]]:
    named = [part.strip() for part in text.split(";")] if ";" in text else _by_commas(text)
    found = [(part, region_code(part)) for part in named if part]
    codes = list(dict.fromkeys(code for _part, code in found if code))
    return codes, [part for part, code in found if code is None]


def _by_commas(text: str) -> Iterable[str]:
    # Names of regions contain commas: they separate only where the whole is no name.
    return [text] if region_code(text) else [part.strip() for part in text.translate(SEPARATORS).split(";")]


def _priorities(form: ProfileForm) -> list[dict[str, str]]:
    rows = []
    for entry in form.priorities.entries:
        region, text = entry.form.region, entry.form.text
        if not region.data and not text.data:
            continue
        code = region_code(region.data or "")
        if code is None:
            region.errors = [_("Name the region of this priority, by its name or code.")]
        elif not text.data:
            text.errors = [_("Say what the priority is.")]
        else:
            rows.append({"region": code, "text": text.data})
    return rows


def _facilities(form: ProfileForm) -> list[dict[str, str]]:
    rows = []
    for entry in form.facilities.entries:
        kind, text, conditions = entry.form.kind, entry.form.text, entry.form.conditions
        if not (kind.data or text.data or conditions.data):
            continue
        if not kind.data:
            kind.errors = [_("Choose what kind of facility this is.")]
        elif not text.data:
            text.errors = [_("Say what the facility is.")]
        else:
            rows.append({"kind": kind.data, "text": text.data, "conditions": conditions.data or ""})
    return rows


def _seat_fits(form: ProfileForm) -> None:
    region = geography.region(form.region.data or "")
    if region is not None and form.country.data and region.country != form.country.data:
        form.region.errors = [_("This region lies in another country than the one chosen.")]


def _seat(form: ProfileForm) -> str | None:
    own = geography.regions_of(form.country.data or "")
    return form.region.data or (own[0].code if len(own) == 1 else None)


def _web(address: str) -> str:
    return address if not address or address.lower().startswith(("http://", "https://")) else f"https://{address}"
