"""Can we apply? Five answers given without an account, judged by the very rules of the call."""

from __future__ import annotations

from dataclasses import dataclass

from app import geography
from app.act import Act
from app.facts.consortium import settlements
from workflows.definition import CallDefinition
from workflows.rules import (
    COORDINATOR,
    Answer,
    ConsortiumFacts,
    PartnerFacts,
    RuleResult,
    derived_rules,
    evaluate,
    rules_of,
)
from workflows.rules_facts import PARTNER
from workflows.verdict import Reason
from workflows.words import _

ABOUT_YOU = frozenset({"eligible_kinds", "eligible_countries"})
LATER = frozenset({"partners_accepted", "project_months"})  # cannot be asked before there is an application


@dataclass(frozen=True)
class Asked:
    """The five answers; nothing given stands for "not known yet"."""

    kind: str = ""
    country: str = ""
    region: str = ""  # seat, NUTS 2
    second: str = ""  # countries of two further partners
    third: str = ""

    @property
    def complete(self) -> bool:
        return bool(self.kind and self.country)


@dataclass(frozen=True)
class FirstAnswer:
    """What can be said: on the organisation alone, then on the partnership as far as it is known."""

    answer: Answer
    headline: Reason
    you: tuple[RuleResult, ...]
    partnership: tuple[RuleResult, ...]


def first_answer(act: Act, call: CallDefinition, asked: Asked) -> FirstAnswer:
    """Judge the answers. The partnership's rules never make the headline worse: partners can still be found."""
    lead = _lead(act, call, asked)
    groups = geography.groups_on(call.countries_date)
    alone = evaluate(
        [r for r in derived_rules(call) if r.id in ABOUT_YOU], ConsortiumFacts(partners=(lead,), country_groups=groups)
    )
    others = [_partner(place, country) for place, country in enumerate((asked.second, asked.third), start=2) if country]
    rules = [r for r in rules_of(call) if r.id not in ABOUT_YOU | LATER and not _on_money(r.rule.value)]
    together = evaluate(rules, ConsortiumFacts(partners=(lead, *others), country_groups=groups))
    answers = {result.answer for result in alone}
    return FirstAnswer(*_headline(answers), you=alone, partnership=together)


def _on_money(rule: str) -> bool:
    return rule in ("max_value", "max_ratio", "within")


def _headline(answers: set[Answer]) -> tuple[Answer, Reason]:
    if Answer.NOT_MET in answers:
        return Answer.NOT_MET, Reason("no", _("Your organisation can't apply in this call"))
    if Answer.UNDETERMINED in answers:
        return Answer.UNDETERMINED, Reason("unknown", _("It can't be told yet"))
    return Answer.MET, Reason("yes", _("Your organisation can apply in this call"))


def _lead(act: Act, call: CallDefinition, asked: Asked) -> PartnerFacts:
    vintage, period = call.regions.vintage, call.regions.fund_period
    region = (
        geography.seat_region(asked.country, asked.region or None, vintage=vintage, coded_in=vintage)
        if asked.country
        else None
    )
    category = geography.fund_category(asked.country, region, vintage=vintage, period=period, settled=settlements(act))
    return PartnerFacts(
        entity="you", name=_("your organisation"), kinds=(asked.kind,) if asked.kind else (),
        country=asked.country or None,
        region=region, fund_category=category, role=COORDINATOR,
    )  # fmt: skip


def _partner(place: int, country: str) -> PartnerFacts:
    return PartnerFacts(entity=str(place), name=_("partner {n}").format(n=place), country=country, role=PARTNER)
