"""The places for files as pages show them: what lies in each, its older versions, and what a profile offers for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from app.access import visible
from app.act import Act
from app.facts.membership import has_accepted, name_of_partner
from app.facts.readiness import owing
from app.inspection.slots import MIME_TYPES
from app.models import Application, File, Membership, Person, Role
from app.services.applications.canonical import live_members
from app.services.calls.call import definition_of
from app.services.uploads.files import Owner, Place, files_in, older_versions, places_of
from workflows.definition_questions import DocumentDue
from workflows.file import State

PICTURES = {"png", "jpg"}


@dataclass(frozen=True)
class Line:
    """One card of a place: the files of the application, or of one partner."""

    anchor: str
    partner: Membership | None
    name: str
    files: Sequence[File]
    full: bool
    offered: File | None = None  # the newest of its kind in the profile, where it is not used already


@dataclass(frozen=True)
class ShownPlace:
    place: Place
    accept: str
    lines: Sequence[Line]
    waived: Sequence[str]
    pictures: bool
    older: dict[str, list[File]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)  # of who uploaded, by id


def shown_places(act: Act, owner: Owner, due: DocumentDue = DocumentDue.APPLICATION) -> list[ShownPlace]:
    """Give each place that is filled at that time: one of the whole, or one for each partner that owes it."""
    return [_shown(act, owner, place) for place in places_of(owner.call) if place.due is due]


def _shown(act: Act, application: Owner, place: Place) -> ShownPlace:
    of_consortium = live_members(application) if isinstance(application, Application) else []
    confirmed = [member for member in of_consortium if has_accepted(member)]
    members: list[Membership | None] = [None]
    waived: list[str] = []
    if place.per_partner:
        slot = next(slot for slot in definition_of(application.call).documents if slot.id == place.id)
        due = owing(slot, confirmed)
        members = [member for member in confirmed if member in due or not place.required]
        waived = [name_of_partner(member) for member in confirmed if member not in members]
    lines = [_line(act, application, place, member, _keeper(confirmed, member)) for member in members]
    files = [file for line in lines for file in line.files]
    older = older_versions(act, files)
    everybody = {file.uploaded_by for file in files} | {one.uploaded_by for found in older.values() for one in found}
    uploaders = act.session.execute(select(Person.id, Person.name).where(Person.id.in_(sorted(everybody))))
    names = {row.id: row.name for row in uploaders}
    accept = ",".join(MIME_TYPES[kind] for kind in place.limits.kinds)
    pictures = set(place.limits.kinds) <= PICTURES
    return ShownPlace(place, accept, lines, waived, pictures, older, names)


def _keeper(confirmed: Sequence[Membership], member: Membership | None) -> str | None:
    """Give the organisation whose profile may keep the document already: the partner's, or the leader's."""
    if member is None:
        member = next((one for one in confirmed if one.role is Role.COORDINATOR), None)
    return member.organisation_id if member else None


def _line(act: Act, application: Owner, place: Place, partner: Membership | None, keeper: str | None) -> Line:
    files = files_in(act, application, place.id, partner)
    offered = kept_in_profile(act, keeper, place.keeps) if keeper and place.keeps else None
    if offered is not None and offered.id in {file.source_id for file in files}:
        offered = None
    return Line(
        anchor=f"{place.id}-{partner.id if partner else 'all'}",
        partner=partner,
        name=name_of_partner(partner) if partner else "",
        files=files,
        full=len(files) >= place.most,
        offered=offered,
    )


def kept_in_profile(act: Act, organisation_id: str | None, kind: str) -> File | None:
    """Give the newest document of a kind that an organisation keeps, to its own people alone."""
    query = visible(act, File, "file.view").where(
        File.organisation_id == organisation_id, File.slot == kind, File.state == State.USABLE
    )
    return act.session.scalars(query.order_by(File.dated_on.desc(), File.id.desc()).limit(1)).first()
