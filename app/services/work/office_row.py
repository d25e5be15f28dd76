"""A row of a list, opened beside it: what the page of its application would be asked for first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from app.access import can
from app.act import Act
from app.facts.membership import name_of_partner
from app.models import Application, Call, Check, Membership, Role
from app.services.applications.sent import sent_facts
from app.services.reason_json import reason_from_json
from app.services.work.cockpit_reports import Task, tasks_of
from app.services.work.office_list import Column, Line, Sheet, Value, Word
from app.services.work.office_lists import state_word
from app.services.work.reached import titled
from workflows.membership import COUNTED
from workflows.verdict import Reason

BRIEF = frozenset({"title", "rule", "evaluator", "state"})  # the columns that stay beside an opened row


@dataclass(frozen=True)
class Partner:
    name: str
    country: str
    coordinates: bool


@dataclass(frozen=True)
class Reader:
    """An evaluator of the application, with the task and its report."""

    name: str
    state: Word
    report: Word | None
    due_at: datetime | None


@dataclass(frozen=True)
class OpenRow:
    """What is told of one row; what the person may not read of its application is left out.

    Partners and the grant are those of now: at a moment of the past they are left out.
    """

    line: Line
    title: str
    facts: tuple[tuple[Column, Value], ...]
    grant: Decimal | None
    partners: tuple[Partner, ...]
    reasons: tuple[Reason, ...]  # of a check: what the system's answer rests on
    readers: tuple[Reader, ...]
    before: str | None  # the rows beside it in the list
    after: str | None


def open_row(
    act: Act, call: Call, of: str, sheet: Sheet, lines: Sequence[Line], wanted: str, moment: datetime | None
) -> OpenRow | None:
    """Tell of the wanted row, if it stands among the lines that are shown."""
    place = next((number for number, line in enumerate(lines) if line.id == wanted), None)
    if place is None:
        return None
    line = lines[place]
    application = act.session.get_one(Application, line.application)
    now = moment is None
    reads = now and can(act, "application.view", application)
    names = now and can(act, "application.view_people", application)
    check = act.session.get(Check, line.id) if of == "checks" else None
    return OpenRow(
        line=line,
        title=application.title if application.id in titled(act, call) else "",
        facts=tuple((column, line.cells.get(column.key)) for column in sheet.columns if column.key != "title"),
        grant=sent_facts(act, application).requested_grant if reads else None,
        partners=_partners(application) if names else (),
        reasons=tuple(reason_from_json(raw) for raw in check.facts) if check else (),
        readers=tuple(_reader(task) for task in tasks_of(act, call, moment, only=line.application)),
        before=lines[place - 1].id if place else None,
        after=lines[place + 1].id if place + 1 < len(lines) else None,
    )


def _reader(task: Task) -> Reader:
    report = state_word("assessment", task.report) if task.report else None
    return Reader(task.name, state_word("assignment", task.state), report, task.due_at)


def _partners(application: Application) -> tuple[Partner, ...]:
    counted: list[Membership] = [one for one in application.memberships if one.state in COUNTED]
    counted.sort(key=lambda one: (one.role is not Role.COORDINATOR, one.position))
    return tuple(Partner(name_of_partner(one), one.country or "", one.role is Role.COORDINATOR) for one in counted)


def brief(columns: Sequence[Mapping[str, object]], sort: str) -> list[Mapping[str, object]]:
    """Keep the columns that name a row, say its state, or order the list."""
    return [one for one in columns if one["key"] in BRIEF | {sort.removeprefix("-")}]
