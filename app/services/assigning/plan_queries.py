"""What the pages of plans show: each application with its proposed experts and why, bottlenecks, comparisons."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.access import visible
from app.act import Act
from app.models import Application, Assignment, Call, Expert, Plan, PlanLine, PlanProbe
from app.models.plan import Change
from app.services.assigning.plan_question import Situation, situation_of
from app.services.conflicts.conflict_ties import Tie
from workflows.assignment import LIVE
from workflows.plan_instance import Instance
from workflows.plan_score import points, why
from workflows.verdict import Reason
from workflows.words import _, plural


@dataclass(frozen=True)
class Proposed:
    """One line of a plan with what speaks for it."""

    line: PlanLine
    expert: Expert | None
    reasons: list[Reason]
    tasks: int  # of this expert with this plan
    most: int


@dataclass
class PlanRow:
    application: Application
    lines: list[Proposed] = field(default_factory=list)
    standing: list[str] = field(default_factory=list)  # names of who has it already
    due: int = 0

    @property
    def lacking(self) -> int:
        added = sum(one.line.change is Change.ADD for one in self.lines)
        gone = sum(one.line.change is Change.REMOVE for one in self.lines)
        return max(0, self.due - added - len(self.standing) + gone)


def plans_of(act: Act, call: Call) -> list[Plan]:
    query = visible(act, Plan, "plan.view").where(Plan.call_id == call.id)
    return list(act.session.scalars(query.order_by(Plan.number.desc())))


def busy_experts(act: Act, call: Call) -> list[tuple[str, str]]:
    """Give id and name of everybody with a live task in the call, by name: who may drop out."""
    of_call = select(Application.id).where(Application.call_id == call.id)
    query = (
        visible(act, Assignment, "assignment.view")
        .where(Assignment.application_id.in_(of_call), Assignment.state.in_(LIVE))
        .options(selectinload(Assignment.person))
    )
    people = {task.person_id: task.person.name for task in act.session.scalars(query)}
    return sorted(people.items(), key=lambda one: (one[1], one[0]))


def rows_of(act: Act, plan: Plan) -> list[PlanRow]:
    """Give one row for each application the plan speaks of, by acronym."""
    situation = situation_of(act, plan.call)
    ids = {line.application_id for line in plan.lines} | set(situation.applications)
    query = visible(act, Application, "application.view_evaluation").where(Application.id.in_(ids))
    rows = {one.id: PlanRow(one, due=situation.due) for one in act.session.scalars(query)}
    for task in situation.standing.values():
        if task.state in LIVE:
            rows[task.application_id].standing.append(task.person.name)
    planned = Counter(line.person_id for line in plan.lines if line.change is Change.ADD)
    for line in sorted(plan.lines, key=lambda one: (-(one.score or 0), one.person.name)):
        if line.application_id in rows:
            rows[line.application_id].lines.append(_proposed(situation, line, planned))
    return sorted(rows.values(), key=lambda row: (row.application.acronym, row.application.id))


def _proposed(situation: Situation, line: PlanLine, planned: Counter[str]) -> Proposed:
    expert = situation.pool.get(line.person_id)
    known = expert is not None and line.application_id in situation.applications
    reasons = why(situation.fit(line.application_id, line.person_id)) if known else []
    most = expert.most_tasks if expert else 0
    has = most - situation.places.get(line.person_id, 0)
    return Proposed(line, expert, reasons, has + planned[line.person_id], most)


@dataclass(frozen=True)
class Choice:
    """An expert who might read an application: what the pair is worth, or what bars it."""

    expert: Expert
    score: int
    reasons: list[Reason]
    bars: tuple[Reason, ...]
    line: PlanLine | None
    ties: tuple[Tie, ...]  # possible conflicts that nobody has decided
    price: int | None  # at least so many points would be lost by forcing the pair


def choices_for(act: Act, plan: Plan, application: Application) -> list[Choice]:
    """Give the whole pool for one application: who is planned, then the best."""
    situation = situation_of(act, plan.call, without=plan.without_id)
    if application.id not in situation.applications:
        return []
    lines = {line.person_id: line for line in plan.lines if line.application_id == application.id}
    prices = prices_for(plan, application.id)
    found = [
        Choice(
            expert,
            points(situation.fit(application.id, person), situation.panel),
            why(situation.fit(application.id, person)),
            situation.bars(application.id, person).reasons,
            lines.get(person),
            tuple(situation.open_ties(application.id, person)),
            prices.get(person),
        )
        for person, expert in situation.pool.items()
        if (application.id, person) not in situation.standing
    ]
    return sorted(found, key=lambda c: (c.line is None, bool(c.bars), -c.score, c.expert.person.name, c.expert.id))


def needs_nobody(plan: Plan, application: Application) -> bool:
    needs = {one[0]: one[1] for one in (plan.question or {}).get("needs", [])}
    return not needs.get(application.id)


def prices_for(plan: Plan, application: str) -> dict[str, int]:
    """Give by how much at least the total falls for each expert forced upon an application, from the kept prices."""
    leaf = ((plan.answer or {}).get("proof") or {}).get("total")
    if not plan.question or not leaf or "split" in leaf:
        return {}
    instance = Instance.from_json(plan.question)
    seats = {(i, country): price for i, country, price in leaf["countries"]}
    others, pairs, found = dict(leaf["others"]), instance.pairs, {}
    for a, e, score, special in zip(pairs.application, pairs.expert, pairs.score, pairs.specialist, strict=True):
        if instance.needs[a].id == application and instance.needs[a].reports:
            paid = leaf["reports"][a] + leaf["places"][e] + seats.get((a, instance.readers[e].country), 0)
            lost = paid + (0 if special else others.get(a, 0)) - score * leaf["scale"]
            found[instance.readers[e].id] = max(0, -(-lost // leaf["scale"]))
    return found


@dataclass(frozen=True)
class Bottleneck:
    """What stands in the way of any plan, and what alone would clear it; each way was tried."""

    applications: list[str]
    experts: list[str]
    texts: list[Reason]
    ways: list[Reason]


def bottleneck_of(act: Act, plan: Plan) -> Bottleneck | None:
    answer = plan.answer or {}
    if not plan.question or answer.get("chosen", 0) is not None:
        return None
    instance = Instance.from_json(plan.question)
    leaf = answer["proof"]["cut"]
    while "split" in leaf:
        leaf = leaf["yes"]
    within = [i for i, price in enumerate(leaf["reports"]) if not price and instance.needs[i].reports]
    shared = [j for j, price in enumerate(leaf["places"]) if price]
    needed = sum(instance.needs[i].reports for i in within)
    places = sum(instance.readers[j].places for j in shared)
    acronyms, names = _acronyms(act, instance), _names(act, instance)
    ways = answer["ways"]
    lacking = sum(count for _i, count, _theme in ways["newcomers"])
    return Bottleneck(
        sorted(acronyms[instance.needs[i].id] for i in within),
        sorted(names[instance.readers[j].id] for j in shared),
        [_shared(len(within)), _supply(len(shared), places), _needs(needed, lacking)],
        _ways(instance, ways, acronyms, names),
    )


def _shared(applications: int) -> Reason:
    text = plural("{n} application has too few experts.", "{n} applications share too few experts.")
    return Reason("applications", text, {"n": applications})


def _supply(experts: int, places: int) -> Reason:
    text = plural(
        "{n} expert with {places} places in all is used up; whoever else may read them is counted once.",
        "{n} experts with {places} places in all are used up; whoever else may read them is counted once.",
    )
    return Reason("supply", text, {"n": experts, "places": places})


def _needs(needed: int, lacking: int) -> Reason:
    text = plural("{n} report is needed, {lacking} cannot be had.", "{n} reports are needed, {lacking} cannot be had.")
    return Reason("needed", text, {"n": needed, "lacking": lacking})


def _ways(instance: Instance, ways: dict[str, Any], acronyms: dict[str, str], names: dict[str, str]) -> list[Reason]:
    found = []
    for i, count, theme in ways["newcomers"]:
        text = (
            plural(
                "{n} more expert with the thematic area of {name}.",
                "{n} more experts for {name}, one with its thematic area.",
            )
            if theme
            else plural("{n} more expert who may read {name}.", "{n} more experts who may read {name}.")
        )
        found.append(Reason("newcomer", text, {"n": count, "name": acronyms[instance.needs[i].id]}))
    if "fewer" in ways:
        listed = ", ".join(f"{acronyms[instance.needs[i].id]} (−{count})" for i, count in ways["fewer"])
        found.append(Reason("fewer", _("Or fewer reports: {listed}."), {"listed": listed}))
    if "places" in ways:
        experts, more = ways["places"]
        text = plural("Or {n} more place each for {names}.", "Or {n} more places each for {names}.")
        listed = ", ".join(sorted(names[instance.readers[j].id] for j in experts))
        found.append(Reason("places", text, {"n": more, "names": listed}))
    return found


def _acronyms(act: Act, instance: Instance) -> dict[str, str]:
    query = select(Application).where(Application.id.in_([need.id for need in instance.needs]))
    return {one.id: one.acronym or one.number for one in act.session.scalars(query)}


def _names(act: Act, instance: Instance) -> dict[str, str]:
    query = select(Expert).where(Expert.person_id.in_([reader.id for reader in instance.readers]))
    return {one.person_id: one.person.name for one in act.session.scalars(query)}


@dataclass(frozen=True)
class Forced:
    """What forcing a pair would cost, and whom it displaces."""

    application: Application
    expert: Expert
    probe: PlanProbe
    bars: tuple[Reason, ...]
    lost: int | None
    leave: list[tuple[str, str]]  # application and expert, by name
    come: list[tuple[str, str]]


def forced_of(act: Act, plan: Plan, probe: PlanProbe) -> Forced:
    application = act.session.get_one(Application, probe.application_id)
    expert = act.session.scalars(select(Expert).where(Expert.person_id == probe.person_id)).one()
    instance, answer = Instance.from_json(plan.question or {}), probe.answer or {}
    acronyms, names = _acronyms(act, instance), _names(act, instance)

    def named(pairs: list[list[str]]) -> list[tuple[str, str]]:
        return [(acronyms[a], names[e]) for a, e in pairs]

    lost = (plan.answer or {}).get("total", 0) - answer["total"] if answer.get("possible") else None
    return Forced(application, expert, probe, (), lost, named(answer.get("leave", [])), named(answer.get("come", [])))


@dataclass(frozen=True)
class Compared:
    """Two plans side by side: what only one of them has."""

    other: Plan
    only_here: list[PlanLine]
    only_there: list[PlanLine]


def compared(plan: Plan, other: Plan) -> Compared:
    here = {(line.application_id, line.person_id, line.change): line for line in plan.lines}
    there = {(line.application_id, line.person_id, line.change): line for line in other.lines}
    return Compared(
        other,
        [line for key, line in sorted(here.items()) if key not in there],
        [line for key, line in sorted(there.items()) if key not in here],
    )
