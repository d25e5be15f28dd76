"""One act on many things: each is judged and done by itself, as if alone, and none fails in silence.

Which acts there are is read from the machine: rows that somebody of an office may take, where what has to be supplied
can be shared. What starts from one thing's own text, or has to be ticked for each, can't.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm.exc import StaleDataError

from app.access import visible
from app.act import Act
from app.models import Application, Batch, Call
from app.services.reason_json import reason_from_json, reason_to_json
from app.services.transitions import Data, Refused, perform, verdict_on
from app.services.work.office_list import Line
from app.services.work.office_lists import MODELS, sheet_of
from workflows.machine import Kind, Row, for_persons
from workflows.machines import MACHINES
from workflows.relations import OFFICES
from workflows.relations import Relation as R
from workflows.verdict import Reason, Verdict, refuse
from workflows.words import _

MOST = 200  # things in one batch: more would hold the lock of all writers for long
OF_OFFICE = OFFICES | {R.CHECKER, R.DECIDER}
CHANGED = _("It was changed after you opened the page: look at it, then do this once more.")
SEES = {"applications": "application.view_evaluation", "checks": "check.view", "tasks": "assignment.view",
        "consensus": "consensus.view"}  # fmt: skip


@dataclass(frozen=True)
class Item:
    """One of the things a batch is about, with what stands against the act."""

    line: Line
    version: int
    verdict: Verdict

    @property
    def needs_sign_in(self) -> bool:
        return "sign-in-again" in self.verdict.codes


@dataclass(frozen=True)
class Outcome:
    line: Line
    reasons: tuple[Reason, ...]  # none: it was done


def rows_of(of: str) -> dict[str, Row]:
    """Give the rows an office may take on many things of a list at once, by name."""
    machine = MACHINES[MODELS[of].__noun__]
    return {row.name: row for row in machine.rows if _shared(row)}


def _shared(row: Row) -> bool:
    own = any(need.kind is Kind.FLAGS or need.starts_from for need in row.needs)
    return for_persons(row) and not own and bool(OF_OFFICE.intersection(row.by))


def offered_on(act: Act, of: str, ids: Sequence[str]) -> dict[str, frozenset[str]]:
    """Give, for each row, on which of these things the person may take it, guards apart; one query a row."""
    model = MODELS[of]
    found = {}
    for name in rows_of(of) if ids else ():
        allowed = visible(act, model, f"{model.__noun__}.{name}").where(model.id.in_(ids))
        if there := frozenset(act.session.scalars(allowed.with_only_columns(model.id))):
            found[name] = there
    return found


def items_of(act: Act, call: Call, of: str, name: str, ids: Iterable[str]) -> list[Item]:
    """Give those of the things that the person may see, each with what stands against the act on it."""
    things = _things(act, call, of, ids)
    lines = [line for line in sheet_of(act, call, of).lines if line.id in things]
    return [Item(line, things[line.id].version, verdict_on(act, things[line.id], name)) for line in lines]


def _things(act: Act, call: Call, of: str, ids: Iterable[str]) -> dict[str, Any]:
    model = MODELS[of]
    of_call = select(Application.id).where(Application.call_id == call.id)
    place = model.id if model is Application else model.application_id
    query = visible(act, model, SEES[of]).where(model.id.in_(list(ids)[:MOST]), place.in_(of_call))
    return {thing.id: thing for thing in act.session.scalars(query)}


def take(act: Act, call: Call, of: str, name: str, versions: Mapping[str, int], data: Data) -> Batch:
    """Take the row on each of the things whose version is still the one that was seen; each stands for itself.

    The same act id by the same person gives the first answer again.
    """
    if (earlier := batch_of_act(act)) is not None:
        return earlier
    things = _things(act, call, of, versions)
    results = [
        {"thing": key, "reasons": [reason_to_json(one) for one in _one(act, thing, name, versions[key], data)]}
        for key, thing in things.items()
    ]
    batch = Batch(
        id=act.new_id(), person_id=str(act.person_id), call_id=call.id, of=of, name=name,
        act_id=act.act_id or act.new_id(), results=results, done_at=act.now,
    )  # fmt: skip
    act.session.add(batch)
    act.session.flush()
    return batch


def _one(act: Act, thing: Any, name: str, version: int, data: Data) -> tuple[Reason, ...]:  # noqa: ANN401
    """Take the row on one thing; a refusal takes back what that one changed, and nothing of the others."""
    if thing.version != version:
        return refuse("changed", CHANGED).reasons
    written = act.written
    try:
        with act.session.begin_nested():
            perform(act, thing, name, data)
    except Refused as refused:
        act.written = written
        return refused.reasons
    except StaleDataError:
        act.written = written
        return refuse("changed", CHANGED).reasons
    return ()


def batch_of_act(act: Act) -> Batch | None:
    """Find what the person's same form did before: a second click is answered by the first."""
    if act.act_id is None or act.person is None:
        return None
    return act.session.scalar(select(Batch).where(Batch.act_id == act.act_id, Batch.person_id == act.person_id))


def outcomes_of(act: Act, call: Call, batch: Batch) -> tuple[Outcome, ...]:
    """Say what became of each thing the person may still see: those that were refused first."""
    lines = {line.id: line for line in sheet_of(act, call, batch.of).lines}
    found = [
        Outcome(lines[one["thing"]], tuple(reason_from_json(raw) for raw in one["reasons"]))
        for one in batch.results
        if one["thing"] in lines
    ]
    return tuple(sorted(found, key=lambda one: not one.reasons))
