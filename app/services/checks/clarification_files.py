"""Documents that a clarification reopens: what is uploaded for it stands beside what was sent, and replaces nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.access import can
from app.act import Act
from app.facts.clarification import files_for, named_documents, partners_to_ask, slot_of
from app.facts.membership import has_accepted, name_of_partner
from app.inspection.slots import MIME_TYPES
from app.models import Call, Clarification, File, Membership, Person
from app.services.applications.canonical import live_members
from app.services.applications.submission import content_of_version
from app.services.calls.call import definition_of
from app.services.permitted import one_at_a_time, relation_for
from app.services.transitions import Refused
from app.services.uploads.file_places import PICTURES, Line, ShownPlace
from app.services.uploads.files import (
    Place,
    Received,
    Where,
    older_versions,
    place_of,
    places_of,
    refuse_too_much,
    write_down,
)
from workflows.definition_questions import DocumentDue
from workflows.verdict import refuse
from workflows.words import _, plural


def reopenable_documents(call: Call) -> list[Place]:
    """Places whose documents were due with the application: each can be reopened by itself."""
    return [place for place in places_of(call) if place.due is DocumentDue.APPLICATION]


def places_named(clarification: Clarification) -> list[Place]:
    """The places that this clarification reopens."""
    return [place_of(clarification.call, one) for one in named_documents(clarification)]


def keep_clarified(act: Act, clarification: Clarification, slot: str, received: Received, where: Where) -> File:
    """Write a stored file down for a reopened place. Raises `Refused`, `KeyError` where the place is not reopened."""
    relation = relation_for(act, "clarification.edit", clarification)
    if act.now >= clarification.due_at:
        raise Refused(refuse("too-late", _("The time for this clarification is over.")))
    if slot not in named_documents(clarification):
        raise KeyError(slot)
    one_at_a_time(act, clarification)
    place, application = place_of(clarification.call, slot), clarification.application
    member = where.membership if place.per_partner else None
    if place.per_partner and (member is None or member.application_id != application.id):
        raise Refused(refuse("partner-missing", _("Choose the partner this document belongs to.")))
    _refuse_too_many(_at(act, clarification, slot, member), place, where.replaces)
    refuse_too_much(act, application, received.stored.size)
    file = File(
        application_id=application.id, membership_id=member.id if member else None, slot=slot_of(clarification),
        caption=where.caption, replaces_id=where.replaces.id if where.replaces else None,
    )  # fmt: skip
    written = write_down(act, file, received, relation, where.replaces)
    named: list[Any] = [*(clarification.answers.get(slot) or []), written.id]
    clarification.answers = {**clarification.answers, slot: named}
    act.session.flush()
    return written


def _refuse_too_many(there: Sequence[File], place: Place, replaces: File | None) -> None:
    if replaces is not None and replaces not in there:
        raise Refused(refuse("replaced-already", _("The file you wanted to replace is no longer there: look again.")))
    if replaces is None and len(there) >= place.most:
        text = plural("“{label}” takes {n} file: remove it first.", "“{label}” takes {n} files: remove one first.")
        raise Refused(refuse("too-many-files", text, label=place.label, n=place.most))


def _at(act: Act, clarification: Clarification, slot: str, member: Membership | None) -> list[File]:
    wanted = member.id if member else None
    return [file for file in files_for(act, clarification, slot) if file.membership_id == wanted]


def places_to_fill(act: Act, clarification: Clarification) -> list[ShownPlace]:
    """The reopened places as the page of documents shows them, with what was uploaded for the clarification."""
    return [_shown(act, clarification, place) for place in places_named(clarification)]


def _shown(act: Act, clarification: Clarification, place: Place) -> ShownPlace:
    partners = [member for member in live_members(clarification.application) if has_accepted(member)]
    asked = partners_to_ask(clarification, definition_of(clarification.call), place.id)
    waived = [name_of_partner(member) for member in partners if asked and member not in asked]
    members: list[Membership | None] = [*(asked or partners)] if place.per_partner else [None]
    lines = [_line(place, member, _at(act, clarification, place.id, member)) for member in members]
    files = [file for line in lines for file in line.files]
    older = older_versions(act, files)
    everybody = {one.uploaded_by for one in (*files, *(one for found in older.values() for one in found))}
    uploaders = act.session.execute(select(Person.id, Person.name).where(Person.id.in_(sorted(everybody))))
    accept = ",".join(MIME_TYPES[kind] for kind in place.limits.kinds)
    pictures = set(place.limits.kinds) <= PICTURES
    return ShownPlace(place, accept, lines, waived, pictures, older, {row.id: row.name for row in uploaders})


def _line(place: Place, member: Membership | None, files: list[File]) -> Line:
    anchor = f"{place.id}-{member.id if member else 'all'}"
    name = name_of_partner(member) if member else ""
    return Line(anchor, member, name, files, full=len(files) >= place.most)


# -- read side by side ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class NamedFile:
    id: str
    name: str
    size: int


@dataclass(frozen=True)
class FilePair:
    """The documents of one place as they were sent, and those that were uploaded for the clarification."""

    label: str
    sent: tuple[NamedFile, ...]
    clarified: tuple[NamedFile, ...]


def file_pairs(act: Act, clarification: Clarification) -> tuple[FilePair, ...]:
    """Old and new of each reopened place; without names for whoever may not know who applies."""
    named = can(act, "application.view_people", clarification.application)
    sent: Sequence[Mapping[str, Any]] = content_of_version(clarification.submitted)["files"]
    return tuple(
        FilePair(
            place.label,
            _named([(raw["id"], raw["name"], raw["size"]) for raw in sent if raw["slot"] == place.id], named=named),
            _named([(f.id, f.name, f.size) for f in files_for(act, clarification, place.id)], named=named),
        )
        for place in places_named(clarification)
    )


def _named(files: list[tuple[str, str, int]], *, named: bool) -> tuple[NamedFile, ...]:
    return tuple(
        NamedFile(key, name if named else _("File {number}").format(number=at), size)
        for at, (key, name, size) in enumerate(files, start=1)
    )
