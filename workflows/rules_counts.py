"""Rules that count. `sure` counts what is known to match, `possible` adds what may match."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from workflows.definition_rules import RuleSpec, Subject
from workflows.rules_facts import Answer, ConsortiumFacts, PartnerFacts, any_of, matches
from workflows.rules_text import cannot_tell, counted, names_of
from workflows.verdict import Reason

Result = tuple[Answer, tuple[Reason, ...]]


@dataclass(frozen=True, slots=True)
class Count:
    """How many match for sure, how many may, and which in words."""

    sure: int
    possible: int
    known: tuple[str, ...]
    unsure: tuple[str, ...]

    def at_least(self, number: Decimal) -> Answer:
        if self.sure >= number:
            return Answer.MET
        return Answer.UNDETERMINED if self.possible >= number else Answer.NOT_MET

    def at_most(self, number: Decimal) -> Answer:
        if self.possible <= number:
            return Answer.MET
        return Answer.UNDETERMINED if self.sure <= number else Answer.NOT_MET


def number_in(rule: RuleSpec) -> Decimal:
    """The number a rule asks for; a rule without one was refused when the call was read."""
    return rule.value if rule.value is not None else Decimal(1)


def value_of(partner: PartnerFacts, subject: Subject) -> tuple[str, ...]:
    """The partner's values of a field; empty where nothing is known."""
    if subject in (Subject.REGION, Subject.REGIONS):
        return (partner.region,) if partner.region else ()
    if subject in (Subject.COUNTRY, Subject.COUNTRIES):
        return (partner.country,) if partner.country else ()
    return partner.kinds if subject is Subject.KIND else partner.thematic_areas


def count(rule: RuleSpec, facts: ConsortiumFacts) -> Count:
    """Count partners, or the regions or countries in which a partner matches."""
    given = [(partner, matches(partner, rule.where, facts)) for partner in facts.counted()]
    if rule.of is Subject.PARTNERS:
        return _count_partners(given)
    return _count_places(given, rule.of or Subject.REGIONS)


def _count_partners(given: Iterable[tuple[PartnerFacts, bool | None]]) -> Count:
    known = tuple(partner.name for partner, answer in given if answer)
    unsure = tuple(partner.name for partner, answer in given if answer is None)
    return Count(len(known), len(known) + len(unsure), known, unsure)


def _count_places(given: list[tuple[PartnerFacts, bool | None]], subject: Subject) -> Count:
    """A partner whose place is unknown may stand in a place of its own, but surely stands in some place."""
    places: dict[str, list[bool | None]] = {}
    astray = [(partner, answer) for partner, answer in given if not value_of(partner, subject)]
    for partner, answer in given:
        for place in value_of(partner, subject):
            places.setdefault(place, []).append(answer)
    answers = {place: any_of(found) for place, found in places.items()}
    known = tuple(sorted(place for place, answer in answers.items() if answer))
    unsure = tuple(sorted(place for place, answer in answers.items() if answer is None))
    may = [partner.name for partner, answer in astray if answer is not False]
    possible = len(known) + len(unsure) + len(may)
    in_some_place = tuple(partner.name for partner, answer in astray if answer)[:1]
    sure = known or in_some_place
    return Count(len(sure), possible, sure, (*unsure, *may))


def min_count(rule: RuleSpec, facts: ConsortiumFacts) -> Result:
    found = count(rule, facts)
    return found.at_least(number_in(rule)), _told(rule, found, facts)


def max_count(rule: RuleSpec, facts: ConsortiumFacts) -> Result:
    found = count(rule, facts)
    return found.at_most(number_in(rule)), _told(rule, found, facts)


def exactly_one(rule: RuleSpec, facts: ConsortiumFacts) -> Result:
    found = count(rule, facts)
    least, most = found.at_least(Decimal(1)), found.at_most(Decimal(1))
    if Answer.NOT_MET in (least, most):
        answer = Answer.NOT_MET
    else:
        answer = Answer.MET if (least, most) == (Answer.MET, Answer.MET) else Answer.UNDETERMINED
    return answer, _told(rule, found, facts)


def min_distinct(rule: RuleSpec, facts: ConsortiumFacts) -> Result:
    """Different values among partners that match; only values in the groups of `among` count, if it is given."""
    subject = rule.of or Subject.COUNTRY
    allowed = facts.countries_in(rule.among) if rule.among else None
    sure: set[str] = set()
    maybe: set[str] = set()
    astray: list[str] = []
    for partner in facts.counted():
        answer = matches(partner, rule.where, facts)
        if answer is False:
            continue
        values = {v for v in value_of(partner, subject) if allowed is None or v in allowed}
        (sure if answer else maybe).update(values)
        if not value_of(partner, subject):
            astray.append(partner.name)
    unsure = tuple(sorted(maybe - sure))
    found = Count(len(sure), len(sure) + len(unsure) + len(astray), tuple(sorted(sure)), (*unsure, *astray))
    return found.at_least(number_in(rule)), _told(rule, found, facts)


def _told(rule: RuleSpec, found: Count, facts: ConsortiumFacts) -> tuple[Reason, ...]:
    told = [counted(rule.of or Subject.PARTNERS, found.sure, found.known, limited=rule.where is not None)]
    if found.unsure:
        told.append(cannot_tell(found.unsure, rule.of or Subject.PARTNERS))
    invited = facts.invited()
    if invited and rule.of is Subject.PARTNERS:
        told.append(names_of("invited", invited))
    return tuple(told)
