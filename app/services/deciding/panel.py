"""The panel reviews all reports of a call side by side: what it sees, who has to be out, and its minutes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.access import visible
from app.act import Act
from app.models import (
    Application,
    Assessment,
    Assignment,
    Call,
    Consensus,
    PanelMark,
    PanelMinute,
    Person,
)
from app.services.calls.call import definition_of
from app.services.deciding.panel_marks import all_marks_of, marks_of, points_of
from app.services.evaluating.evaluation_queries import gaps_of
from app.services.evaluating.meeting import in_conflict
from app.services.permitted import relation_for
from app.services.transitions import Refused, note
from workflows.assessment import IN
from workflows.assignment import READING
from workflows.consensus import State
from workflows.definition import CallDefinition, Criterion
from workflows.scoring import Outcome, outcome_of
from workflows.verdict import refuse
from workflows.words import _

LONGEST = 4000  # characters of one entry of the minutes


@dataclass(frozen=True)
class Given:
    """What one report gives one criterion."""

    who: str
    points: Decimal | None
    reasons: str


@dataclass(frozen=True)
class PanelLine:
    """One criterion: each report, the agreed score, and the panel's where it changed it."""

    criterion: Criterion
    given: tuple[Given, ...]
    agreed: Decimal | None
    reasons: str
    mark: PanelMark | None

    @property
    def counts(self) -> Decimal | None:
        return self.mark.points if self.mark else self.agreed


@dataclass(frozen=True)
class PanelPage:
    lines: tuple[PanelLine, ...]
    outcome: Outcome | None
    changes: tuple[PanelMark, ...]
    may_be_present: tuple[Person, ...]
    out: tuple[Person, ...]
    minutes: tuple[PanelMinute, ...]


@dataclass(frozen=True)
class PanelRow:
    """One application in the list of the panel."""

    consensus: Consensus
    outcome: Outcome
    widest: Decimal | None
    changed: int
    minutes: int


def _is_complete(definition: CallDefinition, points: dict[str, Decimal]) -> bool:
    return all(criterion.code in points for criterion in definition.criteria)


def rows_of(act: Act, call: Call) -> list[PanelRow]:
    """List the approved reports of a call with the scores that count, the highest total first."""
    definition = definition_of(call)
    query = (
        visible(act, Consensus, "consensus.review")
        .where(Consensus.state == State.APPROVED)
        .where(Consensus.application_id.in_(select(Application.id).where(Application.call_id == call.id)))
        .options(selectinload(Consensus.scores), selectinload(Consensus.application))
    )
    found = list(act.session.scalars(query))
    marks, reports = marks_of(act, found), _reports(act, [one.application_id for one in found])
    said = [one.application_id for one in minutes_of(act, call)]
    rows = []
    for one in found:
        points = points_of(one, marks.get(one.id, {}))
        gaps = [gap for _code, gap in gaps_of(definition, reports.get(one.application_id, []))]
        if _is_complete(definition, points):
            outcome = outcome_of(definition, points)
            changed = len(marks.get(one.id, {}))
            rows.append(PanelRow(one, outcome, max(gaps, default=None), changed, said.count(one.application_id)))
    return sorted(rows, key=lambda row: (-row.outcome.ranking_total, row.consensus.application.number or ""))


def _reports(act: Act, applications: Sequence[str]) -> dict[str, list[Assessment]]:
    query = (
        select(Assessment)
        .join(Assignment, Assignment.id == Assessment.assignment_id)
        .where(Assessment.application_id.in_(applications), Assessment.state.in_(IN), Assignment.state.in_(READING))
        .options(selectinload(Assessment.scores))
        .order_by(Assessment.id)
    )
    found: dict[str, list[Assessment]] = {}
    for report in act.session.scalars(query):
        found.setdefault(report.application_id, []).append(report)
    return found


def panel_page(act: Act, consensus: Consensus) -> PanelPage:
    """Give all reports of one application side by side, and who may be present when it is talked about."""
    definition = definition_of(consensus.application.call)
    reports = _reports(act, [consensus.application_id]).get(consensus.application_id, [])
    names = {report.id: act.session.get_one(Person, report.person_id).name for report in reports}
    marks = marks_of(act, [consensus]).get(consensus.id, {})
    agreed = {line.criterion: line for line in consensus.scores}
    lines = tuple(
        PanelLine(
            criterion,
            tuple(_given(report, criterion, names[report.id]) for report in reports),
            agreed[criterion.code].points if criterion.code in agreed else None,
            agreed[criterion.code].reasons if criterion.code in agreed else "",
            marks.get(criterion.code),
        )
        for criterion in definition.criteria
    )
    points = points_of(consensus, marks)
    members = panel_of(act, consensus.application.call)
    out = in_conflict(act, consensus.application, members)
    return PanelPage(
        lines,
        outcome_of(definition, points) if _is_complete(definition, points) else None,
        tuple(all_marks_of(act, consensus)),
        tuple(person for person in members if person not in out),
        tuple(out),
        tuple(
            one for one in minutes_of(act, consensus.application.call) if one.application_id == consensus.application_id
        ),
    )


def _given(report: Assessment, criterion: Criterion, who: str) -> Given:
    line = next((score for score in report.scores if score.criterion == criterion.code), None)
    return Given(who, line.points if line else None, line.reasons if line else "")


def panel_of(act: Act, call: Call) -> list[Person]:
    """Give the evaluators of a call: whoever reads an application of it."""
    ids = (
        select(Assignment.person_id)
        .join(Application, Application.id == Assignment.application_id)
        .where(Application.call_id == call.id, Assignment.state.in_(READING))
    )
    return list(act.session.scalars(select(Person).where(Person.id.in_(ids)).order_by(Person.name, Person.id)))


def minutes_of(act: Act, call: Call) -> list[PanelMinute]:
    """Give the panel's minutes, oldest first, of the applications the person may review."""
    seen = visible(act, Consensus, "consensus.review").with_only_columns(Consensus.application_id)
    query = (
        select(PanelMinute)
        .where(PanelMinute.call_id == call.id, PanelMinute.application_id.in_(seen))
        .order_by(PanelMinute.at, PanelMinute.id)
    )
    return list(act.session.scalars(query))


def write_minutes(act: Act, consensus: Consensus, present: Sequence[str], text: str) -> PanelMinute:
    """Write what the panel said of an application, and who was there.

    Whoever has a conflict on it is out, and stands there as out: refused where one of them is said to be present.
    """
    relation = relation_for(act, "consensus.change_mark", consensus)
    if not text.strip() or len(text) > LONGEST:
        raise Refused(refuse("no-minute", _("Write a text of at most {most} characters."), most=LONGEST))
    call = consensus.application.call
    members = {person.id: person for person in panel_of(act, call)}
    out = in_conflict(act, consensus.application, list(members.values()))
    inside = [person.name for person in out if person.id in present]
    if inside:
        told = _("{names} can't be present: there is a conflict of interest with this application.")
        raise Refused(refuse("in-conflict", told, names=", ".join(inside)))
    if not set(present) <= set(members):
        raise Refused(refuse("not-of-the-panel", _("Only evaluators of this call are members of its panel.")))
    minute = PanelMinute(
        id=act.new_id(), call_id=call.id, application_id=consensus.application_id, present=sorted(set(present)),
        absent=sorted(person.id for person in out), text=text.strip(), at=act.now, written_by=act.person_id,
    )  # fmt: skip
    act.session.add(minute)
    data = {"minute": minute.id, "present": minute.present, "absent": minute.absent}
    note(act, consensus, "minute", relation=relation, data=data)
    act.session.flush()
    return minute


def people_in(act: Act, minutes: Sequence[PanelMinute]) -> dict[str, str]:
    """Name everybody the minutes speak of."""
    ids = {person for one in minutes for person in (*one.present, *one.absent, one.written_by)}
    return {one.id: one.name for one in act.session.scalars(select(Person).where(Person.id.in_(ids)))}
