"""Submission: what was sent is frozen in the transaction of the act."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select

from app.act import Act
from app.facts.call import deadline_of
from app.facts.call_version import definition_at
from app.models import Answer, Application, Event, File, Membership, SubmittedVersion
from app.services.applications.canonical import canonical, content_of, digest_of, persons_digest, persons_of
from app.services.transitions import Done
from workflows.definition import CallDefinition

_SALT = 16  # bytes


def freeze_version(act: Act, application: Application, done: Done) -> None:
    """Keep what the application says now as its next version. The database refuses one that came too late."""
    if act.person_id is None:
        raise LookupError("a version is submitted by a person")
    salt, persons = act.chance.bytes(_SALT), persons_of(act, application)
    content = content_of(act, application)
    number = _next_number(act, application)
    received = {
        "version": number,
        "call_version": application.call.definition_number,
        "received_at": _stamp(act.now),
        "deadline": _stamp(deadline_of(application)),
        "submitted_by": act.person_id,
        "declarations": sorted(done.data.get("declarations") or []),
        "persons_digest": persons_digest(persons, salt),
    }
    text = canonical(content | received)
    version = SubmittedVersion(
        id=act.new_id(),
        application=application,
        number=number,
        canonical=text,
        sha256=digest_of(text),
        files=content["files"],
        persons=persons,
        persons_salt=salt,
        submitted_by=act.person_id,
        received_at=act.now,
        deadline=deadline_of(application),
    )
    act.session.add(version)
    act.session.flush()


def _next_number(act: Act, application: Application) -> int:
    query = select(func.max(SubmittedVersion.number)).where(SubmittedVersion.application_id == application.id)
    return (act.session.scalar(query) or 0) + 1


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def current_version(act: Act, application: Application) -> SubmittedVersion | None:
    """Give the version in force, which is the newest; None where nothing was submitted."""
    query = select(SubmittedVersion).where(SubmittedVersion.application_id == application.id)
    return act.session.scalar(query.order_by(SubmittedVersion.number.desc()).limit(1))


def content_of_version(version: SubmittedVersion) -> dict[str, Any]:
    """Read what a version says. It is the very text whose digest the receipt names."""
    content: dict[str, Any] = json.loads(version.canonical)
    return content


def definition_of_version(act: Act, version: SubmittedVersion) -> CallDefinition:
    """What the call said when a version was sent: its answers are read with the questions of that day."""
    return definition_at(act, version.application.call, content_of_version(version).get("call_version"))


def changes_since(act: Act, application: Application, version: SubmittedVersion) -> int:
    """Count what differs between the version in force and the draft: each answer, field, partner and file once."""
    if not _touched_after(act, application, version.received_at):
        return 0
    sent, draft = content_of_version(version), content_of(act, application)
    plain = set(draft) - {"answers", "partners", "files"}
    changed: int = sum(sent.get(key) != draft[key] for key in plain)
    return changed + sum(_differing(sent, draft, key) for key in ("answers", "partners", "files"))


def _differing(sent: dict[str, Any], draft: dict[str, Any], key: str) -> int:
    old, new = _keyed(sent.get(key) or {}), _keyed(draft[key])
    return sum(old.get(one) != new.get(one) for one in set(old) | set(new))


def _keyed(value: Any) -> dict[str, Any]:  # noqa: ANN401 - a mapping, or a list of things with ids
    """By id; a partner's word on its part is no change of what was sent."""
    if isinstance(value, dict):
        return value
    return {one["id"]: {key: kept for key, kept in one.items() if key != "consent"} for one in value}


def _touched_after(act: Act, application: Application, moment: datetime) -> bool:
    """Say whether anything was written since: the comparison itself is only made then."""
    answered = select(Answer.id).where(Answer.application_id == application.id, Answer.saved_at > moment)
    members = select(Membership.id).where(Membership.application_id == application.id)
    files = select(File.id).where(File.application_id == application.id)
    things = [application.id, *act.session.scalars(members), *act.session.scalars(files)]
    noted = select(Event.id).where(Event.thing_id.in_(things), Event.at > moment)
    return any(act.session.scalar(query.limit(1)) is not None for query in (answered, noted))
