"""Why an organisation is named beside a gap: each reason rests on stored facts and can be asked again at any time."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app import taxonomy
from app.act import Act
from app.models import Application, Expression, Organisation
from app.services.gaps.gap_facts import Partnership, Wanting, partnership_of
from workflows.definition_rules import RuleSpec
from workflows.repair_search import Search
from workflows.rules import describe
from workflows.rules_facts import PartnerFacts, matches
from workflows.verdict import Reason
from workflows.words import _


class Because(StrEnum):
    """What a reason says of the organisation."""

    CLOSES = "closes"  # a rule is met once it is in
    NEARER = "nearer"  # a rule lacks less once it is in
    CAPABILITY = "capability"  # a technology no partner has
    POSITION = "position"  # a place in a value chain no partner has
    THEME = "theme"  # a theme partners work on
    WILLING = "willing"  # it says it is open to contact
    SEEKS = "seeks"  # it says which partners it seeks


@dataclass(frozen=True)
class Why:
    """One reason. `value` is the rule's id or the code it speaks of."""

    because: Because
    noun: str
    thing_id: str
    organisation_id: str
    value: str = ""


_TEXTS = {
    Because.CAPABILITY: _("Brings a technology no partner has: {value}"),
    Because.POSITION: _("Brings a position in the value chain no partner has: {value}"),
    Because.THEME: _("Works on the same theme: {value}"),
    Because.WILLING: _("Is open to contact"),
    Because.SEEKS: _("Says which partners it seeks"),
}
_LISTS = {
    Because.CAPABILITY: "technologies",
    Because.POSITION: "chain_positions",
    Because.THEME: "thematic_areas",
}


def in_words(why: Why, partnership: Partnership) -> Reason:
    """The reason as people read it."""
    if why.because in (Because.CLOSES, Because.NEARER):
        rule = next(rule for rule in partnership.rules if rule.id == why.value)
        text = _("Meets the rule: {rule}") if why.because is Because.CLOSES else _("Brings nearer: {rule}")
        return Reason(why.because, text, {"rule": describe(rule).plain()})
    named = taxonomy.term_name(_LISTS[why.because], why.value) if why.because in _LISTS else why.value
    return Reason(why.because, _TEXTS[why.because], {"value": named})


@dataclass(frozen=True)
class Effect:
    """What one more partner does to the rules that are not met."""

    closes: tuple[RuleSpec, ...]
    nearer: tuple[RuleSpec, ...]
    breaks: bool

    @property
    def rank(self) -> tuple[int, int]:
        """More is better."""
        return (len(self.closes), len(self.nearer))


def effect_of(search: Search, partner: PartnerFacts) -> Effect:
    """Count a partner in: which rules reach their goal, which lack less, and whether one is lost."""
    closes, nearer, lost = [], [], False
    for (rule, _met), counter, count in zip(search.goals, search.counters, search.base, strict=True):
        before = counter.progress(count)
        after = counter.progress(counter.add(count, partner, matches(partner, rule.where, search.facts)))
        lost = lost or (not before and bool(after))
        if before and not after:
            closes.append(rule)
        elif after < before:
            nearer.append(rule)
    return Effect(tuple(closes), tuple(nearer), lost)


def capabilities_added(partnership: Partnership, organisation: Organisation) -> tuple[Why, ...]:
    """Technologies and positions in value chains that none of the partners has."""
    held = {code for one in partnership.organisations for code in (*one.technologies, *one.chain_positions)}
    found = [(Because.CAPABILITY, code) for code in organisation.technologies if code not in held]
    found += [(Because.POSITION, code) for code in organisation.chain_positions if code not in held]
    return tuple(_why(partnership, organisation, because, code) for because, code in found)


def themes_in_common(partnership: Partnership, organisation: Organisation) -> tuple[Why, ...]:
    """Themes it shares with the partners."""
    shared = [theme for theme in organisation.themes if theme in partnership.themes]
    return tuple(_why(partnership, organisation, Because.THEME, theme) for theme in shared)


def willingness(partnership: Partnership, organisation: Organisation) -> tuple[Why, ...]:
    """What it says about being asked."""
    found = [Because.WILLING] if organisation.open_to_contact else []
    found += [Because.SEEKS] if organisation.seeks.strip() else []
    return tuple(_why(partnership, organisation, because) for because in found)


def rules_helped(partnership: Partnership, organisation: Organisation, effect: Effect) -> tuple[Why, ...]:
    """The rules it closes, then those it brings nearer."""
    closed = [_why(partnership, organisation, Because.CLOSES, rule.id) for rule in effect.closes]
    return (*closed, *(_why(partnership, organisation, Because.NEARER, rule.id) for rule in effect.nearer))


def every_reason(partnership: Partnership, organisation: Organisation) -> tuple[Why, ...]:
    """All that speaks for an organisation, from what is stored now."""
    effect = effect_of(partnership.gap.search, partnership.as_partner(organisation))
    return (
        *rules_helped(partnership, organisation, effect),
        *capabilities_added(partnership, organisation),
        *themes_in_common(partnership, organisation),
        *willingness(partnership, organisation),
    )


def reasons_hold(act: Act, why: Why) -> bool:
    """Does a reason that was given still follow from what is stored? Asked of the database anew."""
    thing = _thing(act, why)
    organisation = act.session.get(Organisation, why.organisation_id)
    if thing is None or organisation is None:
        return False
    return why in every_reason(partnership_of(act, thing), organisation)


def _thing(act: Act, why: Why) -> Wanting | None:
    if why.noun == "application":
        return act.session.get(Application, why.thing_id)
    return act.session.get(Expression, why.thing_id)


def _why(partnership: Partnership, organisation: Organisation, because: Because, value: str = "") -> Why:
    return Why(because, partnership.noun, partnership.thing.id, organisation.id, value)
