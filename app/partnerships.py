"""Partnerships in the shape of app/data/partnerships.yaml, and what the rules of a call may know of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from app import geography
from app.data_files import shipped
from app.geography import Settlements
from workflows.definition import CallDefinition
from workflows.rules_facts import COORDINATOR, PARTNER, ConsortiumFacts, PartnerFacts

# The file states its regions in this list.
VINTAGE = 2016


@dataclass(frozen=True, kw_only=True, slots=True)
class PartnerEntry:
    """One organisation of a partnership. `region` is None where the seat's region is not known."""

    name: str
    country: str
    region: str | None
    kinds: tuple[str, ...]
    role: str
    role_assumed: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Partnership:
    """A partnership as its sources describe it. What they leave open is None."""

    acronym: str
    title: str
    call: str
    status: str
    thematic_areas: tuple[str, ...]
    partners: tuple[PartnerEntry, ...]
    grant: Decimal | None
    total_cost: Decimal | None
    months: int | None
    start: str | None
    fate: str = ""  # of made-up partnerships: what a demonstration lets happen to them

    @property
    def eoi_only(self) -> bool:
        """It published an expression of interest and is not known to have gone on."""
        return self.status == "eoi_only"


def read_partnerships(data: bytes) -> tuple[Partnership, ...]:
    """The partnerships of a file, in its order. ValueError in plain words if it has another shape."""
    try:
        raw = YAML(typ="safe", pure=True).load(data)
        return tuple(_partnership(entry) for entry in raw["partnerships"])
    except YAMLError as error:
        raise ValueError(f"This is not valid YAML: {error}") from error
    except (KeyError, TypeError) as error:
        raise ValueError(f"A partnership of the file lacks something: {error}") from error


def shipped_partnerships() -> tuple[Partnership, ...]:
    """The real partnerships."""
    return read_partnerships(shipped("partnerships.yaml"))


def _partnership(raw: Mapping[str, Any]) -> Partnership:
    given = raw["partners"]
    leaderless = all(entry.get("role") != COORDINATOR for entry in given)
    return Partnership(
        acronym=raw["acronym"],
        title=raw["title"],
        call=raw["call"],
        status=raw["status"],
        thematic_areas=tuple(raw.get("thematic_areas", [raw["thematic_area"]])),
        partners=tuple(_partner(entry, leads=leaderless and not at) for at, entry in enumerate(given)),
        grant=_money(raw.get("grant_eur")),
        total_cost=_money(raw.get("total_cost_eur")),
        months=raw.get("duration_months"),
        start=raw.get("start"),
        fate=raw.get("fate", ""),
    )


def _partner(raw: Mapping[str, Any], *, leads: bool) -> PartnerEntry:
    """`leads`: nobody is stated to coordinate, so it is assumed that the first partner does."""
    kinds = tuple(raw[key] for key in ("kind", "also_kind") if key in raw)
    role = COORDINATOR if leads else raw.get("role", PARTNER)
    return PartnerEntry(
        name=raw["name"], country=raw["country"], region=raw["nuts"], kinds=kinds, role=role, role_assumed=leads
    )


def _money(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value)).quantize(Decimal("0.01"))


def facts_of(
    partnership: Partnership,
    call: CallDefinition,
    *,
    requested_grant: Decimal | None = None,
    total_eligible_cost: Decimal | None = None,
    months: int | None = None,
    settled: Settlements = geography.NOTHING_SETTLED,
) -> ConsortiumFacts:
    """What the rules of a call see in a partnership; values given here stand in where the sources name none."""
    partners = tuple(_facts(entry, partnership, call, settled) for entry in partnership.partners)
    return ConsortiumFacts(
        partners=partners,
        requested_grant=partnership.grant if partnership.grant is not None else requested_grant,
        total_eligible_cost=partnership.total_cost if partnership.total_cost is not None else total_eligible_cost,
        months=partnership.months or months,
        country_groups=geography.groups_on(call.countries_date),
    )


def _facts(entry: PartnerEntry, partnership: Partnership, call: CallDefinition, settled: Settlements) -> PartnerFacts:
    terms = call.regions
    region = geography.seat_region(entry.country, entry.region, vintage=terms.vintage, coded_in=VINTAGE)
    category = geography.fund_category(
        entry.country, region, vintage=terms.vintage, period=terms.fund_period, settled=settled
    )
    return PartnerFacts(
        entity=entry.name,
        name=entry.name,
        kinds=entry.kinds,
        country=entry.country,
        region=region,
        fund_category=category,
        role=entry.role,
        thematic_areas=partnership.thematic_areas,
    )
