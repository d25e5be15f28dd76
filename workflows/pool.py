"""The pool of evaluators: what they may say of themselves, when they are free, and the balance of many against targets."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from workflows.definition_evaluation import Balance
from workflows.words import _

SECTORS: Mapping[str, str] = {
    "research": _("University or research"),
    "business": _("Business"),
    "cluster": _("Cluster or business network"),
    "public": _("Public administration"),
    "finance": _("Finance and investment"),
    "society": _("Civil society"),
    "independent": _("Independent consultant"),
}
GENDERS: Mapping[str, str] = {"woman": _("Woman"), "man": _("Man"), "other": _("In another way")}
USUAL_DAYS = 28  # to evaluate in, where no day is set
LEAST_FREE_DAYS = 7
Absence = tuple[date, date]  # first and last day


def absences_of(stored: Iterable[Sequence[str]]) -> list[Absence]:
    return [(date.fromisoformat(first), date.fromisoformat(last)) for first, last in stored]


def is_free(away: Sequence[Absence], today: date, until: date | None = None) -> bool:
    """Say whether there are enough days to evaluate in, from today to the day the report is due."""
    end = until if until is not None and until >= today else today + timedelta(days=USUAL_DAYS)
    days = [today + timedelta(days=n) for n in range((end - today).days + 1)]
    free = sum(not any(first <= day <= last for first, last in away) for day in days)
    return free >= min(LEAST_FREE_DAYS, len(days))


@dataclass(frozen=True)
class Member:
    """What the balance knows of one evaluator."""

    country: str
    gender: str
    sector: str
    newcomer: bool


@dataclass(frozen=True)
class Share:
    """One figure of the balance: how many of how many, and its target, if the call has one."""

    what: str  # country, gender, sector, newcomer
    value: str  # a code; empty: not said
    count: int
    of: int
    least: Decimal | None = None
    largest: Decimal | None = None

    @property
    def share(self) -> Decimal:
        return Decimal(self.count) / self.of if self.of else Decimal(0)

    @property
    def is_met(self) -> bool | None:
        """None: there is no target, or nobody to count."""
        if not self.of or (self.least is None and self.largest is None):
            return None
        low = self.least is None or self.share >= self.least
        return low and (self.largest is None or self.share <= self.largest)


def balance_of(members: Sequence[Member], targets: Balance) -> list[Share]:
    """Count a pool by country, gender, sector and newcomers; shares of gender are of those who say."""
    said = [one.gender for one in members if one.gender]
    least = {"woman": targets.least_women, "man": targets.least_men}
    genders = Counter(said)
    found = _counted("country", [one.country for one in members], targets.largest_country)
    found += [Share("gender", code, genders[code], len(said), least.get(code)) for code in GENDERS]
    found.append(Share("gender", "", len(members) - len(said), len(members)))
    found += _counted("sector", [one.sector for one in members], targets.largest_sector)
    newcomers = sum(one.newcomer for one in members)
    return [*found, Share("newcomer", "newcomer", newcomers, len(members), targets.least_newcomers)]


def _counted(what: str, values: Sequence[str], largest: Decimal | None) -> list[Share]:
    counts = sorted(Counter(values).items(), key=lambda one: (not one[0], -one[1], one[0]))
    return [Share(what, value, count, len(values), None, largest if value else None) for value, count in counts]
