"""Experts are asked, declare, score alone, agree and sign. All marks are invented."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from sqlalchemy import select

from app.models import Application, Assessment, Assignment, Consensus, Person
from app.rehearsal.applying import Entry
from app.rehearsal.cast import Cast, new_person
from app.rehearsal.stage import Stage, get
from app.services.assigning.assignment import assign, publish
from app.services.calls.call import definition_of
from app.services.evaluating.assessment import save_score
from app.services.evaluating.consensus import save_agreed
from app.services.evaluating.quality import points_of
from app.services.experts.expert import EmployerEntry, accept_conduct, expert_of, invite_expert
from app.services.transitions import Refused, perform
from workflows.assignment import State as TaskState
from workflows.consensus import State as ConsensusState
from workflows.definition import Criterion

COUNTRIES = ("AT", "DK", "EE", "FI", "GR", "HR", "IE", "NL", "PT", "SI", "SK", "SE")
PRAISE = "{name}: the text answers the question and shows how it will be done. (Invented for a rehearsal.)"
DOUBT = "{name}: the text leaves open how this will be done in each region. (Invented for a rehearsal.)"
LEVELS = {"below_threshold": (30, 48), "reserve": (75, 78)}  # of a criterion's points in percent, for made-up fates
BETWEEN = Decimal("0.7")
TIME_TO_SCORE = timedelta(weeks=4)


def hire_experts(stage: Stage, cast: Cast, count: int, tasks: int) -> None:
    """Fill the pool with made-up experts at employers that are in no consortium; each accepts the code of conduct."""
    while len(cast.experts) < count:
        cast.experts.append(new_person(stage, cast, f"university-{len(cast.experts) + 1}.example"))
    for place, person_id in enumerate(cast.experts, start=1):
        with stage.act(cast.call_managers[0]) as act:
            person = get(act, Person, person_id)
            if expert_of(act, person) is None:
                invite_expert(
                    act,
                    person,
                    country=COUNTRIES[place % len(COUNTRIES)],
                    languages=["en"],
                    expertise=["advanced-manufacturing"],
                    most_tasks=tasks,
                    employers=[
                        EmployerEntry(name=f"Made-up University {place}", domain=person.email.partition("@")[2])
                    ],
                )
        with stage.act(person_id) as act:
            expert = expert_of(act, get(act, Person, person_id))
            if expert is not None:
                accept_conduct(act, expert)


def assign_experts(stage: Stage, cast: Cast, entries: list[Entry]) -> None:
    """Give each application its experts by hand, in turn; whoever has an interest is passed over."""
    turn = 0
    for entry in entries:
        given: list[str] = []
        for _ in range(len(cast.experts)):
            person_id = cast.experts[turn % len(cast.experts)]
            turn += 1
            with stage.act(cast.call_managers[0]) as act:
                application = get(act, Application, entry.application_id)
                wanted = definition_of(application.call).evaluation
                try:
                    expert, due_at = get(act, Person, person_id), act.now + TIME_TO_SCORE
                    task = assign(act, application, expert, rapporteur=not given, due_at=due_at)
                except Refused:
                    act.session.rollback()
                    continue
            given.append(task.id)
            if wanted is None or len(given) == wanted.reports_per_application:
                break
        with stage.act(cast.call_managers[0]) as act:
            publish(act, [get(act, Assignment, task_id) for task_id in given])
        stage.told(entry.partnership.acronym)


def _tasks(stage: Stage, entry: Entry, state: TaskState) -> list[tuple[str, str]]:
    with stage.act() as act:
        query = select(Assignment.id, Assignment.person_id).where(
            Assignment.application_id == entry.application_id, Assignment.state == state
        )
        return [(task, person) for task, person in act.session.execute(query.order_by(Assignment.id))]


def declare(stage: Stage, cast: Cast, entry: Entry) -> None:
    """Every expert declares before any content; a possible conflict is decided by the other manager."""
    for task_id, person_id in _tasks(stage, entry, TaskState.ASKED):
        with stage.act(person_id) as act:
            perform(act, get(act, Assignment, task_id), "declare_free", {"no_conflict": True})
    for task_id, _person in _tasks(stage, entry, TaskState.DECLARED):
        with stage.act(cast.call_managers[-1]) as act:
            perform(act, get(act, Assignment, task_id), "clear", {"reason": "No tie that matters (invented)."})
    stage.told(entry.partnership.acronym)


def score(stage: Stage, entry: Entry, *, finish: bool = True) -> None:
    """Each expert writes a report: points around the application's own level, with reasons."""
    level: dict[str, Decimal] = {}
    for _task_id, person_id in _tasks(stage, entry, TaskState.ACCEPTED):
        with stage.act(person_id) as act:
            report = act.session.scalars(
                select(Assessment).where(
                    Assessment.application_id == entry.application_id, Assessment.person_id == person_id
                )
            ).one()
            for criterion in definition_of(report.application.call).criteria:
                around = level.setdefault(criterion.code, _level(stage, entry, criterion))
                points = _on_step(criterion, around + Decimal(stage.dice.randint(-2, 2)) * criterion.step)
                save_score(act, report, criterion.code, points=points, reasons=_reasons(criterion, points))
            if finish:
                perform(act, report, "finish")
        stage.told(entry.partnership.acronym)


def _level(stage: Stage, entry: Entry, criterion: Criterion) -> Decimal:
    low, high = LEVELS.get(entry.partnership.fate, (78, 96))
    return _on_step(criterion, criterion.max_points * stage.dice.randint(low, high) / 100)


def _on_step(criterion: Criterion, points: Decimal) -> Decimal:
    steps = (points / criterion.step).quantize(Decimal(1))
    return min(max(steps * criterion.step, Decimal(0)), criterion.max_points)


def _reasons(criterion: Criterion, points: Decimal) -> str:
    text = PRAISE if points >= criterion.max_points * BETWEEN else DOUBT
    return text.format(name=criterion.name)


def agree(stage: Stage, cast: Cast, entry: Entry, *, until_signed: bool = True) -> None:
    """Consensus: the lead evaluator drafts the middle score, all sign, the office approves."""
    consensus_id, lead, everyone = _open_consensus(stage, cast, entry)
    with stage.act(lead) as act:
        consensus = get(act, Consensus, consensus_id)
        for criterion in definition_of(consensus.application.call).criteria:
            points = _middle(act.session.scalars(
                select(Assessment).where(Assessment.application_id == entry.application_id)
            ).all(), criterion)  # fmt: skip
            save_agreed(act, consensus, criterion.code, points=points, reasons=_reasons(criterion, points))
        perform(act, consensus, "circulate")
    if not until_signed:
        return
    for place, person_id in enumerate(everyone):
        with stage.act(person_id) as act:
            odd = place == len(everyone) - 1 and stage.dice.random() < 0.2  # noqa: PLR2004 - one in five differs
            view = {"minority_view": "I see the risks as greater than the others do (invented)."} if odd else {}
            perform(act, get(act, Consensus, consensus_id), "sign", view)
    with stage.act(lead) as act:
        perform(act, get(act, Consensus, consensus_id), "agree")
    with stage.act(cast.call_managers[0]) as act:
        consensus = get(act, Consensus, consensus_id)
        ticked = [code for code, _text in points_of(definition_of(consensus.application.call))]
        perform(act, consensus, "approve", {"points": ticked})
    stage.told(entry.partnership.acronym)


def _open_consensus(stage: Stage, cast: Cast, entry: Entry) -> tuple[str, str, list[str]]:
    with stage.act(cast.call_managers[0]) as act:
        consensus = act.session.scalars(
            select(Consensus).where(
                Consensus.application_id == entry.application_id, Consensus.state != ConsensusState.ENDED
            )
        ).one()
        perform(act, consensus, "open")
        tasks = act.session.scalars(
            select(Assignment)
            .where(Assignment.application_id == entry.application_id, Assignment.state == TaskState.ACCEPTED)
            .order_by(Assignment.id)
        ).all()
        lead = next(task.person_id for task in tasks if task.rapporteur)
        return consensus.id, lead, [task.person_id for task in tasks]


def _middle(reports: Sequence[Assessment], criterion: Criterion) -> Decimal:
    given = sorted(
        s.points for r in reports for s in r.scores if s.criterion == criterion.code and s.points is not None
    )
    return given[len(given) // 2]
