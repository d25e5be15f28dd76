"""What is annexed to the signed act of a decision: the list, the reasons of each place, and the rules it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from app.models import Decision, Outcome
from app.services.calls.call import definition_of
from app.services.calls.call_words import tie_break
from app.services.deciding.ranking import trimmed
from app.services.reason_json import reason_from_json
from workflows.definition import CallDefinition
from workflows.words import _

LIST = _("Annex 1. The decision, application by application")
LIST_COLUMNS = (_("Place"), _("Application"), _("Number"), _("Points"), _("Grant asked ({currency})"), _("Decision"))
REASONS = _("Annex 2. The reasons, application by application")
REASONS_COLUMNS = (_("Application"), _("Reasons"))
CRITERIA = _("Annex 3. The rules: criteria")
CRITERIA_COLUMNS = (_("Criterion"), _("Most points"), _("Least to pass"), _("Weight in the order"))
ALL = _("All together")
ORDER = _("Annex 3. The rules: equals and limits")
ORDER_COLUMNS = (_("Rule"), _("As the call says it"))
EQUALS = _("Equals, rule {n}")
PLACES, MONEY = _("Awards expected"), _("Money, {currency}")
OF_STRAND = _("{what}, {strand}")
OUTCOMES = {Outcome.AWARD: _("awarded"), Outcome.HOLD_IN_RESERVE: _("reserve list"), Outcome.REJECT: _("rejected")}
NONE = "–"


def annexes_of(decision: Decision) -> list[dict[str, Any]]:
    """Give the annexes as tables, from the ranking as it was proposed and the rules of the call."""
    data, definition = decision.ranking or {"lines": [], "criteria": []}, definition_of(decision.call)
    ranked = {line["application"]: line for line in data["lines"]}
    currency = definition.budget.currency if definition.budget else "EUR"
    made = [
        _list(decision, ranked, currency),
        _reasons(decision, ranked),
        _criteria(data),
        _order(definition, currency),
    ]
    return [table for table in made if table["rows"]]


def _table(
    caption: str, columns: Iterable[str], rows: Iterable[Sequence[str]], numeric: Sequence[int] = ()
) -> dict[str, Any]:
    return {
        "caption": caption,
        "columns": list(columns),
        "rows": [list(row) for row in rows],
        "numeric": list(numeric),
    }


def _list(decision: Decision, ranked: Mapping[str, Any], currency: str) -> dict[str, Any]:
    rows = [
        [
            str(line.position),
            ranked[line.application_id]["acronym"],
            line.application.number or NONE,
            trimmed(line.weighted_total),
            f"{Decimal(ranked[line.application_id]['requested_grant']):,}",
            OUTCOMES[line.outcome],
        ]
        for line in decision.lines
    ]
    return _table(LIST, (column.format(currency=currency) for column in LIST_COLUMNS), rows, (0, 3, 4))


def _reasons(decision: Decision, ranked: Mapping[str, Any]) -> dict[str, Any]:
    rows = []
    for line in decision.lines:
        told = ranked[line.application_id]
        reasons = dict.fromkeys(reason_from_json(raw).plain() for raw in told["reasons"])  # a threshold is told twice
        rows.append([f"{told['acronym']} {told['number']}".strip(), " ".join(reasons)])
    return _table(REASONS, REASONS_COLUMNS, rows)


def _criteria(data: Mapping[str, Any]) -> dict[str, Any]:
    criteria = data["criteria"]
    rows = [[one["name"], one["max_points"], one["threshold"] or NONE, one["weight"]] for one in criteria]
    table = _table(CRITERIA, CRITERIA_COLUMNS, rows, (1, 2, 3))
    most = sum((Decimal(one["max_points"]) for one in criteria), Decimal(0))
    return table | {"total": [ALL, trimmed(most), data.get("overall_threshold") or NONE, ""]}


def _order(definition: CallDefinition, currency: str) -> dict[str, Any]:
    rows = [
        [EQUALS.format(n=number), tie_break(definition, rule).plain()]
        for number, rule in enumerate(definition.tie_breaks, start=1)
    ]
    money = MONEY.format(currency=currency)
    if definition.strands:
        for strand in definition.strands:
            for what, limit in ((PLACES, strand.expected_awards), (money, strand.total)):
                rows += [[OF_STRAND.format(what=what, strand=strand.title), f"{limit:,}"]] if limit is not None else []
    elif budget := definition.budget:
        for what, limit in ((PLACES, budget.expected_awards), (money, budget.total)):
            rows += [[what, f"{limit:,}"]] if limit is not None else []
    return _table(ORDER, ORDER_COLUMNS, rows)
