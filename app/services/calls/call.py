"""Calls: imported from a file, announced, extended."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import select

from app.act import Act
from app.callfile import Fault, emit_call, from_json, read_call, to_json
from app.models import Call, CallSource, Event, Extension
from app.services.transitions import Done, create
from workflows.definition import CallDefinition
from workflows.definition_evaluation import Evaluation
from workflows.relations import Relation as R
from workflows.words import _


class FaultyCallFile(Exception):  # noqa: N818 - the file's fault, not an error of ours
    """The file can't become a call; every fault with its path and line."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = faults


class CodeTaken(Exception):  # noqa: N818 - the file is fine, its name is not free
    """Another call has this code."""

    text = _("There is a call named “{code}” already: give this one another code.")

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def copy_evaluation(call: Call, definition: CallDefinition) -> None:
    """Write what conditions in SQL ask of the evaluation into columns of the call."""
    evaluation = definition.evaluation or Evaluation()
    call.anonymous, call.interest_years = evaluation.anonymous, evaluation.interest_years
    call.names_in_consensus = evaluation.shows_applicants_in_consensus
    call.experts_hidden = evaluation.anonymity.experts_from_each_other.consensus
    call.waits_for_redaction = evaluation.waits_for_redaction
    call.training_required = evaluation.training.required


def import_call(act: Act, data: bytes, *, practice: bool = False, relation: R = R.CALL_MANAGER) -> Call:
    """Make a call of a call file; raises `FaultyCallFile` or `CodeTaken`. The bytes are kept as they are."""
    definition, faults = read_call(data)
    if definition is None or faults:
        raise FaultyCallFile(faults)
    if act.session.scalar(select(Call.id).where(Call.code == definition.code)) is not None:
        raise CodeTaken(definition.code)
    call = Call(
        code=definition.code,
        kind=definition.kind.value,
        title=definition.title,
        definition=to_json(definition),
        opens_at=definition.timetable.opens_at,
        closes_at=definition.timetable.closes_at,
        zone=definition.timetable.zone,
        practice=practice,
        next_code=definition.next_call,
    )
    copy_evaluation(call, definition)
    digest = hashlib.sha256(data).hexdigest()
    create(act, call, relation=relation, data={"sha256": digest})
    act.session.add(
        CallSource(call_id=call.id, data=data, sha256=digest, imported_at=act.now, imported_by=act.person_id)
    )
    act.session.flush()
    return call


def definition_of(call: Call) -> CallDefinition:
    return from_json(call.definition)


def export_call(call: Call) -> bytes:
    """The file of the call: of an unedited one the very bytes it was imported from."""
    return emit_call(definition_of(call)) if call.source.edited else call.source.data


def note_extension(act: Act, call: Call, done: Done) -> None:
    """Keep what one person proposes until another signs it."""
    moment: datetime = done.data["closes_at"]
    call.proposed_closes_at = moment
    call.extension_proposed_by = act.person_id


def move_deadline(act: Act, call: Call, _done: Done) -> None:
    """Put the proposed deadline in force; the old one and the proposer's reason are kept."""
    if call.proposed_closes_at is None:
        raise LookupError("no deadline is proposed")
    act.session.add(
        Extension(
            id=act.new_id(),
            call_id=call.id,
            old_closes_at=call.closes_at,
            new_closes_at=call.proposed_closes_at,
            reason_id=_reason_of_proposal(act, call),
            at=act.now,
        )
    )
    call.closes_at, call.proposed_closes_at, call.extension_proposed_by = call.proposed_closes_at, None, None


def _reason_of_proposal(act: Act, call: Call) -> str | None:
    """The remark given with the last proposal: what the public history says."""
    proposal = act.session.scalar(
        select(Event)
        .where(Event.thing_id == call.id, Event.name == "propose_extension")
        .order_by(Event.number.desc())
        .limit(1)
    )
    given = proposal.data.get("reason") if proposal else None
    return given["remark"] if isinstance(given, dict) else None
