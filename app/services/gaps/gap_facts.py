"""What a search for missing partners is about: whose partners, which rules, and who could be added at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from itertools import combinations

from sqlalchemy import select

from app import geography, taxonomy
from app.act import Act
from app.facts.consortium import consortium_facts, settlements
from app.facts.expression import accepted, follow_on_call, partnership_facts
from app.geography import Settlements
from app.models import Application, Call, Expression, Membership, Organisation, Reply
from app.services.calls.call import definition_of
from workflows.definition import CallDefinition
from workflows.definition_rules import RuleKind, RuleSpec, Severity, Subject
from workflows.membership import LIVE
from workflows.repair import Gap
from workflows.repair_types import NO_SHARE, Place, Universe
from workflows.rules import rules_of
from workflows.rules_facts import COUNTED_ROLES, ConsortiumFacts, PartnerFacts

Wanting = Application | Expression
Seats = Mapping[tuple[str, str | None], Place]
KINDS = "organisation_types"


@dataclass
class Partnership:
    """An application's consortium, or the partners of an expression of interest, as the search takes them.

    Whoever was invited and has not answered is taken for accepted: `waiting` says how many they are.
    """

    noun: str
    thing: Wanting
    call: Call  # whose rules are asked
    rules: tuple[RuleSpec, ...]
    facts: ConsortiumFacts
    organisations: tuple[Organisation, ...]
    apart: frozenset[str]  # organisations that were asked or had their say before
    settled: Settlements
    waiting: int = 0
    theme: str | None = None
    severities: frozenset[Severity] = field(default=frozenset({Severity.BLOCKING}))

    @property
    def definition(self) -> CallDefinition:
        return definition_of(self.call)

    @cached_property
    def themes(self) -> frozenset[str]:
        """What the partners work on."""
        named = {theme for organisation in self.organisations for theme in organisation.themes}
        return frozenset(named | ({self.theme} if self.theme else set()))

    @cached_property
    def seats(self) -> Seats:
        terms = self.definition.regions
        return _seats(terms.vintage, terms.fund_period, frozenset(self.settled.items()))

    @cached_property
    def gap(self) -> Gap:
        return Gap(self.rules, self.facts, self._universe(), severities=self.severities)

    def _universe(self) -> Universe:
        themes = _theme_bundles(self.facts) if _speaks_of_themes(self.gap_rules) else ((),)
        return Universe(tuple(sorted(set(self.seats.values()))), _kind_bundles(), themes)

    @property
    def gap_rules(self) -> tuple[RuleSpec, ...]:
        return tuple(rule for rule in self.rules if rule.severity in self.severities)

    def as_partner(self, organisation: Organisation) -> PartnerFacts:
        """An organisation as a partner would be known, by its profile; it has no share of the money yet."""
        place = self.seats.get((organisation.country or "", organisation.region))
        return PartnerFacts(
            entity=organisation.id,
            name=organisation.name,
            kinds=tuple(organisation.kinds),
            country=organisation.country,
            region=place.region if place else None,
            fund_category=place.fund_category if place else geography.UNKNOWN,
            thematic_areas=tuple(organisation.themes),
            share=NO_SHARE,
        )


def partnership_of(act: Act, thing: Wanting) -> Partnership:
    """Gather what is known of an application's or an expression's partners."""
    return _of_application(act, thing) if isinstance(thing, Application) else _of_expression(act, thing)


def _of_application(act: Act, application: Application) -> Partnership:
    facts = consortium_facts(act, application)
    members = application.memberships
    return Partnership(
        noun="application",
        thing=application,
        call=application.call,
        rules=rules_of(definition_of(application.call)),
        facts=all_accepted(facts),
        organisations=tuple(m.organisation for m in members if m.organisation is not None and m.state in LIVE),
        apart=frozenset(m.organisation_id for m in members if m.organisation_id),
        settled=settlements(act),
        waiting=len(facts.invited()),
        theme=application.theme,
    )


def all_accepted(facts: ConsortiumFacts) -> ConsortiumFacts:
    """The consortium once everybody invited has accepted."""
    partners = (replace(p, accepted=True) if p.role in COUNTED_ROLES else p for p in facts.partners)
    return replace(facts, partners=tuple(partners))


def _of_expression(act: Act, expression: Expression) -> Partnership:
    """The rules of the follow-on call where it is known, else the advice of the expression's own call."""
    follow_on = follow_on_call(act, expression)
    facts = partnership_facts(act, expression)
    call = follow_on or expression.call
    definition = definition_of(call)
    severities = {Severity.BLOCKING} if follow_on else set(Severity)
    asked = select(Reply.organisation_id).where(Reply.expression_id == expression.id)
    return Partnership(
        noun="expression",
        thing=expression,
        call=call,
        rules=tuple(rule for rule in rules_of(definition) if not about_money(rule)),
        facts=replace(facts, country_groups=geography.groups_on(definition.countries_date)),
        organisations=(expression.organisation, *accepted(act, expression)),
        apart=frozenset({expression.organisation_id, *act.session.scalars(asked)}),
        settled=settlements(act),
        severities=frozenset(severities),
    )


def memberships_of(application: Application) -> list[Membership]:
    """Partners that may leave: all that are in the consortium or invited."""
    return [member for member in application.memberships if member.state in LIVE]


def about_money(rule: RuleSpec) -> bool:
    """An expression of interest names neither money nor months."""
    money = (Subject.REQUESTED_GRANT, Subject.TOTAL_ELIGIBLE_COST, Subject.MONTHS)
    return rule.of in money or rule.rule is RuleKind.MAX_RATIO


def _speaks_of_themes(rules: tuple[RuleSpec, ...]) -> bool:
    return any(rule.of is Subject.THEMATIC_AREA for rule in rules)


def _theme_bundles(facts: ConsortiumFacts) -> tuple[tuple[str, ...], ...]:
    """Themes the partners have, one by one and all in common; another; none."""
    held = [set(p.thematic_areas) for p in facts.counted() if p.thematic_areas]
    known = sorted(set().union(*held))
    common = tuple(sorted(set.intersection(*held))) if held else ()
    other = next((t.code for t in taxonomy.terms("thematic_areas") if t.code not in known), "")
    return tuple(dict.fromkeys([*((theme,) for theme in known), common, (other,)]))


@lru_cache(maxsize=1)
def _kind_bundles() -> tuple[tuple[str, ...], ...]:
    """Organisations have one kind or two."""
    codes = [term.code for term in taxonomy.terms(KINDS)]
    return (*((code,) for code in codes), *combinations(codes, 2))


@lru_cache(maxsize=16)
def _seats(vintage: int, period: str, settled: frozenset[tuple[tuple[str, str], str]]) -> Seats:
    """Where a profile's country and region stand in the lists of a call; what cannot be told is left out."""
    found: dict[tuple[str, str | None], Place] = {}
    known = [(country.iso, None) for country in geography.countries()]
    known += [(region.country, region.code) for region in geography.regions()]  # type: ignore[misc]
    for country, code in known:
        seat = geography.seat_region(country, code, vintage=vintage)
        if seat is None:
            continue
        category = geography.fund_category(country, seat, vintage=vintage, period=period, settled=dict(settled))
        if category != geography.UNKNOWN:
            found[country, code] = Place(country, seat, category)
    return found
