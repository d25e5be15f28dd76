"""Rules on sums, rates, shares and months. No division: both sides are multiplied out, so nothing is rounded."""

from collections.abc import Callable
from decimal import Decimal

from workflows.definition_rules import RuleSpec, Subject
from workflows.rules_counts import Result, number_in
from workflows.rules_facts import Answer, ConsortiumFacts, PartnerFacts, matches
from workflows.rules_text import amount_is, amount_unknown, cannot_tell, names_of, no_partners, ratio_is, share_is


def _amount(facts: ConsortiumFacts, subject: Subject | None) -> Decimal | None:
    if subject is Subject.MONTHS:
        return None if facts.months is None else Decimal(facts.months)
    return facts.requested_grant if subject is Subject.REQUESTED_GRANT else facts.total_eligible_cost


def max_value(rule: RuleSpec, facts: ConsortiumFacts) -> Result:
    return _between(rule, facts, None, number_in(rule))


def within(rule: RuleSpec, facts: ConsortiumFacts) -> Result:
    """Both limits belong to what is allowed; either may be missing."""
    return _between(rule, facts, rule.min, rule.max)


def _between(rule: RuleSpec, facts: ConsortiumFacts, least: Decimal | None, most: Decimal | None) -> Result:
    subject, amount = rule.of or Subject.REQUESTED_GRANT, _amount(facts, rule.of)
    if amount is None:
        return Answer.UNDETERMINED, (amount_unknown(subject),)
    fits = (least is None or amount >= least) and (most is None or amount <= most)
    return Answer.MET if fits else Answer.NOT_MET, (amount_is(subject, amount, facts.currency),)


def max_ratio(rule: RuleSpec, facts: ConsortiumFacts) -> Result:
    """`of` is at most `value` times `over`. Nothing over nothing cannot be told."""
    part, whole = _amount(facts, rule.of), _amount(facts, rule.over)
    unknown = [s for s, a in ((rule.of, part), (rule.over, whole)) if a is None and s is not None]
    if part is None or whole is None:
        return Answer.UNDETERMINED, tuple(amount_unknown(subject) for subject in unknown)
    if part == whole == 0:
        return Answer.UNDETERMINED, (amount_unknown(rule.over or Subject.TOTAL_ELIGIBLE_COST),)
    answer = Answer.MET if part <= number_in(rule) * whole else Answer.NOT_MET
    return answer, (ratio_is(part, whole, facts.currency),)


def min_share(rule: RuleSpec, facts: ConsortiumFacts) -> Result:
    return _share(rule, facts, lambda part, whole: part >= number_in(rule) * whole)


def max_share(rule: RuleSpec, facts: ConsortiumFacts) -> Result:
    return _share(rule, facts, lambda part, whole: part <= number_in(rule) * whole)


def _share(rule: RuleSpec, facts: ConsortiumFacts, fits: Callable[[Decimal, Decimal], bool]) -> Result:
    """Share of partners, or of the money, that matches: judged with none and with all of what cannot be told."""
    partners = facts.counted()
    weights = [_weight(partner, rule.of) for partner in partners]
    if None in weights:
        return Answer.UNDETERMINED, (names_of("share-unknown", [p for p in partners if p.share is None]),)
    whole = sum((weight for weight in weights if weight is not None), Decimal(0))
    if not whole:
        return Answer.UNDETERMINED, (no_partners(),)
    sure = maybe = Decimal(0)
    unknown: list[str] = []
    for partner, weight in zip(partners, weights, strict=True):
        answer = matches(partner, rule.where, facts)
        sure += weight if answer and weight else 0
        maybe += weight if answer is None and weight else 0
        unknown += [partner.name] if answer is None else []
    told = (share_is(sure, whole), *((cannot_tell(tuple(unknown)),) if unknown else ()))
    answers = {fits(sure, whole), fits(sure + maybe, whole)}
    if len(answers) > 1:
        return Answer.UNDETERMINED, told
    return Answer.MET if answers == {True} else Answer.NOT_MET, told


def _weight(partner: PartnerFacts, subject: Subject | None) -> Decimal | None:
    return Decimal(1) if subject is Subject.PARTNERS else partner.share
