"""What the rules of a call may know of a consortium, and their answers."""

from __future__ import annotations

from sqlalchemy import select

from app import geography
from app.act import Act
from app.callfile import from_json
from app.facts.membership import has_accepted, name_of_partner
from app.geography import Settlements
from app.models import Application, Membership, RegionSettlement
from workflows.definition import CallDefinition
from workflows.membership import LIVE
from workflows.rules import RuleResult, evaluate_call
from workflows.rules_facts import ConsortiumFacts, PartnerFacts


def consortium_facts(act: Act, application: Application) -> ConsortiumFacts:
    """Gather the facts. Who has not accepted is known as invited, and counts for no rule."""
    call = from_json(application.call.definition)
    settled = settlements(act)
    members = [member for member in application.memberships if member.state in LIVE]
    return ConsortiumFacts(
        partners=tuple(_partner(member, call, settled) for member in members),
        requested_grant=application.requested_grant,
        total_eligible_cost=application.eligible_cost,
        months=application.months,
        currency=call.budget.currency if call.budget else "EUR",
        country_groups=geography.groups_on(call.countries_date),
    )


def rule_results(act: Act, application: Application) -> tuple[RuleResult, ...]:
    """Answer every rule of the call for the consortium as it is now."""
    return evaluate_call(from_json(application.call.definition), consortium_facts(act, application))


def settlements(act: Act) -> Settlements:
    """Give what the office settled about regions; a later word on the same region stands."""
    rows = act.session.scalars(select(RegionSettlement).order_by(RegionSettlement.settled_at, RegionSettlement.id))
    return {(row.region, row.period): row.category for row in rows}


def _partner(member: Membership, call: CallDefinition, settled: Settlements) -> PartnerFacts:
    vintage, period = call.regions.vintage, call.regions.fund_period
    country, organisation = member.country, member.organisation
    region, category = member.region, geography.UNKNOWN
    if country:
        region = geography.seat_region(country, region, vintage=vintage, coded_in=vintage)
        category = geography.fund_category(country, region, vintage=vintage, period=period, settled=settled)
    return PartnerFacts(
        entity=member.organisation_id or member.id,
        name=name_of_partner(member),
        kinds=tuple(member.kinds),
        country=country,
        region=region,
        fund_category=category,
        role=member.role.value,
        thematic_areas=tuple(organisation.themes) if organisation else (),
        accepted=has_accepted(member),
        share=member.share,
    )
