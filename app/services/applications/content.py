"""An application as people read it: the preview, the evaluators' page and the receipt are made from the same view.

It is built from the plain data of `canonical.py`, of a draft or of a frozen version, and never from the tables: what
evaluators see is what was sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from app import geography, taxonomy
from app.services.applications.answer_lists import lists_for
from app.services.applications.answers_shown import ShownSection, shown_sections, with_figures
from workflows.definition import CallDefinition
from workflows.definition_evaluation import HiddenField
from workflows.definition_questions import Choice, Section
from workflows.words import _

ROLES = {"coordinator": _("Coordinator"), "partner": _("Partner"), "associated": _("Associated partner")}


@dataclass(frozen=True)
class ShownPartner:
    id: str
    name: str
    name_en: str
    kinds: tuple[str, ...]
    country: str
    region_code: str | None
    region_name: str | None
    role: str
    share: Decimal | None
    task: str
    confirmed: bool
    to_confirm: bool = False  # its part was changed after its last word when this was sent


@dataclass(frozen=True)
class ShownFile:
    id: str
    slot_id: str
    slot: str  # in words
    name: str
    partner: str
    size: int
    sha256: str
    media_type: str = ""


@dataclass(frozen=True)
class ShownContent:
    """Everything an application says, ready to be shown. Without names, partners are numbered."""

    acronym: str
    title: str
    theme: str
    starts_on: date | None
    months: int | None
    requested_grant: Decimal | None
    eligible_cost: Decimal | None
    currency: str
    partners: tuple[ShownPartner, ...]
    sections: tuple[ShownSection, ...]
    files: tuple[ShownFile, ...]
    names_shown: bool


def shown_content(call: CallDefinition, content: Mapping[str, Any], *, names: bool = True) -> ShownContent:
    """Turn plain data into what a page or document prints; `names` false hides who the applicants are."""
    partners = tuple(_partner(raw, call, at, names=names) for at, raw in enumerate(content["partners"], start=1))
    known = {partner.id: partner.name for partner in partners}
    hidden = frozenset() if names else hidden_in(call)
    sections = call.sections if names else _not_identifying(call.sections)
    withheld = frozenset() if names else identifying(call)
    shown_files = [raw for raw in content["files"] if raw["slot"] not in withheld]
    files = tuple(_file(raw, call, known, at, names=names) for at, raw in enumerate(shown_files, start=1))
    lists = lists_for(call, tuple(Choice(code=one, label=name) for one, name in known.items()))
    by_question = {q.id: [f.name for f in files if f.slot_id == q.id] for q in call.questions()}
    return ShownContent(
        acronym=content["acronym"] if names else "",
        title="" if HiddenField.TITLE in hidden else content["title"],
        theme=_theme(content["theme"]) if HiddenField.THEME not in hidden else "",
        starts_on=date.fromisoformat(content["starts_on"]) if content["starts_on"] else None,
        months=content["months"],
        requested_grant=_amount(content["requested_grant"]),
        eligible_cost=_amount(content["eligible_cost"]),
        currency=call.budget.currency if call.budget else "EUR",
        partners=() if HiddenField.PARTNERS in hidden else tuple(_without(one, hidden) for one in partners),
        sections=with_figures(shown_sections(sections, content["answers"], lists, by_question), content["files"]),
        files=files,
        names_shown=names,
    )


def hidden_in(call: CallDefinition) -> frozenset[HiddenField]:
    """Give what an anonymous call hides from experts beside names."""
    return frozenset(call.evaluation.anonymity.fields) if call.evaluation else frozenset()


def identifying(call: CallDefinition) -> frozenset[str]:
    """Give the questions and places for files that tell who applies."""
    asked = {question.id for question in call.questions() if question.identifying}
    return frozenset(asked | {slot.id for slot in call.documents if slot.identifying})


def _not_identifying(sections: tuple[Section, ...]) -> tuple[Section, ...]:
    """Leave out questions that tell who applies, and sections that have no others."""
    left = (replace(one, questions=tuple(q for q in one.questions if not q.identifying)) for one in sections)
    return tuple(section for section in left if section.questions)


def _theme(code: str | None) -> str:
    return taxonomy.term_name("thematic_areas", code) if code else ""


def _without(partner: ShownPartner, hidden: frozenset[HiddenField]) -> ShownPartner:
    """Leave out what the call hides of a partner; a region tells the country it lies in."""
    if HiddenField.COUNTRIES in hidden:
        partner = replace(partner, country="")
    if {HiddenField.COUNTRIES, HiddenField.REGIONS} & hidden:
        partner = replace(partner, region_code=None, region_name=None)
    if HiddenField.KINDS in hidden:
        partner = replace(partner, kinds=())
    return replace(partner, share=None) if HiddenField.SHARES in hidden else partner


def _partner(raw: Mapping[str, Any], call: CallDefinition, at: int, *, names: bool) -> ShownPartner:
    region = geography.region(raw["region"], call.regions.vintage) if raw["region"] else None
    country = geography.country(raw["country"]) if raw["country"] else None
    return ShownPartner(
        id=raw["id"],
        name=raw["name"] if names else _("Partner {number}").format(number=at),
        name_en=raw["name_en"] if names else "",
        kinds=tuple(taxonomy.term_name("organisation_types", kind) for kind in raw["kinds"]),
        country=country.name if country else raw["country"] or "",
        region_code=raw["region"],
        region_name=region.name if region else None,
        role=ROLES.get(raw["role"], raw["role"]),
        share=_amount(raw["share"]),
        task=raw["task"] if names else "",
        confirmed=raw["confirmed"],
        to_confirm=bool(raw.get("consent", {}).get("to_confirm")),
    )


def _file(
    raw: Mapping[str, Any], call: CallDefinition, partners: Mapping[str, str], at: int, *, names: bool
) -> ShownFile:
    labels = {slot.id: slot.label for slot in call.documents} | {q.id: q.label for q in call.questions()}
    return ShownFile(
        id=raw["id"],
        slot_id=raw["slot"],
        slot=labels.get(raw["slot"], raw["slot"]),
        name=raw["name"] if names else _("File {number}").format(number=at),
        partner=partners.get(raw["partner"] or "", ""),
        size=raw["size"],
        sha256=raw["sha256"],
        media_type=raw.get("media_type", ""),
    )


def _amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
