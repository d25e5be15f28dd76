"""What rules and their facts are called in words. Values go in as parameters; lists of names are joined by commas."""

from collections.abc import Collection, Iterable, Mapping
from decimal import ROUND_DOWN, Decimal
from types import MappingProxyType

from workflows.definition_rules import RuleKind, RuleSpec, Subject
from workflows.rules_facts import PartnerFacts
from workflows.verdict import Reason
from workflows.words import Codes, Text, _, plural

# fmt: off
_COUNTED: Mapping[Subject, Text] = MappingProxyType({
    Subject.PARTNERS:      plural("{n} partner counts: {names}.", "{n} partners count: {names}."),
    Subject.REGIONS:       plural("{n} region takes part: {names}.", "{n} regions take part: {names}."),
    Subject.REGION:        plural("{n} region takes part: {names}.", "{n} regions take part: {names}."),
    Subject.COUNTRIES:     plural("{n} country takes part: {names}.", "{n} countries take part: {names}."),
    Subject.COUNTRY:       plural("{n} country takes part: {names}.", "{n} countries take part: {names}."),
    Subject.KIND:          plural("{n} kind of organisation takes part: {names}.", "{n} kinds of organisation take part: {names}."),
    Subject.THEMATIC_AREA: plural("{n} thematic area is named: {names}.", "{n} thematic areas are named: {names}."),
})
_MATCHING: Mapping[Subject, Text] = MappingProxyType({
    Subject.PARTNERS:  plural("{n} partner meets the condition: {names}.", "{n} partners meet the condition: {names}."),
    Subject.REGIONS:   plural("{n} region meets the condition: {names}.", "{n} regions meet the condition: {names}."),
    Subject.COUNTRIES: plural("{n} country meets the condition: {names}.", "{n} countries meet the condition: {names}."),
})
_NONE: Mapping[Subject, Text] = MappingProxyType({
    Subject.PARTNERS:      _("No partner counts yet."),
    Subject.REGIONS:       _("No region is known to take part."),
    Subject.REGION:        _("No region is known to take part."),
    Subject.COUNTRIES:     _("No country is known to take part."),
    Subject.COUNTRY:       _("No eligible country is known to take part."),
    Subject.KIND:          _("No kind of organisation is known."),
    Subject.THEMATIC_AREA: _("No thematic area is named."),
})
_AMOUNT: Mapping[Subject, Text] = MappingProxyType({
    Subject.REQUESTED_GRANT:     _("The requested grant is {amount} {currency}."),
    Subject.TOTAL_ELIGIBLE_COST: _("The total eligible cost is {amount} {currency}."),
    Subject.MONTHS:              _("The project runs {amount} months."),
})
_AMOUNT_UNKNOWN: Mapping[Subject, Text] = MappingProxyType({
    Subject.REQUESTED_GRANT:     _("The requested grant is not given yet."),
    Subject.TOTAL_ELIGIBLE_COST: _("The total eligible cost is not given yet."),
    Subject.MONTHS:              _("The length of the project is not given yet."),
})
_NAMES: Mapping[str, Text] = MappingProxyType({
    "invited":       plural("{names} has not accepted yet and does not count.", "{n} partners have not accepted yet and do not count: {names}."),
    "not-matching":  plural("{names} does not meet the condition.", "{n} partners do not meet the condition: {names}."),
    "share-unknown": plural("The share of {names} is not given yet.", "The shares of {n} partners are not given yet: {names}."),
})
_RULE: Mapping[RuleKind, Text] = MappingProxyType({
    RuleKind.MIN_COUNT:      _("At least {value} are needed."),
    RuleKind.MAX_COUNT:      _("At most {value} are allowed."),
    RuleKind.MIN_DISTINCT:   _("At least {value} different ones are needed."),
    RuleKind.EACH_GROUP_HAS: _("Every region that takes part needs a partner of the right kind."),
    RuleKind.MIN_SHARE:      _("A least share of {percent} % is needed."),
    RuleKind.MAX_SHARE:      _("At most a share of {percent} % is allowed."),
    RuleKind.EXACTLY_ONE:    _("Exactly one partner must meet the condition."),
    RuleKind.ALL_SHARE:      _("All partners must have one in common."),
    RuleKind.ALL_MATCH:      _("Every partner must meet the condition."),
    RuleKind.ALL_ACCEPTED:   _("Every partner named must have accepted."),
    RuleKind.LEAD_MUST_BE:   _("The coordinator must meet the condition."),
    RuleKind.MAX_VALUE:      _("At most {value} is allowed."),
    RuleKind.MAX_RATIO:      _("At most {percent} % is allowed."),
    RuleKind.WITHIN:         _("The value must lie between {min} and {max}."),
})
_DERIVED: Mapping[str, Text] = MappingProxyType({
    "eligible_kinds":     _("Every partner must be an organisation of an eligible kind."),
    "eligible_countries": _("Every partner must be established in an eligible country."),
    "project_months":     _("The project must run between {min} and {max} months."),
})
# fmt: on


def plain(number: Decimal) -> str:
    """A number without exponent and without zeros that say nothing: 350000, 0.75."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def describe(rule: RuleSpec) -> Reason:
    """The rule in words: the call's own message, else the sentence of its kind."""
    if rule.message:
        return Reason(rule.id, _("{message}"), {"message": rule.message})
    numbers = {"value": rule.value, "min": rule.min, "max": rule.max}
    params: dict[str, object] = {name: "" if number is None else plain(number) for name, number in numbers.items()}
    params["percent"] = "" if rule.value is None else plain(rule.value * 100)
    return Reason(rule.id, _DERIVED.get(rule.id, _RULE[rule.rule]), params)


def counted(subject: Subject, number: int, names: Collection[str], *, limited: bool) -> Reason:
    """How many match, and which; `limited` when a condition narrows the count."""
    if not number:
        return Reason("none-match", _("Nothing is known to meet the condition.")) if limited else _none(subject)
    text = _MATCHING[subject] if limited and subject in _MATCHING else _COUNTED[subject]
    return Reason("counted", text, {"n": number, "names": Codes(subject, names)})


def _none(subject: Subject) -> Reason:
    return Reason("none", _NONE[subject])


def cannot_tell(names: tuple[str, ...], subject: Subject = Subject.PARTNERS) -> Reason:
    """For partners by name, and for places and the like by their code."""
    text = plural("It cannot be told yet for {names}.", "It cannot be told yet for {n}: {names}.")
    return Reason("cannot-tell", text, {"n": len(names), "names": Codes(subject, names)})


def names_of(code: str, partners: Iterable[PartnerFacts]) -> Reason:
    """A sentence about the partners named; `code` is a key of the sentences above."""
    names = [partner.name for partner in partners]
    return Reason(code, _NAMES[code], {"n": len(names), "names": ", ".join(names)})


def no_partners() -> Reason:
    return Reason("no-partners", _("No partner counts yet."))


def no_coordinator() -> Reason:
    return Reason("no-coordinator", _("Nobody coordinates yet."))


def all_in_order(number: int) -> Reason:
    text = plural(
        "The only partner was looked at, nothing against it.", "{n} partners were looked at, nothing against any."
    )
    return Reason("all-in-order", text, {"n": number})


def nothing_shared(subject: Subject) -> Reason:
    if subject is Subject.THEMATIC_AREA:
        return Reason("nothing-shared", _("The partners have no thematic area in common."))
    return Reason("nothing-shared", _("The partners have none in common."))


def shared(subject: Subject, values: Collection[str]) -> Reason:
    params = {"names": Codes(subject, sorted(values))}
    if subject is Subject.THEMATIC_AREA:
        return Reason("shared", _("Thematic area in common: {names}."), params)
    return Reason("shared", _("In common: {names}."), params)


def group_without(subject: Subject, group: str) -> Reason:
    return Reason(
        "group-without", _("{group} has no partner of the kinds asked for."), {"group": Codes(subject, [group])}
    )


def all_represented(subject: Subject, groups: Iterable[str]) -> Reason:
    params = {"names": Codes(subject, sorted(groups))}
    if subject is Subject.COUNTRY:
        return Reason("all-represented", _("Each country has a partner of the kinds asked for: {names}."), params)
    return Reason("all-represented", _("Each region has a partner of the kinds asked for: {names}."), params)


def amount_is(subject: Subject, amount: Decimal, currency: str) -> Reason:
    return Reason("amount", _AMOUNT[subject], {"amount": amount, "currency": currency})


def amount_unknown(subject: Subject) -> Reason:
    return Reason("amount-unknown", _AMOUNT_UNKNOWN[subject])


def _percent(part: Decimal, whole: Decimal) -> str:
    """Cut, not rounded, after two places: 74.999 % must not read as the 75 % it stays under."""
    return plain((part * 100 / whole).quantize(Decimal("0.01"), rounding=ROUND_DOWN)) if whole else "–"


def ratio_is(part: Decimal, whole: Decimal, currency: str) -> Reason:
    params = {"part": part, "whole": whole, "percent": _percent(part, whole), "currency": currency}
    return Reason("ratio", _("{part} {currency} of {whole} {currency} is {percent} %."), params)


def share_is(part: Decimal, whole: Decimal) -> Reason:
    return Reason("share", _("{percent} % is known to meet the condition."), {"percent": _percent(part, whole)})
