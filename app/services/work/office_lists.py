"""The lists of a call that the office works in: applications, checks, tasks of evaluators, consensus."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import select

from app.access import visible
from app.act import Act
from app.models import Application, Assignment, Call, Check, Consensus
from app.services.work.cockpit_reports import Task, spreads_of, tasks_of
from app.services.work.office_list import Column, Facet, Line, Sheet, Word
from app.services.work.reached import STAGES, Named, Reached, named_in, reached_in, states_of
from workflows import assessment as assessments
from workflows import assignment as assignments
from workflows import check as checks
from workflows.application import APPLICATION
from workflows.assessment import ASSESSMENT
from workflows.check import CHECK
from workflows.consensus import CONSENSUS
from workflows.machine import Machine
from workflows.machines import MACHINES
from workflows.words import _

NAMES: Mapping[str, str] = {
    "applications": _("Applications"),
    "checks": _("Formal checks"),
    "tasks": _("Evaluators' tasks and reports"),
    "consensus": _("Consensus"),
}
MODELS: Mapping[str, type[Any]] = {
    "applications": Application,
    "checks": Check,
    "tasks": Assignment,
    "consensus": Consensus,
}
YES = {"yes": _("Yes")}
REPORTS = {"none": _("None in"), "some": _("Some in"), "all": _("All in")}
NO_REPORT = _("Not begun")
ANSWERS = {"met": _("Met"), "not_met": _("Not met"), "undetermined": _("Cannot tell")}
CHECK_STAGES = {checks.Stage.ADMISSIBILITY.value: _("Admissibility"), checks.Stage.ELIGIBILITY.value: _("Eligibility")}
STAGE_WORDS = {stage: Word(text) for stage, text in CHECK_STAGES.items()}
ANSWER_WORDS = {answer: Word(text) for answer, text in ANSWERS.items()}
SINCE = Column("since", _("Last change"))


def sheet_of(act: Act, call: Call, of: str, moment: datetime | None = None) -> Sheet:
    """Make the whole list of what the person may see, now or at a moment of the past."""
    return SHEETS[of](act, call, moment)


@cache
def _only(value: str) -> frozenset[str]:
    """Give one set for a value: a list has thousands of lines and a dozen values."""
    return frozenset({value})


@cache
def state_word(noun: str, state: str) -> Word:
    machine = MACHINES[noun]
    name = machine.names[machine.states(state)]
    return Word(name.staff, str(name.tone))


def _names(machine: Machine) -> dict[str, str]:
    return {str(state.value): machine.names[state].staff for state in machine.states}


def _applications(act: Act, call: Call, moment: datetime | None) -> Sheet:
    reached = reached_in(act, call, moment)
    spreads = (
        {} if moment else {s.application: s.points for s in spreads_of(act, call, {r.id: r.title for r in reached})}
    )
    late = set() if moment else {task.application for task in tasks_of(act, call) if task.is_late(act.now)}
    columns = (
        Column("title", _("Application")), Column("number", _("Number")), Column("state", _("State")),
        Column("checks", _("Checks recorded"), numeric=True), Column("tasks", _("Evaluators"), numeric=True),
        Column("reports", _("Reports in"), numeric=True), Column("spread", _("Spread"), numeric=True),
        Column("consensus", _("Consensus")), SINCE,
    )  # fmt: skip
    facets = (
        Facet("stage", _("Came as far as"), STAGES), Facet("state", _("State"), _names(APPLICATION)),
        Facet("reports", _("Reports"), REPORTS), Facet("late", _("A report is late"), YES),
    )  # fmt: skip
    lines = tuple(
        Line(
            one.id, one.id, one.title, one.words,
            cells={
                "title": one.title, "number": one.number, "state": state_word("application", one.state),
                "checks": sum(n for state, n in one.checks.items() if state in checks.RECORDED) if one.checks else None,
                "tasks": one.tasks or None, "reports": one.reports if one.tasks else None,
                "spread": spreads.get(one.id), "since": one.since,
                "consensus": state_word("consensus", one.consensus) if one.consensus else None,
            },
            values={
                "stage": one.stages, "state": _only(one.state.value), "reports": _reports(one),
                "late": frozenset({"yes"} if one.id in late else ()),
            },
        )
        for one in reached
    )  # fmt: skip
    return Sheet(columns, facets, lines)


def _reports(one: Reached) -> frozenset[str]:
    if not one.tasks:
        return frozenset()
    return frozenset({"none" if not one.reports else "all" if one.reports >= max(one.due, 1) else "some"})


def _checks(act: Act, call: Call, moment: datetime | None) -> Sheet:
    titles = named_in(act, call)
    of_call = select(Application.id).where(Application.call_id == call.id)
    allowed = visible(act, Check, "check.view").where(Check.application_id.in_(of_call)).with_only_columns(Check.id)
    states = states_of(act, Check, allowed, moment)
    query = select(Check.id, Check.application_id, Check.label, Check.stage, Check.proposed)
    columns = (
        Column("title", _("Application")), Column("number", _("Number")), Column("rule", _("Rule")),
        Column("stage", _("Stage")), Column("proposed", _("The system's answer")), Column("state", _("State")), SINCE,
    )  # fmt: skip
    facets = (
        Facet("state", _("State"), _names(CHECK)), Facet("stage", _("Stage"), CHECK_STAGES),
        Facet("proposed", _("The system's answer"), ANSWERS),
    )  # fmt: skip
    found = act.session.execute(query.where(Check.application_id.in_(of_call)).order_by(Check.position, Check.id))
    lines = [
        _check(key, titles[application], label, stage.value, proposed, states[key])
        for key, application, label, stage, proposed in found
        if key in states and application in titles
    ]
    return Sheet(columns, facets, tuple(sorted(lines, key=lambda line: line.title.casefold())))


def _check(key: str, about: Named, label: str, stage: str, proposed: str, state: tuple[checks.State, datetime]) -> Line:
    return Line(
        key, about.id, about.title, f"{about.words} {label}",
        cells={
            "title": about.title, "number": about.number, "rule": label, "stage": STAGE_WORDS[stage],
            "proposed": ANSWER_WORDS[proposed], "state": state_word("check", state[0]), "since": state[1],
        },
        values={"state": _only(state[0].value), "stage": _only(stage), "proposed": _only(proposed)},
    )  # fmt: skip


def _tasks(act: Act, call: Call, moment: datetime | None) -> Sheet:
    titles = named_in(act, call)
    tasks = [task for task in tasks_of(act, call, moment) if task.application in titles]
    columns = (
        Column("title", _("Application")), Column("number", _("Number")), Column("evaluator", _("Evaluator")),
        Column("state", _("Task")), Column("report", _("Report")), Column("due", _("Due")), SINCE,
    )  # fmt: skip
    facets = (
        Facet("state", _("Task"), _names(assignments.ASSIGNMENT)),
        Facet("report", _("Report"), {"none": NO_REPORT} | _names(ASSESSMENT)),
        Facet("late", _("Late"), YES),
        Facet("evaluator", _("Evaluator"), {task.person: task.name for task in tasks}, plain=True),
    )
    lines = [_task(moment or act.now, task, titles[task.application]) for task in tasks]
    return Sheet(columns, facets, tuple(lines))


def _task(now: datetime, task: Task, about: Named) -> Line:
    report: assessments.State | None = task.report
    return Line(
        task.id, task.application, about.title, f"{about.words} {task.name}",
        cells={
            "title": about.title, "number": about.number, "evaluator": task.name,
            "state": state_word("assignment", task.state),
            "report": state_word("assessment", report) if report else Word(NO_REPORT),
            "due": task.due_at, "since": task.since,
        },
        values={
            "state": _only(task.state.value), "report": _only(report.value if report else "none"),
            "late": frozenset({"yes"} if task.is_late(now) else ()), "evaluator": frozenset({task.person}),
        },
    )  # fmt: skip


def _consensus(act: Act, call: Call, moment: datetime | None) -> Sheet:
    reached = {one.id: one for one in reached_in(act, call, moment)}
    of_call = select(Application.id).where(Application.call_id == call.id)
    allowed = visible(act, Consensus, "consensus.view").where(Consensus.application_id.in_(of_call))
    states = states_of(act, Consensus, allowed.with_only_columns(Consensus.id), moment)
    query = select(Consensus.id, Consensus.application_id).where(Consensus.application_id.in_(of_call))
    columns = (
        Column("title", _("Application")), Column("number", _("Number")), Column("state", _("Consensus")),
        Column("reports", _("Reports in"), numeric=True), SINCE,
    )  # fmt: skip
    facets = (Facet("state", _("Consensus"), _names(CONSENSUS)), Facet("reports", _("Reports"), REPORTS))
    lines = [
        Line(
            key, application, reached[application].title, reached[application].words,
            cells={
                "title": reached[application].title, "number": reached[application].number,
                "state": state_word("consensus", states[key][0]), "reports": reached[application].reports,
                "since": states[key][1],
            },
            values={"state": _only(states[key][0].value), "reports": _reports(reached[application])},
        )
        for key, application in act.session.execute(query)
        if key in states and application in reached
    ]  # fmt: skip
    return Sheet(columns, facets, tuple(sorted(lines, key=lambda line: (line.title.casefold(), line.id))))


SHEETS: Mapping[str, Callable[[Act, Call, datetime | None], Sheet]] = {
    "applications": _applications,
    "checks": _checks,
    "tasks": _tasks,
    "consensus": _consensus,
}
