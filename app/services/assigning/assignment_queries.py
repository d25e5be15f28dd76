"""What the pages of the assignment show: the pool of experts, who reads what, and who might."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from app.access import visible
from app.act import Act
from app.models import Application, Assessment, Assignment, Call, Conflict, Consensus, Event, Expert, Person, Remark
from app.services.assigning.assignment import live_tasks
from app.services.assigning.plan_question import Situation, situation_of
from app.services.calls.call import definition_of
from app.services.conflicts.conflict_facts import applied, belongings_of
from app.services.conflicts.conflict_finding import Tie, ties_between
from app.services.organisations.names import fold
from app.services.reason_json import reason_from_json
from workflows import application as application_states
from workflows.assignment import LIVE
from workflows.assignment import State as AssignmentState
from workflows.definition import CallDefinition
from workflows.plan_score import points, why
from workflows.verdict import Reason
from workflows.words import _

EVALUATED = frozenset(
    {application_states.State.ELIGIBLE, application_states.State.EVALUATED} | application_states.DECIDED
)


@dataclass(frozen=True)
class PoolLine:
    """One expert with their live tasks."""

    expert: Expert
    tasks: int

    @property
    def is_free(self) -> bool:
        return self.expert.conduct_accepted_at is not None and self.tasks < self.expert.most_tasks


def pool_of(act: Act, words: str = "") -> list[PoolLine]:
    """Give the experts whose name, country or expertise has the words, by name."""
    query = visible(act, Expert, "expert.list").options(selectinload(Expert.person), selectinload(Expert.employers))
    experts = sorted(act.session.scalars(query), key=lambda expert: (fold(expert.person.name), expert.id))
    loads = live_tasks(act, [expert.person_id for expert in experts], shown=True)
    wanted = fold(words)
    return [PoolLine(e, loads.get(e.person_id, 0)) for e in experts if wanted in fold(_searched(e))]


def _searched(expert: Expert) -> str:
    employers = (employer.name for employer in expert.employers)
    return " ".join(
        [
            expert.person.name,
            expert.person.email,
            expert.country or "",
            *expert.expertise,
            expert.free_words,
            *employers,
        ]
    )


@dataclass
class Task:
    """A task with its report's state and the interests that stand."""

    assignment: Assignment
    report: Assessment | None = None
    conflicts: list[tuple[Conflict, tuple[Reason, ...]]] = field(default_factory=list)

    @property
    def is_live(self) -> bool:
        return self.assignment.state in LIVE


@dataclass
class ReadersLine:
    """One application with who reads it."""

    application: Application
    due: int
    tasks: list[Task]
    consensus: Consensus | None = None

    @property
    def live(self) -> list[Task]:
        return [task for task in self.tasks if task.is_live]

    @property
    def lacking(self) -> int:
        return max(self.due - len(self.live), 0)

    @property
    def prepared(self) -> list[Task]:
        return [task for task in self.tasks if task.assignment.state == AssignmentState.DRAFT]

    @property
    def has_lead(self) -> bool:
        return any(task.assignment.rapporteur for task in self.live)


def readers_of(act: Act, call: Call) -> list[ReadersLine]:
    """Give the admitted applications of a call with their readers: those that lack most first."""
    query = (
        visible(act, Application, "application.view_evaluation")
        .where(Application.call_id == call.id, Application.state.in_(EVALUATED))
        .order_by(Application.acronym, Application.id)
    )
    applications = act.session.scalars(query).all()
    lines = reading_lines(act, applications, definition_of(call))
    return sorted(lines, key=lambda line: -line.lacking)


def reading_lines(act: Act, applications: Sequence[Application], call: CallDefinition) -> list[ReadersLine]:
    """Give who reads each of the applications, in a fixed number of queries."""
    due = call.evaluation.reports_per_application if call.evaluation else 0
    ids = [application.id for application in applications]
    tasks = _tasks(act, ids)
    consensus = {
        found.application_id: found
        for found in act.session.scalars(
            visible(act, Consensus, "consensus.view")
            .where(Consensus.application_id.in_(ids))
            .options(selectinload(Consensus.scores))
        )
    }
    return [ReadersLine(a, due, tasks[a.id], consensus.get(a.id)) for a in applications]


def _tasks(act: Act, ids: Iterable[str]) -> Mapping[str, list[Task]]:
    wanted = list(ids)
    query = (
        visible(act, Assignment, "assignment.view")
        .where(Assignment.application_id.in_(wanted))
        .options(selectinload(Assignment.person))
        .order_by(Assignment.created_at, Assignment.id)
    )
    reports = {
        report.assignment_id: report
        for report in act.session.scalars(
            select(Assessment).where(Assessment.application_id.in_(wanted)).options(selectinload(Assessment.scores))
        )
    }
    conflicts: dict[tuple[str, str], list[tuple[Conflict, tuple[Reason, ...]]]] = defaultdict(list)
    for conflict in act.session.scalars(
        select(Conflict).where(Conflict.application_id.in_(wanted), Conflict.dismissed_at.is_(None))
    ):
        path = tuple(reason_from_json(step) for step in conflict.path)
        conflicts[conflict.application_id, conflict.person_id].append((conflict, path))
    found: dict[str, list[Task]] = defaultdict(list)
    for assignment in act.session.scalars(query):
        key = (assignment.application_id, assignment.person_id)
        found[assignment.application_id].append(Task(assignment, reports.get(assignment.id), conflicts[key]))
    return found


@dataclass(frozen=True)
class Candidate:
    """Somebody who might read an application: load, and what ties them to it."""

    line: PoolLine
    ties: tuple[Tie, ...]
    dismissed: frozenset[str]  # digests of what a manager decided before
    points: int = 0  # what the pair is worth to a plan
    reasons: tuple[Reason, ...] = ()
    bars: tuple[Reason, ...] = ()  # limits other than an interest: away, declined before, languages

    @property
    def is_away(self) -> bool:
        return any(bar.code == "away" for bar in self.bars)

    @property
    def is_barred(self) -> bool:
        return self.is_decided or any(tie.is_direct for tie in self.ties)

    @property
    def is_decided(self) -> bool:
        """A conflict was declared, or decided by a manager."""
        return any(bar.code == "tied" for bar in self.bars)


def candidates_for(act: Act, application: Application) -> list[Candidate]:
    """Give the free experts that do not read it yet, the next best first: what a plan would count decides."""
    taken = set(
        act.session.scalars(
            select(Assignment.person_id).where(Assignment.application_id == application.id, Assignment.state.in_(LIVE))
        )
    )
    pool = [line for line in pool_of(act) if line.is_free and line.expert.person_id not in taken]
    everything = applied(act)
    mine = belongings_of(act, [line.expert.person for line in pool])
    dismissed = _dismissed(act, application)
    situation = situation_of(act, application.call, only=application.id)
    found = [
        Candidate(
            line,
            tuple(ties_between(mine[line.expert.person_id], everything[application.id], everything)),
            frozenset(dismissed[line.expert.person_id]),
            *_worth(situation, application.id, line.expert.person_id),
        )
        for line in pool
    ]
    return sorted(found, key=lambda c: (c.is_barred, bool(c.bars), -c.points, len(c.ties), c.line.tasks))


def _worth(situation: Situation, application: str, person: str) -> tuple[int, tuple[Reason, ...], tuple[Reason, ...]]:
    """Give the points of a pair, why, and what bars it."""
    if application not in situation.applications:
        return 0, (), ()
    if person not in situation.pool:
        return 0, (), (Reason("away", _("Away: there are too few days to evaluate in.")),)
    fit = situation.fit(application, person)
    direct = any(tie.is_direct for tie in situation.ties[application, person])  # shown with its path
    bars = tuple(one for one in situation.bars(application, person).reasons if one.code != "tied" or not direct)
    return points(fit, situation.panel), tuple(why(fit)), bars


def reasons_given(act: Act, tasks: Iterable[Task]) -> dict[str, str]:
    """Give the reasons with which evaluators declined, or the office took them off, by task."""
    ids = [task.assignment.id for task in tasks if not task.is_live]
    query = (
        select(Event)
        .where(Event.noun == "assignment", Event.thing_id.in_(ids), Event.name.in_(("decline", "remove", "bar")))
        .order_by(Event.number)
    )
    found: dict[str, str] = {}
    for event in act.session.scalars(query):
        kept = event.data.get("reason")
        remark = act.session.get(Remark, kept["remark"]) if isinstance(kept, dict) else None
        if remark is not None and remark.text:
            found[event.thing_id] = remark.text
    return found


def _dismissed(act: Act, application: Application) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    query = select(Conflict).where(Conflict.application_id == application.id, Conflict.dismissed_by.is_not(None))
    for conflict in act.session.scalars(query):
        found[conflict.person_id].add(conflict.facts)
    return found


def tasks_of_person(act: Act, person: Person) -> list[Task]:
    """Give the live tasks of an expert that the person may see."""
    query = (
        visible(act, Assignment, "assignment.view")
        .where(Assignment.person_id == person.id, Assignment.state.in_(LIVE))
        .order_by(Assignment.due_at, Assignment.id)
    )
    return [Task(assignment) for assignment in act.session.scalars(query)]


def last_due_on(act: Act, call: Call) -> date | None:
    """Give the last local day a report of the call is due, to offer the same again."""
    of_call = select(Application.id).where(Application.call_id == call.id)
    moment = act.session.scalar(
        visible(act, Assignment, "assignment.view")
        .where(Assignment.application_id.in_(of_call))
        .with_only_columns(func.max(Assignment.due_at))
    )
    return (moment - timedelta(seconds=1)).astimezone(ZoneInfo(call.zone)).date() if moment else None
