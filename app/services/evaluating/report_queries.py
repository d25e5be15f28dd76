"""What an expert sees of their own work: what to score and to agree; nothing of anybody else's before that."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import selectinload

from app.access import visible
from app.act import Act
from app.matters import called
from app.models import Application, Assessment, Assignment, Consensus
from app.services.calls.call import definition_of
from app.services.evaluating.pins import places_of
from app.services.evaluating.scores import Totals, totals_of
from app.services.organisations.names import fold
from workflows.assessment import WRITABLE
from workflows.consensus import State as ConsensusState
from workflows.definition import CallDefinition


@dataclass(frozen=True)
class Mine:
    """One application the expert reads, with their own report."""

    report: Assessment
    assignment: Assignment
    totals: Totals
    call: CallDefinition
    consensus: Consensus | None
    place: str = ""  # the anchor at which reading stopped

    @property
    def application(self) -> Application:
        return self.report.application

    @property
    def is_open(self) -> bool:
        return self.report.state in WRITABLE

    @property
    def started(self) -> bool:
        return any(line.points is not None or line.reasons for line in self.report.scores)

    @property
    def lines(self) -> dict[str, str]:
        return {
            line.criterion: "" if line.points is None else f"{line.points.normalize():f}" for line in self.report.scores
        }


def my_reports(act: Act, words: str = "") -> list[Mine]:
    """Give the acting expert's reports: open ones first by their due date, then the finished ones."""
    query = (
        visible(act, Assessment, "assessment.view")
        .where(Assessment.person_id == act.person_id)
        .options(
            selectinload(Assessment.application).selectinload(Application.call),
            selectinload(Assessment.assignment),
            selectinload(Assessment.scores),
        )
    )
    reports = [r for r in act.session.scalars(query) if fold(words) in fold(_searched(r.application))]
    calls = {r.application.call_id: r.application.call for r in reports}
    definitions = {key: definition_of(call) for key, call in calls.items()}
    opened = _opened(act, [r.application_id for r in reports])
    places = places_of(act, [r.id for r in reports])
    mine = [
        _mine(report, definitions[report.application.call_id], opened, places.get(report.id, "")) for report in reports
    ]
    return sorted(mine, key=_order)


def _searched(application: Application) -> str:
    """Give what a search looks through: where names are hidden, only what stands on the list."""
    return application.number if application.call.anonymous else f"{application.acronym} {application.title}"


def _opened(act: Act, applications: list[str]) -> dict[str, Consensus]:
    query = visible(act, Consensus, "consensus.view").where(
        Consensus.application_id.in_(applications), Consensus.state != ConsensusState.ENDED
    )
    return {consensus.application_id: consensus for consensus in act.session.scalars(query)}


def _mine(report: Assessment, call: CallDefinition, opened: dict[str, Consensus], place: str) -> Mine:
    totals = totals_of(call, report.scores)
    return Mine(report, report.assignment, totals, call, opened.get(report.application_id), place)


def _order(mine: Mine) -> tuple[bool, bool, str, str, str]:
    due = mine.assignment.due_at
    return (not mine.is_open, due is None, due.isoformat() if due else "", called(mine.application), mine.report.id)


@dataclass(frozen=True)
class Place:
    """Where one report stands in the list."""

    at: int
    finished: int
    previous: str | None
    next: str | None


def place_of(reports: list[Mine], report: Assessment) -> Place:
    """Find a report in the list: its place, counted from 1, and its neighbours' ids."""
    ids = [mine.report.id for mine in reports]
    at = ids.index(report.id) if report.id in ids else 0
    return Place(
        at=at + 1,
        finished=sum(not mine.is_open for mine in reports),
        previous=ids[at - 1] if at > 0 else None,
        next=ids[at + 1] if at + 1 < len(ids) else None,
    )


def next_open(reports: list[Mine], after: Assessment) -> Mine | None:
    """Give the next report still being written, going round the list from the one just left."""
    places = [mine.report.id for mine in reports]
    start = places.index(after.id) + 1 if after.id in places else 0
    return next(
        (mine for mine in reports[start:] + reports[:start] if mine.is_open and mine.report.id != after.id), None
    )
