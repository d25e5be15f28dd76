"""What evaluators have done for a call, task by task with its day: the one count behind statements and workload."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.act import Act
from app.models import Application, Assessment, Call, Consensus, Signature
from app.services.calls.call import definition_of
from workflows.assessment import IN
from workflows.consensus import State as ConsensusState
from workflows.definition_evaluation import Work
from workflows.words import _

REPORT, CONSENSUS, PANEL_DAY = "report", "consensus", "panel_day"
NAMES: Mapping[str, str] = {
    REPORT: _("Individual report"),
    CONSENSUS: _("Consensus report"),
    PANEL_DAY: _("Day of the panel"),
}
DONE = frozenset({ConsensusState.AGREED, ConsensusState.APPROVED})
Lines = list[dict[str, Any]]


def lines_of(
    act: Act, call: Call, people: Collection[str] | None = None, panel_days: Mapping[str, Sequence[str]] | None = None
) -> dict[str, Lines]:
    """Give each person's finished tasks by day: unit, local day and number of the application.

    A report that was set aside for a conflict of interest was no work for this call: it does not count.
    """
    found: defaultdict[str, Lines] = defaultdict(list)
    zone = ZoneInfo(call.zone)
    reports = (
        select(Assessment.person_id, Assessment.finished_at, Application.number)
        .join(Application, Application.id == Assessment.application_id)
        .where(Application.call_id == call.id, Assessment.state.in_(IN), Assessment.finished_at.is_not(None))
    )
    signed = (
        select(Signature.person_id, Signature.at, Application.number)
        .join(Consensus, Consensus.id == Signature.consensus_id)
        .join(Application, Application.id == Consensus.application_id)
        .where(Application.call_id == call.id, Signature.voided_at.is_(None), Consensus.state.in_(DONE))
    )
    for unit, query in ((REPORT, reports), (CONSENSUS, signed)):
        for person, at, number in act.session.execute(query):
            if at is not None and (people is None or person in people):
                found[person].append(_line(unit, at.astimezone(zone).date(), number))
    for person, days in (panel_days or {}).items():
        found[person] += [_line(PANEL_DAY, date.fromisoformat(day), "") for day in days]
    return {
        person: sorted(lines, key=lambda one: (one["on"], one["unit"], one["number"]))
        for person, lines in found.items()
    }


def _line(unit: str, day: date, number: str) -> dict[str, Any]:
    return {"unit": unit, "on": day.isoformat(), "number": number}


def terms_of(call: Call) -> Work:
    definition = definition_of(call)
    return definition.evaluation.work if definition.evaluation else Work()


def units_of(terms: Work, lines: Sequence[Mapping[str, Any]]) -> Decimal:
    """Add up what the lines count in the call's units."""
    worth = {REPORT: terms.report, CONSENSUS: terms.consensus, PANEL_DAY: terms.panel_day}
    return sum((worth[line["unit"]] for line in lines), Decimal(0))
