"""Statements of work: counted from the record, confirmed by the expert, approved by the office, read by finance."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.access import can, visible
from app.act import Act
from app.models import Call, Document, DocumentKind, Expert, Person, Statement
from app.services.calls.call import definition_of
from app.services.deciding.ranking import trimmed
from app.services.documents.paper_heads import LANGUAGE, common, country_name, day_text, local_day, sender
from app.services.experts.work_done import NAMES, PANEL_DAY, lines_of, terms_of, units_of
from app.services.labels.register import harmless
from app.services.permitted import one_at_a_time, relation_for
from app.services.transitions import Done, Refused, create, note, perform
from workflows.relations import Relation as R
from workflows.statement import State
from workflows.verdict import refuse
from workflows.words import _

WORK_IN_WORDS = _("It counts {units} × {unit}, as the call counts work.")
WORK_IN_UNITS = _("It counts {units} in the call's units of work.")
COLUMNS = (
    "statement", "call", "name", "country", "reports", "consensus_reports", "panel_days", "unit", "units",
    "first_day", "last_day", "confirmed_on", "approved_on", "approved_by",
)  # fmt: skip


def statements_of(act: Act, call: Call) -> list[Statement]:
    """Give the statements of a call that the person may see, by name."""
    query = (
        visible(act, Statement, "statement.view")
        .where(Statement.call_id == call.id)
        .options(selectinload(Statement.person))
    )
    return sorted(act.session.scalars(query), key=lambda one: (one.person.name, one.id))


def statements_of_person(act: Act, person_id: str) -> list[Statement]:
    query = (
        visible(act, Statement, "statement.view")
        .where(Statement.person_id == person_id)
        .options(selectinload(Statement.call))
    )
    return list(act.session.scalars(query.order_by(Statement.created_at.desc(), Statement.id)))


def count_all(act: Act, call: Call) -> int:
    """Make a statement for everybody who finished something; count again what is still open. Gives the number asked.

    Raises `Refused` for who has an interest in any application of the call: a statement tells who evaluated.
    """
    relation = relation_for(act, "call.count_work", call)
    one_at_a_time(act, call)
    query = select(Statement).where(Statement.call_id == call.id).order_by(Statement.id)
    standing = {one.person_id: one for one in act.session.scalars(query)}
    asked = 0
    for person, lines in sorted(lines_of(act, call).items()):
        if person not in standing:
            number = f"W-{act.new_id()[:8].upper()}"
            statement = Statement(call_id=call.id, person_id=person, number=number, lines=lines, panel_days=[])
            create(act, statement, relation=relation, data={"call": call.id, "person": person})
            _refuse_the_tied(act, statement)
            perform(act, statement, "count")
            asked += 1
    for statement in standing.values():
        if statement.state in (State.ASKED, State.DISPUTED) and statement.lines != _now(act, statement):
            perform(act, statement, "count")
            asked += 1
    return asked


def _refuse_the_tied(act: Act, statement: Statement) -> None:
    if not can(act, "statement.view", statement):
        text = _("You have an interest in an application of this call: somebody else counts its work.")
        raise Refused(refuse("tied", text))


def _now(act: Act, statement: Statement) -> list[dict[str, Any]]:
    days = {statement.person_id: statement.panel_days}
    return lines_of(act, statement.call, [statement.person_id], days).get(statement.person_id, [])


def count_work(act: Act, statement: Statement, _done: Done) -> None:
    """Write down what the record says now."""
    statement.lines = _now(act, statement)


def set_panel_days(act: Act, statement: Statement, days: Sequence[date]) -> None:
    """Say on which days this expert sat in the panel. Raises `Refused` for a day that has not come or stands twice."""
    relation = relation_for(act, "statement.edit", statement)
    today = local_day(act.now, statement.call.zone)
    if any(day > today for day in days):
        raise Refused(refuse("day-to-come", _("A day of the panel cannot lie in the future.")))
    if len(set(days)) < len(days):
        raise Refused(refuse("day-twice", _("A day is given twice.")))
    statement.panel_days = [day.isoformat() for day in sorted(days)]
    statement.lines = _now(act, statement)
    note(act, statement, "edit_panel_days", relation=relation, data={"days": list(statement.panel_days)})


def paper_of(act: Act, statement: Statement) -> Document | None:
    query = select(Document).where(
        Document.kind == DocumentKind.STATEMENT_OF_WORK,
        Document.thing_id == statement.id,
        Document.replaced_at.is_(None),
    )
    return act.session.scalar(query)


def statement_snapshot(act: Act, statement: Statement, done: Done) -> tuple[dict[str, Any], str | None, str]:
    """Give what the PDF says: a letter with the table of tasks; nothing of bank or tax."""
    call, terms = statement.call, terms_of(statement.call)
    definition = definition_of(call)
    expert = act.session.scalar(select(Expert).where(Expert.person_id == statement.person_id))
    approver = act.person.name if act.person else ""
    days = {"confirmed": statement.confirmed_at, "approved": act.now}
    rows = [[day_text(date.fromisoformat(line["on"])), NAMES[line["unit"]], line["number"]] for line in statement.lines]
    texts = [
        _("{name} did the work listed below for the call {call}.").format(name=statement.person.name, call=call.title),
        (WORK_IN_WORDS if terms.names_unit else WORK_IN_UNITS).format(
            units=trimmed(units_of(terms, statement.lines)), unit=terms.unit
        ),
        _("Confirmed by the evaluator on {confirmed}, approved for payment by {name} on {approved}.").format(
            name=approver, **{key: day_text(local_day(day, call.zone)) for key, day in days.items() if day}
        ),
        _("This statement holds no bank data."),
    ]
    snapshot = common(act, call, done, "statement_of_work") | {
        "number": statement.number,
        "kind": "other",
        "lang": LANGUAGE,
        "subject": _("Statement of work: {call}").format(call=definition.reference or call.code),
        "reference": statement.number,
        "date": local_day(act.now, call.zone).isoformat(),
        "sender": sender(act),
        "addressee": [statement.person.name, *([country_name(expert.country)] if expert and expert.country else [])],
        "paragraphs": texts,
        "reasons": [],
        "tables": [{"caption": _("Finished tasks"), "columns": [_("Day"), _("Task"), _("Application")], "rows": rows}],
        "redress": None,
        "signatures": [],
        "attachments": [],
    }
    return snapshot, None, call.id


def csv_of(act: Act, call: Call) -> str:
    """Write the approved statements for finance, with a mark against formulas; no bank data."""
    relation = relation_for(act, "call.export_work", call)
    if relation is not R.CALL_MANAGER:
        raise Refused(refuse("not-yours", _("You can't do this: it is for somebody else.")))
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    approved = [one for one in statements_of(act, call) if one.state is State.APPROVED]
    countries = dict(
        act.session.execute(
            select(Expert.person_id, Expert.country).where(Expert.person_id.in_([one.person_id for one in approved]))
        ).all()
    )
    names = {
        one.id: one.name
        for one in act.session.scalars(select(Person).where(Person.id.in_([s.approved_by for s in approved])))
    }
    terms = terms_of(call)
    for one in approved:
        count = Counter(line["unit"] for line in one.lines)
        days = [line["on"] for line in one.lines]
        writer.writerow(
            harmless(str(cell))
            for cell in (
                one.number, call.code, one.person.name, countries.get(one.person_id) or "", count["report"],
                count["consensus"], count[PANEL_DAY], terms.unit, trimmed(units_of(terms, one.lines)),
                min(days, default=""), max(days, default=""), _day(one.confirmed_at, call), _day(one.approved_at, call),
                names.get(one.approved_by or "", ""),
            )
        )  # fmt: skip
    return target.getvalue()


def _day(moment: Any, call: Call) -> str:  # noqa: ANN401 - a moment or nothing
    return local_day(moment, call.zone).isoformat() if moment else ""
