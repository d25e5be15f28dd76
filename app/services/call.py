"""Calls: imported from a file, announced, extended."""

from __future__ import annotations

import hashlib
from datetime import datetime

from app.act import Act
from app.callfile import Fault, from_json, read_call, to_json
from app.models import Call, CallSource, Extension
from app.services.transitions import Done, create
from workflows.definition import CallDefinition
from workflows.relations import Relation as R


class FaultyCallFile(Exception):  # noqa: N818 - the file's fault, not an error of ours
    """The file can't become a call; every fault with its path and line."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = faults


def import_call(act: Act, data: bytes, *, practice: bool = False, relation: R = R.CALL_MANAGER) -> Call:
    """Make a call of a call file; raises `FaultyCallFile`. The bytes are kept as they are."""
    definition, faults = read_call(data)
    if definition is None or faults:
        raise FaultyCallFile(faults)
    call = Call(
        code=definition.code,
        kind=definition.kind.value,
        title=definition.title,
        definition=to_json(definition),
        opens_at=definition.timetable.opens_at,
        closes_at=definition.timetable.closes_at,
        zone=definition.timetable.zone,
        practice=practice,
        anonymous=bool(definition.evaluation and definition.evaluation.anonymous),
        next_code=definition.next_call,
    )
    digest = hashlib.sha256(data).hexdigest()
    create(act, call, relation=relation, data={"sha256": digest})
    act.session.add(
        CallSource(call_id=call.id, data=data, sha256=digest, imported_at=act.now, imported_by=act.person_id)
    )
    act.session.flush()
    return call


def definition_of(call: Call) -> CallDefinition:
    return from_json(call.definition)


def note_extension(act: Act, call: Call, done: Done) -> None:
    """Keep what one person proposes until another signs it."""
    moment: datetime = done.data["closes_at"]
    call.proposed_closes_at = moment
    call.extension_proposed_by = act.person_id


def move_deadline(act: Act, call: Call, _done: Done) -> None:
    """Put the proposed deadline in force and keep the old one."""
    if call.proposed_closes_at is None:
        raise LookupError("no deadline is proposed")
    act.session.add(
        Extension(
            id=act.new_id(),
            call_id=call.id,
            old_closes_at=call.closes_at,
            new_closes_at=call.proposed_closes_at,
            at=act.now,
        )
    )
    call.closes_at, call.proposed_closes_at, call.extension_proposed_by = call.proposed_closes_at, None, None
