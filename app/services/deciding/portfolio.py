"""What a ranking comes to for regions, themes and newcomers: shown beside the order of merit, never mixed into it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select

from app import geography, taxonomy
from app.act import Act
from app.facts.consortium import settlements
from app.maps import Mark
from app.models import Application, Call, Decision, Label, Membership
from app.services.applications.sent import sent_facts
from app.services.deciding.ranking import Ranking, ranking_of
from app.services.deciding.ranking_then import ranking_then
from app.services.organisations.region_marks import marks_of, name_of_region
from app.services.work.reached import states_of
from workflows import label as labels
from workflows import membership as memberships
from workflows.definition import CallDefinition
from workflows.ranking_lists import Listed
from workflows.rules_facts import OUTSIDE_EU
from workflows.words import _


@dataclass(frozen=True)
class Share:
    """One group: how many applications, how many to be awarded, and the money asked by those."""

    name: str
    applications: int
    awarded: int
    money: Decimal


@dataclass(frozen=True)
class Portfolio:
    ranked: int
    awarded: int
    money: Decimal
    countries: tuple[Share, ...]
    regions: tuple[Share, ...]
    categories: tuple[Share, ...]
    themes: tuple[Share, ...]
    newcomers: tuple[Share, ...]
    marks: tuple[Mark, ...]


CATEGORIES = {
    "less_developed": _("Less developed region"),
    "transition": _("Region in transition"),
    "more_developed": _("More developed region"),
    OUTSIDE_EU: _("Outside the European Union"),
}
UNKNOWN = _("Cannot be told")
Facts = Callable[[str], Iterable[str]]


def portfolio_of(act: Act, decision: Decision, moment: datetime | None = None) -> Portfolio:
    """Count the ranked applications and those to be awarded by where their partners are, by theme, and by newcomers.

    At a moment of the past: the ranking, what was sent, who took part and who held a label as of then.
    """
    call = decision.call
    ranking = ranking_of(act, call) if moment is None else ranking_then(act, decision, moment).ranking
    keys = [line.position.key for line in ranking.lines]
    awarded = {line.position.key for line in ranking.lines if line.listed is Listed.AWARDED}
    partners = _partners(act, keys, moment)
    definition = ranking.definition
    vintage = definition.regions.vintage
    themes = {key: sent_facts(act, act.session.get_one(Application, key), moment=moment).theme for key in keys}
    old = _labelled_before(act, call, moment)

    def shares(facts: Facts) -> tuple[Share, ...]:
        return _shares(ranking, awarded, facts)

    category = _categories(act, definition)

    def new(key: str) -> list[str]:
        known = {member.organisation_id for member in partners[key]}
        return [_("At least one partner without an earlier label")] if known - old else [_("Partners with labels only")]

    lit = [m.region or m.country for key in awarded for m in partners[key]]
    return Portfolio(
        ranked=len(keys),
        awarded=len(awarded),
        money=_money(ranking, awarded),
        countries=shares(lambda key: {m.country for m in partners[key] if m.country}),
        regions=shares(lambda key: {name_of_region(m.region, vintage) for m in partners[key] if m.region}),
        categories=shares(lambda key: {category(m) for m in partners[key]}),
        themes=shares(lambda key: [_theme(themes[key])]),
        newcomers=shares(new),
        marks=marks_of((code, vintage) for code in lit if code),
    )


def _categories(act: Act, call: CallDefinition) -> Callable[[Membership], str]:
    """Give what tells the fund category of a partner's region, in words."""
    vintage, period, settled = call.regions.vintage, call.regions.fund_period, settlements(act)

    def category(member: Membership) -> str:
        country, region = member.country or "", member.region
        found = geography.fund_category(country, region, vintage=vintage, period=period, settled=settled)
        return CATEGORIES.get(found, UNKNOWN)

    return category


def _theme(code: str | None) -> str:
    return taxonomy.term_name("thematic_areas", code) if code else UNKNOWN


def _partners(act: Act, keys: Sequence[str], moment: datetime | None) -> dict[str, list[Membership]]:
    query = select(Membership).where(Membership.application_id.in_(keys)).order_by(Membership.position)
    there = states_of(act, Membership, select(Membership.id).where(Membership.application_id.in_(keys)), moment)
    found: dict[str, list[Membership]] = defaultdict(list)
    for member in act.session.scalars(query):
        if there.get(member.id, (None,))[0] is memberships.State.ACCEPTED:
            found[member.application_id].append(member)
    return found


def _labelled_before(act: Act, call: Call, moment: datetime | None) -> set[str | None]:
    """Give the organisations that took part in a label of another call."""
    others = select(Label.id).where(Label.call_id != call.id)
    held = {key for key, (state, _at) in states_of(act, Label, others, moment).items() if state in labels.REGISTERED}
    query = (
        select(Label.id, Membership.organisation_id)
        .join(Membership, Membership.application_id == Label.application_id)
        .where(Label.call_id != call.id)
    )
    return {organisation for label, organisation in act.session.execute(query) if label in held}


def _money(ranking: Ranking, keys: Iterable[str]) -> Decimal:
    wanted = set(keys)
    lines = (line.position for line in ranking.lines if line.position.key in wanted)
    return sum((position.entry.requested_grant for position in lines), Decimal(0))


def _shares(ranking: Ranking, awarded: set[str], facts: Facts) -> tuple[Share, ...]:
    """One line for each group, most awards first; an application with partners in two groups counts in both."""
    groups: dict[str, list[str]] = defaultdict(list)
    for line in ranking.lines:
        for name in facts(line.position.key):
            groups[name].append(line.position.key)
    found = [
        Share(name, len(keys), len(awarded.intersection(keys)), _money(ranking, awarded.intersection(keys)))
        for name, keys in groups.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.awarded, -one.applications, one.name)))
