"""What rules of a consortium may know, and the three answers. An unknown value is never taken for good or bad."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from workflows.definition_rules import Where

# Markers of a fund category besides the categories themselves.
OUTSIDE_EU = "outside_eu"
UNKNOWN = "unknown"

COORDINATOR = "coordinator"
PARTNER = "partner"
# Associated partners and observers take part without money and count for no rule.
COUNTED_ROLES = (COORDINATOR, PARTNER)


class Answer(StrEnum):
    MET = "met"
    NOT_MET = "not_met"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, kw_only=True, slots=True)
class PartnerFacts:
    """One partner. `entity` names the legal entity: the same entity twice counts once."""

    entity: str
    name: str
    kinds: tuple[str, ...] = ()
    country: str | None = None
    region: str | None = None
    fund_category: str = UNKNOWN
    role: str = PARTNER
    thematic_areas: tuple[str, ...] = ()
    accepted: bool = True
    share: Decimal | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ConsortiumFacts:
    """A consortium on one day. `country_groups` holds the ISO codes of each group on the day that counts for the call.

    `share` of a partner is its part of the grant; only proportions matter, so money and per cent both do.
    """

    partners: tuple[PartnerFacts, ...] = ()
    requested_grant: Decimal | None = None
    total_eligible_cost: Decimal | None = None
    months: int | None = None
    currency: str = "EUR"
    country_groups: Mapping[str, frozenset[str]] = field(default_factory=dict, hash=False)

    def counted(self) -> tuple[PartnerFacts, ...]:
        """Partners that count: accepted, with a full role, each legal entity once (as coordinator if it is one)."""
        found: dict[str, PartnerFacts] = {}
        for partner in self.partners:
            if not partner.accepted or partner.role not in COUNTED_ROLES:
                continue
            if partner.entity not in found or partner.role == COORDINATOR:
                found[partner.entity] = partner
        return tuple(found.values())

    def invited(self) -> tuple[PartnerFacts, ...]:
        """Partners that would count and have not accepted yet."""
        return tuple(p for p in self.partners if not p.accepted and p.role in COUNTED_ROLES)

    def countries_in(self, groups: Iterable[str]) -> frozenset[str]:
        """All ISO codes of groups or single codes. KeyError for a group the facts do not hold."""
        found: set[str] = set()
        for group in groups:
            known = self.country_groups.get(group)
            found |= {group} if known is None and _is_iso(group) else self.country_groups[group]
        return frozenset(found)


def _is_iso(text: str) -> bool:
    return len(text) == len("XX")


def matches(partner: PartnerFacts, where: Where | None, facts: ConsortiumFacts) -> bool | None:
    """Does a partner meet the conditions? None: cannot be told."""
    if where is None:
        return True
    answers: list[bool | None] = []
    if where.role is not None:
        answers.append(partner.role == where.role)
    if where.kind_in:
        answers.append(bool(set(partner.kinds) & set(where.kind_in)) if partner.kinds else None)
    if where.country_in:
        answers.append(partner.country in facts.countries_in(where.country_in) if partner.country else None)
    if where.fund_category_in:
        answers.append(None if partner.fund_category == UNKNOWN else partner.fund_category in where.fund_category_in)
    return all_of(answers)


def all_of(answers: Iterable[bool | None]) -> bool | None:
    """And, with None for "cannot be told": one no decides."""
    given = list(answers)
    if False in given:
        return False
    return None if None in given else True


def any_of(answers: Iterable[bool | None]) -> bool | None:
    """Or, with None for "cannot be told": one yes decides."""
    given = list(answers)
    if True in given:
        return True
    return None if None in given else False
