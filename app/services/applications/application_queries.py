"""What pages of applications show, gathered in one place each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from app import geography
from app.access import can, visible
from app.act import Act
from app.facts.call import is_open_for
from app.facts.consortium import consortium_facts, rule_results
from app.facts.membership import facts_to_confirm, has_accepted, name_of_partner
from app.maps import Mark, Overlay, overlay
from app.models import (
    Application,
    Call,
    Document,
    Expression,
    Mandate,
    Membership,
    Organisation,
    OrganisationMember,
    Role,
    SubmittedVersion,
)
from app.services.applications.canonical import live_members
from app.services.applications.readiness import Item, readiness
from app.services.applications.submission import changes_since, current_version
from app.services.calls.call import definition_of
from app.services.consortia.mandate import mandates_of
from workflows.application import EDITABLE
from workflows.call import State as CallState
from workflows.definition import CallKind
from workflows.profile import State as ProfileState
from workflows.rules import RuleResult, evaluate_call
from workflows.rules_facts import UNKNOWN, Answer, PartnerFacts
from workflows.verdict import Reason

FIRST = 4  # reasons above the list of parts
_STEPS = {"coordinator": 5, "partner": 4, "invited": 1}


@dataclass(frozen=True)
class Partner:
    """One line of the consortium: who, and where it stands."""

    membership: Membership
    name: str
    region: geography.Region | None
    accepted: bool
    to_confirm: tuple[str, ...]  # own facts that were changed since its last word
    mandate: Mandate | None


@dataclass(frozen=True)
class Overview:
    """Everything the overview of an application shows."""

    items: tuple[Item, ...]
    rules: tuple[RuleResult, ...]
    partners: tuple[Partner, ...]
    map: Overlay
    version: SubmittedVersion | None
    changes: int  # of the draft against the version in force

    @property
    def missing(self) -> int:
        return sum(len(item.verdict.reasons) for item in self.items)

    @property
    def first_reasons(self) -> list[tuple[str, Reason]]:
        """The first things to do, with the part each belongs to."""
        found = [(item.section, one) for item in self.items for one in item.verdict.reasons]
        return found[:FIRST]

    @property
    def rules_met(self) -> int:
        return sum(rule.answer is Answer.MET for rule in self.rules)

    @property
    def next_item(self) -> Item | None:
        return next((item for item in self.items if not item.verdict), None)


def overview(act: Act, application: Application) -> Overview:
    version = current_version(act, application)
    partners = partners_of(act, application)
    return Overview(
        items=readiness(act, application),
        rules=rule_results(act, application),
        partners=partners,
        map=map_of(partners),
        version=version,
        changes=changes_since(act, application, version) if version else 0,
    )


def partners_of(act: Act, application: Application, *, gone: bool = False) -> tuple[Partner, ...]:
    """Give the partners in their order; `gone` adds those who declined, left or were removed."""
    mandates = mandates_of(act, application.id)
    vintage = definition_of(application.call).regions.vintage
    members = application.memberships if gone else live_members(application)
    return tuple(
        Partner(
            membership=member,
            name=name_of_partner(member),
            region=geography.region(member.region, vintage) if member.region else None,
            accepted=has_accepted(member),
            to_confirm=facts_to_confirm(member),
            mandate=mandates.get(member.id),
        )
        for member in members
    )


def map_of(partners: Sequence[Partner]) -> Overlay:
    """Colour each region once: the coordinator's darkest, then who accepted, then who is invited."""
    marks: dict[str, Mark] = {}
    for partner in sorted(partners, key=lambda p: -_STEPS[_standing(p)]):
        if partner.region is not None and partner.region.code not in marks:
            region = partner.region
            step = _STEPS[_standing(partner)]
            marks[region.code] = Mark(region.code, region.full_name, partner.name, step)
    return overlay(list(marks.values()))


def _standing(partner: Partner) -> str:
    if not partner.accepted:
        return "invited"
    return "coordinator" if partner.membership.role is Role.COORDINATOR else "partner"


@dataclass(frozen=True)
class WhatIf:
    """A rule as it is now, and what it would answer with one more partner."""

    result: RuleResult
    then: Answer

    @property
    def changes(self) -> bool:
        return self.result.answer is not self.then


def what_if(act: Act, application: Application, country: str, region: str, kind: str) -> list[WhatIf]:
    """Answer the rules with one more, imagined partner."""
    call = definition_of(application.call)
    facts = consortium_facts(act, application)
    seat = geography.seat_region(country, region or None, vintage=call.regions.vintage, coded_in=call.regions.vintage)
    category = geography.fund_category(country, seat, vintage=call.regions.vintage, period=call.regions.fund_period)
    imagined = PartnerFacts(
        entity="imagined",
        name="…",
        kinds=(kind,) if kind else (),
        country=country,
        region=seat,
        fund_category=category or UNKNOWN,
    )
    after = evaluate_call(call, replace(facts, partners=(*facts.partners, imagined)))
    return [WhatIf(now, then.answer) for now, then in zip(evaluate_call(call, facts), after, strict=True)]


def receipts_of(act: Act, application: Application) -> dict[str, Document]:
    """Give the receipts by the digest of the version they are about."""
    query = select(Document).where(Document.thing_id == application.id, Document.noun == "application")
    return {
        str(document.snapshot.get("digest")): document
        for document in act.session.scalars(query)
        if document.kind.value == "receipt"
    }


def open_calls(act: Act) -> list[Call]:
    """Give the calls that take applications now, the next to close first."""
    query = select(Call).where(
        Call.opens_at <= act.now,
        Call.closes_at > act.now,
        Call.state.not_in([CallState.DRAFT, CallState.CANCELLED, CallState.CONCLUDED]),
        Call.kind != CallKind.EXPRESSION_OF_INTEREST.value,
    )
    return list(act.session.scalars(query.order_by(Call.closes_at)))


def my_organisations(act: Act) -> list[Organisation]:
    """Give the organisations the person acts for."""
    mine = select(OrganisationMember.organisation_id).where(
        OrganisationMember.person_id == act.person_id,
        OrganisationMember.accepted.is_(True),
        OrganisationMember.ended_at.is_(None),
    )
    query = select(Organisation).where(Organisation.id.in_(mine), Organisation.merged_into_id.is_(None))
    return list(act.session.scalars(query.order_by(Organisation.name_folded)))


def my_expressions(act: Act) -> list[Expression]:
    """Give the expressions of interest of one's organisations that an application may name."""
    mine = [organisation.id for organisation in my_organisations(act)]
    query = select(Expression).where(Expression.organisation_id.in_(mine), Expression.published_at.is_not(None))
    return list(act.session.scalars(query.order_by(Expression.published_at.desc())))


SHORT_DIRECTORY = 100  # so many organisations fit in a list to choose from; among more one searches


def directory(act: Act, application: Application, chosen: str = "") -> list[Organisation]:
    """Give those that may be invited: published, not in the consortium; of a long directory only the chosen one."""
    inside = [m.organisation_id for m in application.memberships if m.organisation_id]
    query = visible(act, Organisation, "profile.view").where(
        Organisation.state == ProfileState.PUBLISHED,
        Organisation.merged_into_id.is_(None),
        Organisation.id.not_in(inside),
    )
    found = list(act.session.scalars(query.order_by(Organisation.name_folded).limit(SHORT_DIRECTORY + 1)))
    if len(found) <= SHORT_DIRECTORY:
        return found
    return list(act.session.scalars(query.where(Organisation.id == chosen))) if chosen else []


@dataclass(frozen=True)
class NewerEdits:
    """A draft that went on after its last version was submitted."""

    application: Application
    version: SubmittedVersion
    changes: int


def newer_edits(act: Act, thing: object) -> NewerEdits | None:
    """Say how far the draft of an application, or of the one a thing belongs to, is from what will be evaluated.

    None while it cannot be sent again, where nothing differs, and for whoever may not see the draft.
    """
    application = thing if isinstance(thing, Application) else getattr(thing, "application", None)
    if not isinstance(application, Application) or application.state not in EDITABLE:
        return None
    version = current_version(act, application)
    if version is None or not is_open_for(act, application) or not can(act, "application.view_draft", application):
        return None
    changes = changes_since(act, application, version)
    return NewerEdits(application, version, changes) if changes else None
