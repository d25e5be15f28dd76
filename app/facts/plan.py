"""What guards of a plan may know."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import func, select

from app.act import Act
from app.models import Application, Assignment, Plan, PlanLine
from app.models.plan import Change
from workflows.assignment import State as TaskState
from workflows.plan import Facts, State
from workflows.plan_instance import KEPT, Instance

UNANSWERED = frozenset({TaskState.DRAFT, TaskState.ASKED, TaskState.REMOVED})


def plan_facts(act: Act, plan: Plan) -> Facts:
    return Facts(broken=_broken(act, plan), answered=_answered(act, plan))


def _broken(act: Act, plan: Plan) -> tuple[str, ...]:
    """Name the applications and experts whose limits a draft changed by hand does not keep."""
    if plan.state is not State.DRAFT or not plan.question or not plan.edited:
        return ()
    instance, added = Instance.from_json(plan.question), [one for one in plan.lines if one.change is Change.ADD]
    tasks = Counter(line.person_id for line in added)
    places = {reader.id: reader for reader in instance.readers}
    special = _specialists(instance)
    names = {line.person.name for line in added if tasks[line.person_id] > places[line.person_id].places}
    kept = _kept(plan, instance)
    for need in instance.needs:
        panel = [line.person_id for line in added if line.application_id == need.id] + kept[need.id]
        countries = Counter(places[one].country for one in panel if places[one].country)
        alike = need.one_per_country and any(count > 1 for count in countries.values())
        lacks = need.specialist and not any((need.id, one) in special for one in panel)
        if len(panel) != need.reports or alike or lacks:
            names.add(_named(act, need.id))
    return tuple(sorted(names))


def _specialists(instance: Instance) -> set[tuple[str, str]]:
    pairs = instance.pairs
    return {
        (instance.needs[a].id, instance.readers[e].id)
        for a, e, special in zip(pairs.application, pairs.expert, pairs.specialist, strict=True)
        if special
    }


def _kept(plan: Plan, instance: Instance) -> dict[str, list[str]]:
    """Give who stays where they were: chosen by the answer of a repair and no change, so no line."""
    lines = {(line.application_id, line.person_id) for line in plan.lines if line.change is Change.ADD}
    kept: dict[str, list[str]] = {need.id: [] for need in instance.needs}
    if plan.without_id is None:
        return kept
    pairs = instance.pairs
    for p in (plan.answer or {}).get("chosen") or []:
        one = (instance.needs[pairs.application[p]].id, instance.readers[pairs.expert[p]].id)
        if one not in lines and pairs.score[p] >= KEPT:
            kept[one[0]].append(one[1])
    return kept


def _named(act: Act, application: str) -> str:
    found = act.session.get_one(Application, application)
    return found.acronym or found.number


def _answered(act: Act, plan: Plan) -> int:
    query = (
        select(func.count())
        .select_from(PlanLine)
        .join(Assignment, Assignment.id == PlanLine.assignment_id)
        .where(PlanLine.plan_id == plan.id, PlanLine.change == Change.ADD, Assignment.state.not_in(UNANSWERED))
    )
    return act.session.scalar(query) or 0
