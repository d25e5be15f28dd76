"""A call that changes while it is open: a new version with a text; what applicants must look at again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from app.act import Act
from app.callfile import from_json, read_call, to_json
from app.facts.answers import values_of
from app.facts.call_version import definition_at
from app.models import Application, Call, CallVersion, Expression, Remark
from app.services.applications.answer_lists import lists_for
from app.services.applications.answers_shown import ShownAnswer, shown
from app.services.calls.call import FaultyCallFile, copy_evaluation, definition_of
from app.services.calls.call_changes import Change, Kind, changes_between
from app.services.permitted import relation_for
from app.services.transitions import Done, Refused, note
from workflows.definition import CallDefinition
from workflows.questions import is_empty
from workflows.verdict import ALLOWED, Verdict, refuse
from workflows.words import _


def prepare_change(act: Act, call: Call, data: bytes) -> tuple[Change, ...]:
    """Keep a changed file until it is put in force, and say what it changes.

    Raises `FaultyCallFile` with its faults, `Refused` where it changes what an announced call may not change.
    """
    relation = relation_for(act, "call.prepare_change", call)
    after, faults = read_call(data)
    if after is None or faults:
        raise FaultyCallFile(faults)
    before = definition_of(call)
    changes = changes_between(before, after)
    verdict = _against(before, after) + (ALLOWED if changes else refuse("no-change", _("This file changes nothing.")))
    if not verdict:
        raise Refused(verdict)
    call.source.prepared, call.source.prepared_by = data, act.person_id
    call.last_act_at = act.now  # a new version of the row: what was proposed of the older one is proposed again
    note(act, call, "prepare_change", relation=relation, data={"sha256": hashlib.sha256(data).hexdigest()})
    return changes


def _against(before: CallDefinition, after: CallDefinition) -> Verdict:
    """What applicants rely on: the name of the call, its kind, its times, and what a question asks for."""
    times = before.timetable, after.timetable
    reasons = [
        (before.code == after.code, "code", _("The code of a call stays what it is: “{code}”."), {"code": before.code}),
        (before.kind is after.kind, "kind", _("The kind of a call stays what it is."), {}),
        (
            times[0].opens_at == times[1].opens_at and times[0].closes_at == times[1].closes_at,
            "times",
            _("Opening and deadline stay what they are in the file; a deadline is moved by an extension."),
            {},
        ),
    ]
    types = {question.id: question.type for question in before.questions()}
    changed = [q.label for q in after.questions() if types.get(q.id, q.type) is not q.type]
    text = _("These questions ask for another kind of answer now; give them another id: {labels}.")
    reasons.append((not changed, "type", text, {"labels": ", ".join(changed)}))
    return sum((refuse(code, text, **given) for fine, code, text, given in reasons if not fine), ALLOWED)


def prepared_changes(call: Call) -> tuple[Change, ...] | None:
    """What the prepared file changes; None where none is prepared."""
    if call.source.prepared is None:
        return None
    after, _faults = read_call(call.source.prepared)
    return changes_between(definition_of(call), after) if after else ()


def apply_change(act: Act, call: Call, done: Done) -> None:
    """Put the prepared file in force. The file before it is kept as the version it was."""
    source = call.source
    after, _faults = read_call(source.prepared or b"")
    if after is None or source.prepared is None:
        raise LookupError("no change is prepared")
    if not call.versions:
        act.session.add(_version(act, call, 1, source.data, call.definition, source.imported_at, source.imported_by))
    call.definition_number += 1
    call.definition, call.title, call.next_code = to_json(after), after.title, after.next_call
    copy_evaluation(call, after)
    new = _version(act, call, call.definition_number, source.prepared, call.definition, act.now, act.person_id)
    new.reason_id = done.event.data["summary"]["remark"]
    act.session.add(new)
    source.data, source.sha256, source.edited = source.prepared, new.sha256, False
    source.prepared, source.prepared_by = None, None
    act.session.flush()
    act.session.expire(call, ["versions"])


def _version(
    act: Act, call: Call, number: int, data: bytes, definition: dict[str, object], at: datetime, by: str | None
) -> CallVersion:
    digest = hashlib.sha256(data).hexdigest()
    return CallVersion(
        id=act.new_id(), call_id=call.id, number=number, data=data, sha256=digest, definition=definition, at=at, by=by
    )


@dataclass(frozen=True)
class VersionLine:
    """One version: what was said of it, and what it changed."""

    number: int
    at: datetime
    sha256: str
    text: str
    changes: tuple[Change, ...]


def versions_of(act: Act, call: Call) -> tuple[VersionLine, ...]:
    """All versions of a call that was changed, newest first; none where it never was."""
    return tuple(reversed(list(_versions(act, call))))


def _versions(act: Act, call: Call) -> Iterator[VersionLine]:
    before: CallDefinition | None = None
    for version in call.versions:
        now = from_json(version.definition)
        remark = act.session.get(Remark, version.reason_id) if version.reason_id else None
        changes = changes_between(before, now) if before else ()
        yield VersionLine(version.number, version.at, version.sha256, (remark.text or "") if remark else "", changes)
        before = now


@dataclass(frozen=True)
class LookAgain:
    """What a draft must look at again: written against one version, while another is in force."""

    seen: int
    now: int
    texts: tuple[tuple[int, datetime, str], ...]  # of each version since: number, when, what changed
    changes: tuple[tuple[Change, str], ...]  # each with the part of the form where it stands, or nothing
    kept: tuple[ShownAnswer, ...]  # what was typed for questions that are no longer asked


def look_again(act: Act, owner: Application | Expression) -> LookAgain | None:
    """Compare the version a draft follows with the one in force; None where they are the same."""
    call = owner.call
    if owner.seen_version >= call.definition_number:
        return None
    before, after = definition_at(act, call, owner.seen_version), definition_of(call)
    parts = {question.id: section.id for section in after.sections for question in section.questions}
    changes = changes_between(before, after)
    return LookAgain(
        seen=owner.seen_version,
        now=call.definition_number,
        texts=tuple((v.number, v.at, v.text) for v in versions_of(act, call) if v.number > owner.seen_version),
        changes=tuple((c, parts.get(c.thing, "") if c.part == "questions" else "") for c in changes),
        kept=_kept(act, owner, before, changes),
    )


def _kept(
    act: Act, owner: Application | Expression, before: CallDefinition, changes: tuple[Change, ...]
) -> tuple[ShownAnswer, ...]:
    gone = {c.thing for c in changes if c.kind is Kind.REMOVED and c.part == "questions"}
    gone |= {q.id for q in before.questions()} - {q.id for q in definition_of(owner.call).questions()}
    values, lists = values_of(act, owner), lists_for(before)
    asked = [q for q in before.questions() if q.id in gone and not is_empty(values.get(q.id))]
    return tuple(shown(question, values[question.id], lists) for question in asked)


def looked_again(act: Act, owner: Application | Expression, number: int) -> None:
    """Note that a draft follows a version of the call now; a version that came meanwhile is still to be looked at."""
    relation = relation_for(act, f"{owner.__noun__}.edit", owner)
    if owner.seen_version < number <= owner.call.definition_number:
        owner.seen_version = number
        note(act, owner, "look_again", relation=relation, data={"call_version": number})
