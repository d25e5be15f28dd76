"""The other way round: which published expressions of interest an organisation would complete. Public facts only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app import geography
from app.access import visible
from app.act import Act
from app.facts.consortium import settlements
from app.facts.expression import follow_on_call
from app.models import Expression, Organisation, Reply
from app.services.calls.call import definition_of
from app.services.expressions.expression_queries import public_answers
from app.services.gaps.gap_facts import Partnership, about_money
from app.services.gaps.gap_reasons import Effect, Why, effect_of, rules_helped, themes_in_common
from workflows.definition_rules import Severity
from workflows.expression import OPEN_TO_REPLIES
from workflows.repair_search import Search
from workflows.rules import rules_of
from workflows.rules_facts import COORDINATOR, ConsortiumFacts, PartnerFacts

SHOWN = 20


@dataclass(frozen=True)
class Opening:
    """An expression of interest the organisation would help, and what with."""

    expression: Expression
    effect: Effect
    reasons: tuple[Why, ...]
    partnership: Partnership
    left: int  # rules that stay unmet
    themes: int

    @property
    def completes(self) -> bool:
        """Nothing the rules ask of partners would be missing."""
        return not self.left

    @property
    def order(self) -> tuple[object, ...]:
        closed, nearer = self.effect.rank
        return (self.left > 0, -closed, -nearer, -self.themes, self.expression.title, self.expression.id)


def openings_for(act: Act, organisation: Organisation) -> list[Opening]:
    """List published expressions of interest whose partners lack what the organisation has, the best first."""
    answered = select(Reply.expression_id).where(Reply.organisation_id == organisation.id)
    query = visible(act, Expression, "expression.view").where(
        Expression.state.in_(OPEN_TO_REPLIES),
        Expression.organisation_id != organisation.id,
        Expression.id.not_in(answered),
    )
    found = act.session.scalars(query.options(joinedload(Expression.organisation), joinedload(Expression.call)))
    openings = [_opening(act, expression, organisation) for expression in found.all()]
    return sorted((one for one in openings if one is not None), key=lambda one: one.order)[:SHOWN]


def _opening(act: Act, expression: Expression, organisation: Organisation) -> Opening | None:
    partnership = public_partnership(act, expression)
    goals = [(rule, True) for rule in partnership.gap_rules]
    search = Search(goals, partnership.facts, partnership.gap.universe, steps=0, most_found=0)
    effect = effect_of(search, partnership.as_partner(organisation))
    broken = [progress for progress in search.progress(search.base) if progress]
    if effect.breaks or effect.rank == (0, 0):
        return None
    themes = themes_in_common(partnership, organisation)
    reasons = (*rules_helped(partnership, organisation, effect), *themes)
    left = len(broken) - len(effect.closes)
    return Opening(expression, effect, reasons, partnership, left, len(themes))


def public_partnership(act: Act, expression: Expression) -> Partnership:
    """What everybody may read of an expression's partners: its organisation and those its notice names."""
    follow_on = follow_on_call(act, expression)
    call = follow_on or expression.call
    definition = definition_of(call)
    answers: Mapping[str, Any] = public_answers(expression)
    theme = answers.get("thematic_area")
    known = Partnership(
        noun="expression",
        thing=expression,
        call=call,
        rules=tuple(rule for rule in rules_of(definition) if not about_money(rule)),
        facts=ConsortiumFacts(country_groups=geography.groups_on(definition.countries_date)),
        organisations=(expression.organisation,),
        apart=frozenset(),
        settled=settlements(act),
        theme=theme if isinstance(theme, str) else None,
        severities=frozenset({Severity.BLOCKING}) if follow_on else frozenset(Severity),
    )
    lead = replace(known.as_partner(expression.organisation), role=COORDINATOR)
    partners = (lead, *_named(answers.get("consortium"), expression.organisation))
    return replace(known, facts=replace(known.facts, partners=partners))


def _named(rows: object, lead: Organisation) -> list[PartnerFacts]:
    """Partners the notice names; of them only the country is known."""
    known = {name.casefold() for name in (lead.name, lead.name_en, lead.acronym) if name}
    found = []
    for row in rows if isinstance(rows, list) else []:
        name = str(row.get("partner") or "").strip()
        if name and name.casefold() not in known:
            found.append(PartnerFacts(entity=f"named:{name.casefold()}", name=name, country=row.get("country") or None))
    return found
