"""Documents an organisation keeps once in its profile, each with its day; an application repeats one by its digest."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from sqlalchemy import select

from app.access import can, visible
from app.act import Act
from app.inspection.slots import Slot as Limits
from app.models import Application, Call, File, Organisation
from app.scanning import Finding
from app.services.calls.call import definition_of
from app.services.permitted import relation_for
from app.services.transitions import Refused
from app.services.uploads.files import Place, Received, Where, keep, place_of, write_down
from app.store import Stored
from workflows.file import KEPT, State
from workflows.verdict import refuse
from workflows.words import Text, _

MOST_OF_A_KIND = 20
# Kinds with a name of their own; a call may name others by their code.
KINDS: Mapping[str, Text] = MappingProxyType(
    {
        "statutes": _("Statutes"),
        "legal_entity_form": _("Legal entity form"),
        "accounts": _("Annual accounts"),
    }
)


def kinds_kept(act: Act) -> dict[str, Text]:
    """Give the kinds an organisation may keep: those every profile has, and those that published calls name."""
    found = dict(KINDS)
    for call in act.session.scalars(visible(act, Call, "call.view")):
        for slot in definition_of(call).documents:
            if slot.keeps:
                found.setdefault(slot.keeps, slot.label)
    return found


def place_in_profile(kind: str) -> Place:
    """The limits of a document in a profile: a PDF of 10 MB, as a call that says nothing has them."""
    return Place(kind, kind, per_partner=False, required=False, most=MOST_OF_A_KIND, limits=Limits())


def documents_of(act: Act, organisation: Organisation) -> list[File]:
    """Give what the organisation keeps, by kind, the newest day first; older ones stay until they are removed."""
    query = visible(act, File, "file.view").where(File.organisation_id == organisation.id, File.state.in_(KEPT))
    return list(act.session.scalars(query.order_by(File.slot, File.dated_on.desc(), File.id.desc())))


def keep_in_profile(act: Act, organisation: Organisation, kind: str, dated_on: date, received: Received) -> File:
    """Write a stored document down in the profile. Raises `Refused` for a day to come or one too many."""
    relation = relation_for(act, "profile.keep_document", organisation)
    if dated_on > act.now.date():
        raise Refused(refuse("day-to-come", _("The day of the document lies ahead: give the day it is of.")))
    there = select(File).where(File.organisation_id == organisation.id, File.slot == kind, File.state.in_(KEPT))
    if len(act.session.scalars(there).all()) >= MOST_OF_A_KIND:
        text = _("Twenty of this kind are kept already: remove one you no longer need.")
        raise Refused(refuse("too-many-files", text))
    file = File(organisation_id=organisation.id, slot=kind, dated_on=dated_on)
    return write_down(act, file, received, relation, None)


def repeat(act: Act, application: Application, slot: str, source: File, where: Where) -> File:
    """Use a document of a profile in an application: the same bytes, whatever the profile holds later.

    Raises `Refused` where it is not the person's own organisation's, or of another kind; `KeyError` for no such place.
    """
    place = place_of(application.call, slot)
    fits = source.organisation_id is not None and source.state is State.USABLE and source.slot == place.keeps
    if not fits or not can(act, "file.view", source) or not _takes_part(application, source, where):
        raise Refused(refuse("not-in-profile", _("This document is no longer in the profile: look again.")))
    received = Received(source.name, source.media_type, source.pages, Stored(source.sha256, source.size), Finding.CLEAN)
    return keep(act, application, slot, received, Where(where.membership, where.replaces, source.caption, source))


def _takes_part(application: Application, source: File, where: Where) -> bool:
    members = [where.membership] if where.membership else list(application.memberships)
    return any(member.organisation_id == source.organisation_id for member in members)
