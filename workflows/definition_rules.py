"""Rules of a call as data: which kind, about what, with which operands. What they mean is in rules.py."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Annotated


class Severity(StrEnum):
    BLOCKING = "blocking"
    WARNING = "warning"
    ADVISORY = "advisory"


class RuleKind(StrEnum):
    MIN_COUNT = "min_count"
    MAX_COUNT = "max_count"
    MIN_DISTINCT = "min_distinct"
    EACH_GROUP_HAS = "each_group_has"
    MIN_SHARE = "min_share"
    MAX_SHARE = "max_share"
    EXACTLY_ONE = "exactly_one"
    ALL_SHARE = "all_share"
    ALL_MATCH = "all_match"
    ALL_ACCEPTED = "all_accepted"
    LEAD_MUST_BE = "lead_must_be"
    MAX_VALUE = "max_value"
    MAX_RATIO = "max_ratio"
    WITHIN = "within"


class Subject(StrEnum):
    """What a rule counts, compares or limits."""

    PARTNERS = "partners"
    REGIONS = "regions"
    COUNTRIES = "countries"
    COUNTRY = "country"
    REGION = "region"
    KIND = "kind"
    THEMATIC_AREA = "thematic_area"
    REQUESTED_GRANT = "requested_grant"
    TOTAL_ELIGIBLE_COST = "total_eligible_cost"
    MONTHS = "months"


@dataclass(frozen=True, kw_only=True, slots=True)
class Where:
    """Conditions a partner meets; all that are given must hold."""

    role: Annotated[str | None, "Role in the consortium: coordinator or partner."] = None
    kind_in: Annotated[tuple[str, ...], "At least one kind of the organisation is among these."] = ()
    country_in: Annotated[tuple[str, ...], "Country is one of these groups or ISO codes."] = ()
    fund_category_in: Annotated[tuple[str, ...], "Fund category of the seat's region is among these."] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class RuleSpec:
    """One rule of a call. Which operands a kind takes is OPERANDS in rules.py."""

    id: str
    rule: RuleKind
    severity: Severity = Severity.BLOCKING
    of: Annotated[Subject | None, "What is counted or limited."] = None
    over: Annotated[Subject | None, "For max_ratio: what it is divided by."] = None
    where: Where | None = None
    among: Annotated[tuple[str, ...], "For min_distinct: only values in these groups count."] = ()
    group_by: Annotated[Subject | None, "For each_group_has: region or country."] = None
    kind_in: Annotated[tuple[str, ...], "For each_group_has: kinds of which each group has some."] = ()
    value: Annotated[Decimal | None, "The number asked for."] = None
    min: Annotated[Decimal | None, "Least number."] = None
    max: Annotated[Decimal | None, "Greatest number."] = None
    message: Annotated[str, "What applicants read as the rule."] = ""
