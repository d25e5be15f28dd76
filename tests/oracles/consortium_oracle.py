"""A second opinion on rules and repairs: slow, plain, and sharing no code with what it judges.

A rule is answered here by two plain questions, "does it hold for sure?" and "may it hold?", and repairs are found by
trying every set of additions. Only the data classes are shared.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations_with_replacement

from workflows.definition_rules import RuleKind as K
from workflows.definition_rules import Severity
from workflows.definition_rules import Subject as S

YES, NO, OPEN = "met", "not_met", "undetermined"


def said(sure, possible):
    return YES if sure else OPEN if possible else NO


def who_counts(facts):
    """Accepted, with a full role, each entity once, as coordinator if it is one."""
    counted = [p for p in facts.partners if p.accepted and p.role in ("coordinator", "partner")]
    entities = list(dict.fromkeys(p.entity for p in counted))
    of = {e: [p for p in counted if p.entity == e] for e in entities}
    return [next((p for p in reversed(of[e]) if p.role == "coordinator"), of[e][0]) for e in entities]


def who_waits(facts):
    return [p for p in facts.partners if not p.accepted and p.role in ("coordinator", "partner")]


def group(facts, names):
    return {iso for name in names for iso in facts.country_groups.get(name, {name})}


def could(partner, where, facts):
    """The truth values the condition may still turn out to have."""
    if where is None:
        return {True}
    worlds = {True}
    if where.role is not None and partner.role != where.role:
        return {False}
    if where.kind_in:
        worlds = meet(worlds, {any(k in where.kind_in for k in partner.kinds)} if partner.kinds else {True, False})
    if where.country_in:
        known = partner.country
        worlds = meet(worlds, {known in group(facts, where.country_in)} if known else {True, False})
    if where.fund_category_in:
        known = partner.fund_category != "unknown"
        worlds = meet(worlds, {partner.fund_category in where.fund_category_in} if known else {True, False})
    return worlds


def meet(one, other):
    return {a and b for a in one for b in other}


def values(partner, subject):
    match subject:
        case S.REGION | S.REGIONS:
            return [partner.region] if partner.region else []
        case S.COUNTRY | S.COUNTRIES:
            return [partner.country] if partner.country else []
        case S.KIND:
            return list(partner.kinds)
    return list(partner.thematic_areas)


def amount(facts, subject):
    return {S.MONTHS: facts.months, S.REQUESTED_GRANT: facts.requested_grant}.get(subject, facts.total_eligible_cost)


def fewest_and_most(rule, facts):
    """How many partners or places match for sure, and how many may."""
    people = [(p, could(p, rule.where, facts)) for p in who_counts(facts)]
    if rule.of is S.PARTNERS:
        return sum(w == {True} for _p, w in people), sum(True in w for _p, w in people)
    somewhere = {v for p, w in people if w == {True} for v in values(p, rule.of)}
    perhaps = {v for p, w in people if True in w for v in values(p, rule.of)}
    lost = [w for p, w in people if not values(p, rule.of) and True in w]
    fewest = len(somewhere) or int(any(w == {True} for w in lost))
    return fewest, len(perhaps) + len(lost)


def at_least(rule, facts):
    fewest, most = fewest_and_most(rule, facts)
    return said(fewest >= rule.value, most >= rule.value)


def at_most(rule, facts):
    fewest, most = fewest_and_most(rule, facts)
    return said(most <= rule.value, fewest <= rule.value)


def one(rule, facts):
    fewest, most = fewest_and_most(rule, facts)
    return said(fewest == most == 1, fewest <= 1 <= most)


def distinct(rule, facts):
    allowed = group(facts, rule.among) if rule.among else None
    sure, perhaps, blank = set(), set(), 0
    for p in who_counts(facts):
        worlds = could(p, rule.where, facts)
        if True not in worlds:
            continue
        mine = values(p, rule.of)
        blank += not mine
        counted = {v for v in mine if allowed is None or v in allowed}
        perhaps |= counted
        if worlds == {True}:
            sure |= counted
    return said(len(sure) >= rule.value, len(perhaps) + blank >= rule.value)


def group_has(rule, facts):
    people = who_counts(facts)
    least = 1 if rule.min is None else rule.min
    if not people:
        return OPEN
    lost = [p for p in people if not values(p, rule.group_by)]
    fits = {id(p): ({any(k in rule.kind_in for k in p.kinds)} if p.kinds else {True, False}) for p in people}
    helping = sum(True in fits[id(p)] for p in lost)
    sure, possible = not lost, True
    for name in {v for p in people for v in values(p, rule.group_by)}:
        inside = [fits[id(p)] for p in people if name in values(p, rule.group_by)]
        sure &= sum(w == {True} for w in inside) >= least
        if sum(w == {True} for w in inside) < least:
            possible &= sum(True in w for w in inside) + helping >= least
    return said(sure, possible)


def share(rule, facts):
    people = who_counts(facts)
    weights = [1 if rule.of is S.PARTNERS else p.share for p in people]
    if None in weights or not sum(weights):
        return OPEN
    worlds = [could(p, rule.where, facts) for p in people]
    low = sum(x for x, w in zip(weights, worlds, strict=True) if w == {True})
    high = sum(x for x, w in zip(weights, worlds, strict=True) if True in w)
    limit = rule.value * sum(weights)
    fits = [(part >= limit if rule.rule is K.MIN_SHARE else part <= limit) for part in (low, high)]
    return said(all(fits), any(fits))


def everybody(rule, facts):
    worlds = [could(p, rule.where, facts) for p in who_counts(facts)]
    return said(all(w == {True} for w in worlds), all(True in w for w in worlds)) if worlds else OPEN


def lead(rule, facts):
    worlds = [could(p, rule.where, facts) for p in who_counts(facts) if p.role == "coordinator"]
    return said(all(w == {True} for w in worlds), all(True in w for w in worlds)) if worlds else NO


def accepted(_rule, facts):
    return NO if who_waits(facts) else YES if who_counts(facts) else OPEN


def common(rule, facts):
    people = who_counts(facts)
    if not people:
        return OPEN
    held = [values(p, rule.of) for p in people]
    given = [h for h in held if h]
    if given and not any(all(v in h for h in given) for v in given[0]):
        return NO
    return OPEN if [] in held else YES


def ceiling(rule, facts):
    known = amount(facts, rule.of)
    return OPEN if known is None else said(known <= rule.value, known <= rule.value)


def between(rule, facts):
    known = amount(facts, rule.of)
    if known is None:
        return OPEN
    fits = (rule.min is None or known >= rule.min) and (rule.max is None or known <= rule.max)
    return said(fits, fits)


def ratio(rule, facts):
    part, of = amount(facts, rule.of), amount(facts, rule.over)
    if part is None or of is None or (part == 0 and of == 0):
        return OPEN
    return said(part <= rule.value * of, part <= rule.value * of)


JUDGES = {
    K.MIN_COUNT: at_least, K.MAX_COUNT: at_most, K.EXACTLY_ONE: one, K.MIN_DISTINCT: distinct, K.EACH_GROUP_HAS: group_has,
    K.MIN_SHARE: share, K.MAX_SHARE: share, K.ALL_MATCH: everybody, K.LEAD_MUST_BE: lead, K.ALL_ACCEPTED: accepted,
    K.ALL_SHARE: common, K.MAX_VALUE: ceiling, K.WITHIN: between, K.MAX_RATIO: ratio,
}  # fmt: skip


def judge(rule, facts):
    return JUDGES[rule.rule](rule, facts)


# -- repairs by trying everything -------------------------------------------------------------------------------------


@dataclass
class Opinion:
    """All sets of the smallest size that mend everything; None where none up to the limit does."""

    size: int | None
    sets: frozenset
    stuck: frozenset
    enough: frozenset  # sets of any size that mend everything


def joined(facts, profiles):
    added = tuple(profile.as_partner(f"added {n}") for n, profile in enumerate(profiles))
    return type(facts)(
        partners=(*facts.partners, *added), requested_grant=facts.requested_grant,
        total_eligible_cost=facts.total_eligible_cost, months=facts.months, country_groups=facts.country_groups,
    )  # fmt: skip


def opinion(rules, before, facts, universe, most):
    """`before`: what each rule answered for the consortium as it was; `facts`: it now, perhaps with one gone."""
    rules = [rule for rule in rules if rule.severity is Severity.BLOCKING]
    profiles = sorted(universe.profiles())
    tried = {}
    for size in range(most + 1):
        for chosen in combinations_with_replacement(profiles, size):
            then = joined(facts, chosen)
            tried[chosen] = [judge(rule, then) for rule in rules]
    aims, stuck = [], set()
    for place, rule in enumerate(rules):
        reached = {answers[place] for answers in tried.values()}
        if before[rule] == YES:
            aims.append({YES})
        elif before[rule] == OPEN:
            aims.append({YES, OPEN})
        elif YES in reached:
            aims.append({YES})
        else:
            aims.append({YES, OPEN})
            if OPEN not in reached:
                stuck.add(rule)
    good = [c for c, answers in tried.items() if all(a in aim for a, aim in zip(answers, aims, strict=True))]
    size = min(map(len, good), default=None)
    return Opinion(size, frozenset(c for c in good if len(c) == size), frozenset(stuck), frozenset(good))
