"""The minutes of the panel as a document: who was there, who had to be out, what was said, changed and ordered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.act import Act
from app.matters import called
from app.models import Application, Call, Consensus, Decision, PanelMark, PanelMinute, Person, Remark
from app.services.calls.call import definition_of
from app.services.deciding.panel import minutes_of, panel_of, people_in
from app.services.deciding.panel_marks import stands
from app.services.deciding.ranking import ranking_of, trimmed
from app.services.documents.paper_heads import common, day_text, local_day, sender
from app.services.transitions import Done
from workflows.decision import FIXED
from workflows.definition import TieBreakBy
from workflows.ranking import asks
from workflows.words import _

SUBJECT = _("Minutes of the panel on the call {call}")
TEXT = _("What the panel on the call {title} ({call}) recorded until {day}, {clock}.")
MEMBERS = _("Evaluators of the call: {names}.")
NO_MEMBERS = _("The call has no evaluators.")
SAID, CHANGED, ORDERED = (
    _("What was said, application by application"),
    _("Scores that the panel changed"),
    _("Equals, in the order the panel gave them"),
)
SAID_COLUMNS = (_("Application"), _("Who was there"), _("What was said"))
CHANGED_COLUMNS = (_("Application"), _("Scores"), _("Reason"), _("Recorded"))
ORDERED_COLUMNS = (_("Order"), _("Reason"))
NOTHING = {
    SAID: _("No entry was written."),
    CHANGED: _("The panel changed no score."),
    ORDERED: _("The panel ordered no equals."),
}
BY_DRAW = _("Equals of this call are settled by a public draw, not by the panel.")
PRESENT, ALONE = _("Present: {names}."), _("Present: no evaluator.")
OUT = _("Out, in conflict of interest: {names}.")
SCORES = _("{criterion}: agreed {before}, panel {points}")
VOID = _("{scores} (does not count: the agreed score was changed since)")
NO_TIE = _("{names} (does not count: they are equals no more)")
WRITTEN = _("{name}, call manager")
NOBODY = "–"


def panel_minutes_snapshot(act: Act, decision: Decision, done: Done) -> tuple[dict[str, Any], str | None, str]:
    """Give what the minutes say of all applications of the call; whoever asks for them is tied to none of them."""
    call, definition = decision.call, definition_of(decision.call)
    reference = definition.reference or definition.code
    tables = [_said(act, call), _changed(act, call), _ordered(act, decision)]
    lines = [NOTHING[table["caption"]] for table in tables if not table["rows"]]
    if asks(definition, TieBreakBy.DRAW):
        lines = [BY_DRAW if line == NOTHING[ORDERED] else line for line in lines]
    writer = act.session.get(Person, act.person_id)
    snapshot = common(act, call, done, "panel_minutes") | {
        "number": definition.code,
        "kind": "other",
        "subject": SUBJECT.format(call=reference),
        "reference": reference,
        "date": local_day(act.now, call.zone).isoformat(),
        "sender": sender(act),
        "addressee": [],
        "paragraphs": [_first(act, call, reference), _members(act, call), *lines],
        "reasons": [],
        "tables": [table for table in tables if table["rows"]],
        "redress": None,
        "signatures": [WRITTEN.format(name=writer.name)] if writer else [],
        "attachments": [],
    }
    return snapshot, None, call.id


def _first(act: Act, call: Call, reference: str) -> str:
    day = day_text(local_day(act.now, call.zone))
    return TEXT.format(title=call.title, call=reference, day=day, clock=_clock(act.now, call))


def _members(act: Act, call: Call) -> str:
    names = [person.name for person in panel_of(act, call)]
    return MEMBERS.format(names=", ".join(names)) if names else NO_MEMBERS


def _table(caption: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> dict[str, Any]:
    return {"caption": caption, "columns": list(columns), "rows": [list(row) for row in rows], "numeric": []}


def _said(act: Act, call: Call) -> dict[str, Any]:
    minutes = minutes_of(act, call)
    people = people_in(act, minutes)
    return _table(SAID, SAID_COLUMNS, (_entry(one, people, call) for one in minutes))


def _entry(one: PanelMinute, people: Mapping[str, str], call: Call) -> list[str]:
    present, absent = (", ".join(people.get(key, NOBODY) for key in keys) for keys in (one.present, one.absent))
    there = [PRESENT.format(names=present) if present else ALONE, *([OUT.format(names=absent)] if absent else [])]
    name = called(one.application) if one.application else NOBODY
    return [f"{name}, {_moment(one.at, call)}", " ".join(there), one.text]


def _clock(at: datetime, call: Call) -> str:
    return at.astimezone(ZoneInfo(call.zone)).strftime("%H:%M")


def _moment(at: datetime, call: Call) -> str:
    return f"{day_text(local_day(at, call.zone))}, {_clock(at, call)}"


def _changed(act: Act, call: Call) -> dict[str, Any]:
    query = (
        select(PanelMark, Consensus, Application)
        .join(Consensus, Consensus.id == PanelMark.consensus_id)
        .join(Application, Application.id == Consensus.application_id)
        .where(Application.call_id == call.id)
        .order_by(PanelMark.at, PanelMark.id)
    )
    names = {one.code: one.name for one in definition_of(call).criteria}
    found = act.session.execute(query).all()
    rows = []
    for mark, consensus, application in found:
        agreed = next((line.points for line in consensus.scores if line.criterion == mark.criterion), None)
        name = names.get(mark.criterion, mark.criterion)
        scores = SCORES.format(criterion=name, before=trimmed(mark.before), points=trimmed(mark.points))
        recorded = f"{mark.person.name}, {_moment(mark.at, call)}"
        counts = scores if stands(mark, agreed) else VOID.format(scores=scores)
        rows.append([called(application), counts, mark.reason, recorded])
    return _table(CHANGED, CHANGED_COLUMNS, rows)


def _ordered(act: Act, decision: Decision) -> dict[str, Any]:
    rows, standing = [], _standing(act, decision)
    for order in decision.panel_order:
        applications = [act.session.get_one(Application, key) for key in order["applications"]]
        said = act.session.get(Remark, order["reason"]["remark"])
        names = "; ".join(f"{place}. {called(one)}" for place, one in enumerate(applications, start=1))
        counts = names if set(order["applications"]) in standing else NO_TIE.format(names=names)
        rows.append([counts, (said.text or "") if said else ""])
    return _table(ORDERED, ORDERED_COLUMNS, rows)


def _standing(act: Act, decision: Decision) -> list[set[str]]:
    """Give the groups of equals whose order counts: of the frozen ranking once it is proposed."""
    if decision.state in FIXED:
        return [set(order) for order in (decision.ranking or {}).get("panel", ())]
    return [{position.key for position in tie} for tie in ranking_of(act, decision.call).ties]
