"""The facts of a submitted version, read from its frozen content: what was changed since counts for no check."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app import geography
from app.act import Act
from app.facts.consortium import settlements
from app.geography import Settlements
from app.models import Organisation, SubmittedVersion
from workflows.definition import CallDefinition
from workflows.rules_facts import ConsortiumFacts, PartnerFacts


def facts_of_version(act: Act, version: SubmittedVersion, call: CallDefinition) -> ConsortiumFacts:
    """Give what the rules may know of a version; what the office settled about regions meanwhile counts."""
    content = json.loads(version.canonical)
    settled, themes = settlements(act), _themes(act, content["partners"])
    return ConsortiumFacts(
        partners=tuple(_partner(partner, call, settled, themes) for partner in content["partners"]),
        requested_grant=_money(content["requested_grant"]),
        total_eligible_cost=_money(content["eligible_cost"]),
        months=content["months"],
        currency=call.budget.currency if call.budget else "EUR",
        country_groups=geography.groups_on(call.countries_date),
    )


def _themes(act: Act, partners: list[dict[str, Any]]) -> dict[str, tuple[str, ...]]:
    """Give the thematic areas of the partners' profiles: the content does not repeat them."""
    ids = [partner["organisation"] for partner in partners if partner["organisation"]]
    query = select(Organisation.id, Organisation.themes).where(Organisation.id.in_(ids))
    return {key: tuple(themes) for key, themes in act.session.execute(query)}


def _partner(
    partner: dict[str, Any], call: CallDefinition, settled: Settlements, themes: dict[str, tuple[str, ...]]
) -> PartnerFacts:
    vintage, period = call.regions.vintage, call.regions.fund_period
    country, region, category = partner["country"], partner["region"], geography.UNKNOWN
    if country:
        region = geography.seat_region(country, region, vintage=vintage, coded_in=vintage)
        category = geography.fund_category(country, region, vintage=vintage, period=period, settled=settled)
    return PartnerFacts(
        entity=partner["organisation"] or partner["id"],
        name=partner["name"],
        kinds=tuple(partner["kinds"]),
        country=country,
        region=region,
        fund_category=category,
        role=partner["role"],
        thematic_areas=themes.get(partner["organisation"] or "", ()),
        accepted=partner["confirmed"],
        share=_money(partner["share"]),
    )


def _money(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
