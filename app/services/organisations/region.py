"""Settling what the table of regions does not say: a fund category, with its source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from app import geography
from app.act import Act
from app.facts.consortium import settlements
from app.models import Application, Call, Membership, RegionSettlement
from app.services.calls.call import definition_of
from app.services.organisations.region_marks import name_of_region
from app.services.transitions import Refused, note
from workflows.membership import LIVE
from workflows.relations import Relation as R
from workflows.verdict import Verdict, refuse
from workflows.words import _


@dataclass(frozen=True)
class OpenRegion:
    """A region partners sit in whose fund category cannot be told."""

    code: str
    name: str
    country: str
    partners: int


def regions_to_settle(act: Act, call: Call) -> tuple[OpenRegion, ...]:
    """Regions of partners of this call that the table does not know, most partners first."""
    terms, settled = definition_of(call).regions, settlements(act)
    query = (
        select(Membership.country, Membership.region, func.count())
        .join(Application, Application.id == Membership.application_id)
        .where(Application.call_id == call.id, Membership.state.in_(LIVE), Membership.country.is_not(None))
        .group_by(Membership.country, Membership.region)
    )
    found: dict[tuple[str, str], int] = {}
    for given, seat, partners in act.session.execute(query):
        country = given or ""
        region = geography.seat_region(country, seat, vintage=terms.vintage, coded_in=terms.vintage) or seat
        category = geography.fund_category(
            country, region, vintage=terms.vintage, period=terms.fund_period, settled=settled
        )
        if region and category == geography.UNKNOWN:
            found[region, country] = found.get((region, country), 0) + partners
    ordered = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return tuple(OpenRegion(code, name_of_region(code, terms.vintage), iso, n) for (code, iso), n in ordered)


def settled_regions(act: Act, call: Call) -> Sequence[RegionSettlement]:
    """What was settled for the call's fund period, newest first."""
    query = select(RegionSettlement).where(RegionSettlement.period == definition_of(call).regions.fund_period)
    return act.session.scalars(query.order_by(RegionSettlement.settled_at.desc(), RegionSettlement.id)).all()


def settle_region(act: Act, call: Call, *, region: str, category: str, source: str) -> RegionSettlement:
    """Record the category of a region for the call's fund period. Raises `Refused` with every reason."""
    terms = definition_of(call).regions
    code, verdict = region.strip().upper(), Verdict()
    if category not in geography.CATEGORIES:
        verdict += refuse("unknown-category", _("Choose one of the fund categories."))
    if geography.region(code, terms.vintage) is None and not _begins_with_country(code):
        verdict += refuse(
            "unknown-region", _("“{code}” is no code of a region: it begins with no country's code."), code=code
        )
    if not source.strip():
        verdict += refuse("no-source", _("Name the source: a title, a page, or an address."))
    if not verdict:
        raise Refused(verdict)
    row = RegionSettlement(
        id=act.new_id(), region=code, period=terms.fund_period, category=category, source=source,
        settled_by=act.person_id, settled_at=act.now,
    )  # fmt: skip
    act.session.add(row)
    note(
        act,
        call,
        "settle_region",
        relation=R.CALL_MANAGER,
        data={"region": code, "category": category, "settlement": row.id},
    )
    return row


def _begins_with_country(code: str) -> bool:
    return any(code.startswith(country.eu_code) for country in geography.countries())
