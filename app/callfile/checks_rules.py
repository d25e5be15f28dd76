"""Cross checks of the rules of a call: the operands of each kind, and the codes they name."""

from collections.abc import Iterator
from dataclasses import fields
from decimal import Decimal

from app import geography, taxonomy
from app.callfile.problems import Problem, problem
from workflows.definition import CallDefinition, RuleKind, RuleSpec
from workflows.rules import COUNTED_ROLES, OPERANDS
from workflows.words import _

_NOT_OPERANDS = ("id", "rule", "severity", "message")
_PARTS_OF_ONE = (RuleKind.MIN_SHARE, RuleKind.MAX_SHARE, RuleKind.MAX_RATIO)
_COUNTS = (RuleKind.MIN_COUNT, RuleKind.MAX_COUNT, RuleKind.MIN_DISTINCT)


def check_rules(call: CallDefinition) -> Iterator[Problem]:
    for rule in call.rules:
        path = f"rules[{rule.id}]"
        yield from _operands(path, rule)
        yield from _numbers(path, rule)
        yield from _names(path, rule)


def _operands(path: str, rule: RuleSpec) -> Iterator[Problem]:
    takes = OPERANDS[rule.rule]
    given = {f.name for f in fields(rule) if f.name not in _NOT_OPERANDS and getattr(rule, f.name) not in (None, ())}
    for name in sorted(takes.needs - given):
        text = _("A rule of kind {rule} needs “{name}”; add it.")
        yield problem(f"{path}.{name}", "operand-missing", text, rule=rule.rule.value, name=name)
    for name in sorted(given - takes.needs - takes.may):
        text = _("A rule of kind {rule} has no use for “{name}”; remove it.")
        yield problem(f"{path}.{name}", "operand-unused", text, rule=rule.rule.value, name=name)
    for name, subject, allowed in (("of", rule.of, takes.of), ("over", rule.over, takes.over)):
        if subject is not None and allowed and subject not in allowed:
            text = _("A rule of kind {rule} cannot be about “{subject}”; write one of: {known}.")
            known = ", ".join(one.value for one in allowed)
            yield problem(
                f"{path}.{name}", "operand-wrong", text, rule=rule.rule.value, subject=subject.value, known=known
            )
    if rule.group_by is not None and rule.group_by.value not in ("region", "country"):
        yield problem(
            f"{path}.group_by", "operand-wrong", _("Groups are made by region or by country; write one of them.")
        )


def _numbers(path: str, rule: RuleSpec) -> Iterator[Problem]:
    if rule.value is not None and rule.value < 0:
        yield problem(f"{path}.value", "negative", _("The number of a rule cannot be negative."))
    if rule.rule in _PARTS_OF_ONE and rule.value is not None and rule.value > 1:
        text = _("A rate is a part of one: write {part} for {value} %.")
        part = format((rule.value / 100).normalize(), "f")
        yield problem(f"{path}.value", "rate-above-one", text, part=part, value=rule.value)
    if rule.rule in _COUNTS and rule.value is not None and rule.value != rule.value.to_integral_value():
        yield problem(f"{path}.value", "not-whole", _("A count needs a whole number."))
    if rule.rule is RuleKind.WITHIN and rule.min is None and rule.max is None:
        yield problem(path, "operand-missing", _("Give `min`, `max` or both."))
    if rule.min is not None and rule.max is not None and Decimal(rule.min) > rule.max:
        yield problem(f"{path}.min", "limits-order", _("`min` is greater than `max`; exchange them."))


def _names(path: str, rule: RuleSpec) -> Iterator[Problem]:
    yield from check_kinds(f"{path}.kind_in", rule.kind_in)
    yield from check_groups(f"{path}.among", rule.among)
    where = rule.where
    if where is None:
        return
    yield from check_kinds(f"{path}.where.kind_in", where.kind_in)
    yield from check_groups(f"{path}.where.country_in", where.country_in)
    yield from _known(f"{path}.where.fund_category_in", where.fund_category_in, geography.CATEGORIES)
    if where.role is not None:
        yield from _known(f"{path}.where.role", (where.role,), COUNTED_ROLES)
    if not (where.role or where.kind_in or where.country_in or where.fund_category_in):
        yield problem(f"{path}.where", "no-condition", _("`where` says nothing; give a condition or remove it."))


def _known(path: str, given: tuple[str, ...], known: tuple[str, ...]) -> Iterator[Problem]:
    for name in given:
        if name not in known:
            text = _("“{name}” is not known here; write one of: {known}.")
            yield problem(path, "unknown-name", text, name=name, known=", ".join(known))


def check_kinds(path: str, kinds: tuple[str, ...]) -> Iterator[Problem]:
    """Are these kinds of organisation in the taxonomy?"""
    yield from _known(path, kinds, tuple(term.code for term in taxonomy.terms("organisation_types")))


def check_groups(path: str, groups: tuple[str, ...]) -> Iterator[Problem]:
    """Are these groups of countries, or ISO codes?"""
    for name in groups:
        if name not in geography.GROUPS and geography.country(name) is None:
            text = _("“{name}” is neither a group of countries ({known}) nor the ISO code of one.")
            yield problem(path, "unknown-group", text, name=name, known=", ".join(geography.GROUPS))
