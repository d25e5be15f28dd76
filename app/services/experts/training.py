"""Training cases: made-up texts that evaluators score before the real ones, and how far they then lie apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from statistics import median
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from app.access import can, visible
from app.act import Act
from app.models import Application, Assignment, Call, Person, TrainingCase, TrainingScore
from app.services.calls.call import definition_of
from app.services.permitted import relation_for
from app.services.transitions import Refused, note
from workflows.application import State as ApplicationState
from workflows.assignment import LIVE
from workflows.assignment import State as TaskState
from workflows.definition_evaluation import Criterion
from workflows.scoring import check_scores

FEWEST = 3  # with fewer, a spread would tell who gave what


def add_case(act: Act, call: Call, *, title: str, text: str) -> TrainingCase:
    """Write a case for everybody who may evaluate. It must be made up: nothing of an application may stand in it."""
    relation = relation_for(act, "call.prepare_training", call)
    case = TrainingCase(
        id=act.new_id(), call_id=call.id, title=title, text=text, made_at=act.now, made_by=act.person_id
    )
    act.session.add(case)
    act.session.flush()
    note(act, case, "add", relation=relation, data={"call": call.id})
    return case


def withdraw_case(act: Act, call: Call, case: TrainingCase) -> None:
    """Take a case away; what was given for it is kept and no longer shown."""
    relation = relation_for(act, "call.prepare_training", call)
    if case.withdrawn_at is None:
        case.withdrawn_at = act.now
        note(act, case, "withdraw", relation=relation, data={"call": call.id})


def cases_of(act: Act, call: Call) -> list[TrainingCase]:
    """Give the cases of a call in the order they were made."""
    relation_for(act, "call.view_training", call)
    query = (
        select(TrainingCase)
        .where(TrainingCase.call_id == call.id, TrainingCase.withdrawn_at.is_(None))
        .options(selectinload(TrainingCase.scores))
        .order_by(TrainingCase.made_at, TrainingCase.title, TrainingCase.id)
    )
    return list(act.session.scalars(query))


def case_in(act: Act, call: Call, case_id: str) -> TrainingCase | None:
    return next((case for case in cases_of(act, call) if case.id == case_id), None)


def own_scores(act: Act, case: TrainingCase) -> dict[str, TrainingScore]:
    return {score.criterion: score for score in case.scores if score.person_id == act.person_id}


def score_case(act: Act, call: Call, case: TrainingCase, given: Mapping[str, tuple[Decimal, str]]) -> None:
    """Give points and reasons for every criterion of a case; giving again changes them.

    Raises `Refused` for a criterion without points or points that the call's steps do not know.
    """
    relation = relation_for(act, "call.score_training", call)
    verdict = check_scores(definition_of(call), {code: points for code, (points, _reasons) in given.items()})
    if not verdict:
        raise Refused(verdict)
    mine = own_scores(act, case)
    for code, (points, reasons) in given.items():
        if code in mine:
            mine[code].points, mine[code].reasons, mine[code].saved_at = points, reasons, act.now
        else:
            case.scores.append(
                TrainingScore(
                    id=act.new_id(), person_id=act.person_id or "", criterion=code, points=points, reasons=reasons,
                    saved_at=act.now,
                )
            )  # fmt: skip
    act.session.flush()
    note(act, case, "score", relation=relation, data={"call": call.id})


@dataclass(frozen=True)
class Spread:
    """What the evaluators gave one criterion of a case, without names."""

    criterion: Criterion
    count: int
    lowest: Decimal | None
    median: Decimal | None
    highest: Decimal | None
    own: Decimal | None

    @property
    def is_wide(self) -> bool:
        """A third of the scale or more lies between the lowest and the highest."""
        if self.lowest is None or self.highest is None:
            return False
        return (self.highest - self.lowest) * 3 >= self.criterion.max_points


@dataclass(frozen=True)
class Briefing:
    case: TrainingCase
    people: int
    spreads: list[Spread]  # empty: not shown yet
    has_scored: bool


def briefing_of(act: Act, call: Call) -> list[Briefing]:
    """Give how far the evaluators lie apart. Nobody sees it before they have scored the case themselves.

    Figures are shown from three evaluators on, so that nobody's own points can be worked out by another.
    """
    is_office = can(act, "call.prepare_training", call)
    criteria = definition_of(call).criteria
    found = []
    for case in cases_of(act, call):
        people, mine = {score.person_id for score in case.scores}, own_scores(act, case)
        shown = len(people) >= FEWEST and (is_office or bool(mine))
        spreads = [_spread(case, one, mine) for one in criteria] if shown else []
        found.append(Briefing(case, len(people), spreads, bool(mine)))
    return found


def _spread(case: TrainingCase, criterion: Criterion, mine: Mapping[str, TrainingScore]) -> Spread:
    points = sorted(score.points for score in case.scores if score.criterion == criterion.code)
    own = mine[criterion.code].points if criterion.code in mine else None
    if not points:
        return Spread(criterion, 0, None, None, None, own)
    return Spread(criterion, len(points), points[0], Decimal(median(points)), points[-1], own)


@dataclass(frozen=True)
class Untrained:
    """A call that opens no application to the acting expert before they scored one of its training cases."""

    call: Call
    has_cases: bool


def untrained_for(act: Act) -> list[Untrained]:
    """Give the calls in which the acting person has tasks that wait for their training."""
    waiting = _waiting_tasks().where(Assignment.person_id == act.person_id)
    calls = (
        select(Call).where(Call.id.in_(waiting.with_only_columns(Application.call_id))).order_by(Call.title, Call.id)
    )
    cases = select(TrainingCase.call_id).where(TrainingCase.withdrawn_at.is_(None))
    known = set(act.session.scalars(cases.distinct()))
    return [Untrained(call, call.id in known) for call in act.session.scalars(calls)]


def untrained_in(act: Act, call: Call) -> list[str]:
    """Name the experts whose tasks in a call wait for their training: for the office."""
    relation_for(act, "call.prepare_training", call)
    waiting = _waiting_tasks().where(
        Application.call_id == call.id,
        Assignment.id.in_(visible(act, Assignment, "assignment.view_line").with_only_columns(Assignment.id)),
    )
    people = select(Person.name).where(Person.id.in_(waiting.with_only_columns(Assignment.person_id)))
    return list(act.session.scalars(people.order_by(Person.name, Person.id)))


def _waiting_tasks() -> Select[Any]:
    """Select tasks told to their experts, in calls that ask for training, of experts who have scored no case of it."""
    done = (
        select(TrainingScore.id)
        .join(TrainingCase, TrainingCase.id == TrainingScore.case_id)
        .where(TrainingScore.person_id == Assignment.person_id, TrainingCase.call_id == Application.call_id)
    )
    return (
        select(Assignment.id)
        .join(Application, Application.id == Assignment.application_id)
        .join(Call, Call.id == Application.call_id)
        .where(
            Call.training_required.is_(True),
            Assignment.state.in_(LIVE - {TaskState.DRAFT}),
            Application.state == ApplicationState.ELIGIBLE,
            ~done.exists(),
        )
    )


def cases_to_score(act: Act, call: Call) -> int:
    """Count the cases of a call that the acting evaluator has not scored."""
    if not can(act, "call.score_training", call):
        return 0
    return sum(not own_scores(act, case) for case in cases_of(act, call))
