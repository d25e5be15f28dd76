"""What a budget adds up to: totals by partner and by category, flat indirect costs, rates. Nothing here is typed in."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from workflows.definition_questions import Question
from workflows.question_tables import GRANT, PARTNER, Row, categories_of

_CENT = Decimal("0.01")
_HUNDREDTH_PERCENT = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class PartnerBudget:
    """One partner's line. Indirect costs are a flat rate of the direct ones, to the cent."""

    partner: str
    costs: tuple[Decimal, ...]
    indirect: Decimal
    grant: Decimal

    @property
    def direct(self) -> Decimal:
        return sum(self.costs, Decimal(0))

    @property
    def total(self) -> Decimal:
        return self.direct + self.indirect

    @property
    def rate(self) -> Decimal | None:
        """Part of the cost the grant covers, between 0 and 1; None where nothing costs anything."""
        return rate(self.grant, self.total)


@dataclass(frozen=True, slots=True)
class Budget:
    """The whole table, in the order of its rows and categories."""

    categories: tuple[str, ...]
    partners: tuple[PartnerBudget, ...]

    @property
    def by_category(self) -> tuple[Decimal, ...]:
        return tuple(sum((p.costs[at] for p in self.partners), Decimal(0)) for at in range(len(self.categories)))

    @property
    def indirect(self) -> Decimal:
        return sum((partner.indirect for partner in self.partners), Decimal(0))

    @property
    def total(self) -> Decimal:
        """Total eligible cost."""
        return sum((partner.total for partner in self.partners), Decimal(0))

    @property
    def grant(self) -> Decimal:
        return sum((partner.grant for partner in self.partners), Decimal(0))

    @property
    def rate(self) -> Decimal | None:
        return rate(self.grant, self.total)


def rate(part: Decimal, whole: Decimal) -> Decimal | None:
    """Part of the whole for showing, to a hundredth of a per cent; rules compare without division."""
    return (part / whole).quantize(_HUNDREDTH_PERCENT) if whole else None


def budget_of(question: Question, rows: Sequence[Row]) -> Budget:
    """The totals of an answer to a budget question; empty cells and cells that were refused count as nothing."""
    codes = tuple(category.code for category in categories_of(question))
    flat = question.indirect_rate or Decimal(0)
    partners = []
    for row in rows:
        costs = tuple(_money(row.get(code)) for code in codes)
        indirect = (sum(costs, Decimal(0)) * flat).quantize(_CENT, rounding=ROUND_HALF_UP)
        partners.append(PartnerBudget(str(row.get(PARTNER) or ""), costs, indirect, _money(row.get(GRANT))))
    return Budget(codes, tuple(partners))


def _money(cell: object) -> Decimal:
    if not isinstance(cell, str) or not cell.replace(".", "", 1).isdigit():
        return Decimal(0)
    return Decimal(cell)
