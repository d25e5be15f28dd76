"""The ranking of a call and its decision as they stood at a moment of the past, worked out from the record.

Nothing of it is read from what stands now: states come from the events, agreed marks from what was saved by then, the
panel's marks and orders, the draw and the call's own file from their times.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from app.act import Act
from app.callfile import from_json
from app.models import Application, Call, CallVersion, Consensus, Decision, Draw, Event, PanelMark, ScoreChange
from app.services.calls.call import definition_of
from app.services.deciding.panel_marks import stands
from app.services.deciding.ranking import RANKED, Ranking, entry_of, ranked
from app.services.work.reached import states_of
from app.some import parts_of
from workflows import consensus as consensus_states
from workflows import decision as decisions
from workflows.definition import CallDefinition

Points = dict[str, Decimal]


@dataclass(frozen=True)
class Then:
    """How a decision stood: none of it where it had not been started. `acts`: the last propose, sign and release."""

    state: decisions.State | None
    ranking: Ranking
    orders: tuple[Mapping[str, Any], ...] = ()  # of the panel, each with the reference of its reason
    acts: Mapping[str, Event] = field(default_factory=dict)


def ranking_then(act: Act, decision: Decision, moment: datetime) -> Then:
    """Tell the decision and its ranking as of a moment; a proposed one is ranked as it was when it was proposed."""
    states = states_of(act, Decision, select(Decision.id).where(Decision.id == decision.id), moment)
    state: decisions.State | None = states.get(decision.id, (None,))[0]
    events = _events(act, decision, moment)
    acts = _standing(events) if state in decisions.FIXED else {}
    settled = acts["propose"].at if "propose" in acts else moment
    orders = _orders([event for event in events if event.at <= settled])
    call = decision.call
    definition = _definition(act, call, settled)
    approved = _approved(act, call, settled)
    marks, changed = _marks(act, approved, settled)
    entries = [
        entry_of(act, application, definition, marks.get(report, {}), settled)
        for report, application in approved.items()
    ]
    given = [order["applications"] for order in orders]
    seed = act.session.scalar(select(Draw.seed).where(Draw.call_id == call.id, Draw.drawn_at <= settled)) or ""
    return Then(state, ranked(definition, entries, changed, given, seed), tuple(orders), acts)


def _events(act: Act, decision: Decision, moment: datetime) -> list[Event]:
    query = select(Event).where(Event.noun == Decision.__noun__, Event.thing_id == decision.id, Event.at <= moment)
    return list(act.session.scalars(query.order_by(Event.number)))


def _standing(events: Iterable[Event]) -> dict[str, Event]:
    """Give the acts that stand: a return undoes what was proposed and signed before it."""
    found: dict[str, Event] = {}
    for event in events:
        if event.name == "return":
            found.clear()
        elif event.name in ("propose", "sign", "release"):
            found[event.name] = event
    return found


def _orders(events: Iterable[Event]) -> list[Mapping[str, Any]]:
    """Give the panel's orders as they were kept: a later one of the same equals takes the place of the earlier."""
    orders: list[Mapping[str, Any]] = []
    for event in events:
        if event.name == "order_tie":
            same = set(event.data["applications"])
            orders = [order for order in orders if set(order["applications"]) != same] + [event.data]
    return orders


def _definition(act: Act, call: Call, moment: datetime) -> CallDefinition:
    """Read what the call said then: its file stays what it is until a changed one is put in force."""
    versions = select(CallVersion.definition).where(CallVersion.call_id == call.id).order_by(CallVersion.number)
    stored = list(act.session.execute(versions.add_columns(CallVersion.at)))
    by_then = [definition for definition, at in stored if at <= moment] or [
        definition for definition, _at in stored[:1]
    ]
    return from_json(by_then[-1]) if by_then else definition_of(call)


def _approved(act: Act, call: Call, moment: datetime) -> dict[str, Application]:
    """Give the applications that were ranked then, by the id of their approved report, in the order of their ids."""
    of_call = select(Application.id).where(Application.call_id == call.id)
    there = states_of(act, Application, of_call, moment)
    reports = select(Consensus.id).where(Consensus.application_id.in_(of_call))
    agreed = states_of(act, Consensus, reports, moment)
    query = (
        select(Consensus.id, Application)
        .join(Application, Application.id == Consensus.application_id)
        .where(Application.call_id == call.id)
        .order_by(Application.id)
    )
    return {
        report: application
        for report, application in act.session.execute(query)
        if there.get(application.id, (None,))[0] in RANKED
        and agreed.get(report, (None,))[0] is consensus_states.State.APPROVED
    }


def _marks(act: Act, approved: Mapping[str, Application], moment: datetime) -> tuple[dict[str, Points], frozenset[str]]:
    """Give the marks that counted, by report, and the applications a mark of which the panel had changed."""
    points: dict[str, Points] = {}
    for part in parts_of(sorted(approved)):
        newest = func.row_number().over(
            partition_by=(ScoreChange.consensus_id, ScoreChange.criterion),
            order_by=(ScoreChange.at.desc(), ScoreChange.id.desc()),
        )
        columns = ScoreChange.consensus_id, ScoreChange.criterion, ScoreChange.points, newest.label("place")
        saved = select(*columns).where(ScoreChange.consensus_id.in_(part), ScoreChange.at <= moment).subquery()
        last = select(saved.c.consensus_id, saved.c.criterion, saved.c.points).where(saved.c.place == 1)
        for report, criterion, given in act.session.execute(last.where(saved.c.points.is_not(None))):
            points.setdefault(report, {})[criterion] = given
    changed = set()
    for report, marks in _of_panel(act, approved, moment).items():
        agreed = points.get(report, {})
        if standing := {code: one.points for code, one in marks.items() if stands(one, agreed.get(code))}:
            points[report] = agreed | standing
            changed.add(approved[report].id)
    return points, frozenset(changed)


def _of_panel(act: Act, approved: Mapping[str, Application], moment: datetime) -> dict[str, dict[str, PanelMark]]:
    """Give the newest mark of the panel of each criterion by then."""
    found: dict[str, dict[str, PanelMark]] = {}
    for part in parts_of(sorted(approved)):
        query = select(PanelMark).where(PanelMark.consensus_id.in_(part), PanelMark.at <= moment)
        for mark in act.session.scalars(query.order_by(PanelMark.at, PanelMark.id)):
            found.setdefault(mark.consensus_id, {})[mark.criterion] = mark
    return found
