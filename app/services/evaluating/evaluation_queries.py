"""What the pages of scores show: the reports of a call, how far they lie apart, and what was agreed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select

from app.access import visible
from app.act import Act
from app.models import Application, Assessment, Call
from app.services.assigning.assignment_queries import ReadersLine, readers_of
from app.services.calls.call import definition_of
from app.services.evaluating.scores import Totals, totals_of
from workflows.application import AFTER_SUBMISSION, State
from workflows.assessment import IN
from workflows.consensus import OPENED
from workflows.definition import CallDefinition
from workflows.scoring import spread


@dataclass(frozen=True)
class ResultLine:
    """One application in the list of scores: reports in, how far they lie apart, what was agreed."""

    line: ReadersLine
    reports_in: int
    widest: Decimal | None  # largest difference on a criterion, as a part of its points
    agreed: Totals | None


def sees_whole_call(act: Act, call: Call) -> bool:
    """Say whether no application of the call is kept from the person: whoever is tied to one sees no order of all."""
    of_call = (
        Application.call_id == call.id,
        Application.state.in_(AFTER_SUBMISSION - {State.SUBMITTED, State.WITHDRAWN}),
    )
    seen = visible(act, Application, "application.view_evaluation").where(*of_call).with_only_columns(Application.id)
    hidden = select(Application.id).where(*of_call, Application.id.not_in(seen))
    return act.session.scalar(hidden.limit(1)) is None


def results_of(act: Act, call: Call) -> list[ResultLine]:
    """Give the scores of a call, agreed ones first by their weighted total; nothing of reports still being written."""
    definition = definition_of(call)
    lines = [_result(line, definition) for line in readers_of(act, call)]
    return sorted(lines, key=lambda line: -(line.agreed.weighted if line.agreed else Decimal(-1)))


def _result(line: ReadersLine, call: CallDefinition) -> ResultLine:
    reports = [task.report for task in line.tasks if task.report is not None and task.report.state in IN]
    gaps = [gap for _code, gap in gaps_of(call, reports)]
    enough = len(reports) >= line.due  # fewer: no aggregate to anybody
    opened = enough and line.consensus is not None and line.consensus.state in OPENED
    totals = totals_of(call, line.consensus.scores) if opened and line.consensus else None
    agreed = totals if totals is not None and totals.is_complete else None
    return ResultLine(line, len(reports), max(gaps) if gaps and enough else None, agreed)


def gaps_of(call: CallDefinition, reports: Iterable[Assessment]) -> list[tuple[str, Decimal]]:
    """Give the criteria with how far the reports lie apart on them, widest first."""
    given: dict[str, dict[str, Decimal]] = defaultdict(dict)
    for report in reports:
        for score in report.scores:
            if score.points is not None:
                given[score.criterion][report.id] = score.points
    found = [(criterion.code, spread(criterion, given[criterion.code])) for criterion in call.criteria]
    return sorted(found, key=lambda pair: -pair[1])
