"""Uploads: judged and stored first, written down then. Bytes are never replaced; a new upload is a new file."""

from __future__ import annotations

import atexit
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import func, select

from app.act import Act
from app.inspection.inspector import Inspector
from app.inspection.slots import MEGA, MOST_OF_AN_ACCOUNT, MOST_OF_AN_APPLICATION
from app.inspection.slots import Slot as Limits
from app.models import Application, Call, Expression, File, Membership
from app.scanning import Finding, NoScanner, Scanner
from app.services.calls.call import definition_of
from app.services.permitted import refuse_unless_open_for, relation_for
from app.services.transitions import Refused, create, perform
from app.services.uploads.rescanning import want_scan
from app.store import Store, Stored
from workflows.definition_questions import DocumentDue, DocumentPer, DocumentSlot, Question, QuestionType
from workflows.file import State
from workflows.relations import Relation as R
from workflows.verdict import refuse
from workflows.words import _, plural

Owner = Application | Expression
_LONGEST_NAME = 300
_STORED = frozenset(set(State) - {State.REMOVED})
_CURRENT = _STORED - {State.REPLACED}


@dataclass(frozen=True)
class Place:
    """A place for files: a slot of the call's documents, or a question that is answered by a document."""

    id: str
    label: str
    per_partner: bool
    required: bool
    most: int
    limits: Limits
    due: DocumentDue = DocumentDue.APPLICATION
    keeps: str | None = None  # the kind of document that an organisation keeps in its profile


@dataclass(frozen=True)
class Received:
    """A file that was judged, scanned and stored; nothing of it stands in the database yet."""

    name: str
    media_type: str
    pages: int | None
    stored: Stored
    finding: Finding


def place_of(call: Call, slot: str) -> Place:
    """Find a place by its id; KeyError where the call has none of that name."""
    definition = definition_of(call)
    for document in definition.documents:
        if document.id == slot:
            return _place(document, per_partner=document.per is DocumentPer.PARTNER)
    question = definition.question(slot)
    if question.type is not QuestionType.DOCUMENT:
        raise KeyError(slot)
    return _place(question, per_partner=False)


def places_of(call: Call) -> tuple[Place, ...]:
    """Give every place for files of a call: its document slots, then its questions answered by a document."""
    definition = definition_of(call)
    asked = [question.id for question in definition.questions() if question.type is QuestionType.DOCUMENT]
    return tuple(place_of(call, one) for one in (*(slot.id for slot in definition.documents), *asked))


def _place(asked: DocumentSlot | Question, *, per_partner: bool) -> Place:
    limits = Limits(kinds=tuple(asked.formats), most_bytes=asked.max_mb * MEGA)
    if isinstance(asked, Question):
        return Place(asked.id, asked.label, per_partner, asked.required, asked.max_count, limits)
    return Place(asked.id, asked.label, per_partner, asked.required, asked.max_count, limits, asked.due, asked.keeps)


def upload(
    act: Act,
    owner: Owner,
    slot: str,
    name: str,
    data: bytes | Iterable[bytes],
    *,
    store: Store,
    membership: Membership | None = None,
    inspector: Inspector | None = None,
    scanner: Scanner | None = None,
) -> File:
    """Judge, store and write down a file. Raises `Refused` with what is wrong with it, `KeyError` for no such place.

    Pages call `receive` before their transaction and `keep` within it instead.
    """
    received = receive(place_of(owner.call, slot), name, data, store=store, inspector=inspector, scanner=scanner)
    return keep(act, owner, slot, received, Where(membership))


def receive(
    place: Place,
    name: str,
    data: bytes | Iterable[bytes],
    *,
    store: Store,
    inspector: Inspector | None = None,
    scanner: Scanner | None = None,
) -> Received:
    """Read, judge, scan and store a file, outside any transaction. Raises `Refused`."""
    content = _read(data, place.limits.most_bytes)
    inspection = (inspector or own_inspector()).inspect(content, name, place.limits)
    if not inspection:
        raise Refused(inspection.verdict)
    finding = (scanner or NoScanner()).scan(content)
    pages = inspection.pages or None
    return Received(_clean(name), inspection.mime_type, pages, store.put(content), finding)


@dataclass(frozen=True)
class Where:
    """Where a file goes: whose it is, which older version it takes the place of, what a picture of it shows."""

    membership: Membership | None = None
    replaces: File | None = None
    caption: str = ""
    source: File | None = None  # the document of a profile that it repeats


def keep(act: Act, owner: Owner, slot: str, received: Received, where: Where = Where()) -> File:
    """Write a stored file down for its owner. Raises `Refused` where it may not be, or would be one too many."""
    place, membership = place_of(owner.call, slot), where.membership
    relation = _relation_for(act, owner, place)
    if place.per_partner and (membership is None or membership.application_id != owner.id):
        raise Refused(refuse("partner-missing", _("Choose the partner this document belongs to.")))
    membership = membership if place.per_partner else None
    _refuse_too_many(act, owner, place, membership, where.replaces)
    refuse_too_much(act, owner, received.stored.size)
    file = File(
        application_id=owner.id if isinstance(owner, Application) else None,
        expression_id=owner.id if isinstance(owner, Expression) else None,
        membership_id=membership.id if membership else None,
        slot=slot,
        caption=where.caption,
        replaces_id=where.replaces.id if where.replaces else None,
        source_id=where.source.id if where.source else None,
        dated_on=where.source.dated_on if where.source else None,
    )
    return write_down(act, file, received, relation, where.replaces)


def write_down(act: Act, file: File, received: Received, relation: R, replaces: File | None) -> File:
    file.name, file.media_type, file.pages = received.name, received.media_type, received.pages
    file.sha256, file.size = received.stored
    file.uploaded_by, file.uploaded_at = act.person_id or "", act.now
    event = create(act, file, relation=relation, data={"sha256": file.sha256, "size": file.size, "slot": file.slot})
    if received.finding is Finding.COULD_NOT_SCAN:
        want_scan(act, file, event)
    else:
        row = "pass" if received.finding is Finding.CLEAN else "reject"
        perform(act, file, row, by=R.CASCADE, cause=event)
    if replaces is not None and file.state is not State.INFECTED:  # what is harmful takes nobody's place
        perform(act, replaces, "replace", by=R.CASCADE, cause=event)
    return file


def _relation_for(act: Act, owner: Owner, place: Place) -> R:
    """Say who is uploading; what follows the award is for those on the list, when the call is long closed."""
    if isinstance(owner, Application) and place.due is DocumentDue.AWARD:
        return relation_for(act, "application.upload_award", owner)
    relation = relation_for(act, "application.upload" if isinstance(owner, Application) else "expression.edit", owner)
    refuse_unless_open_for(act, owner)
    return relation


def files_in(act: Act, owner: Owner, slot: str, membership: Membership | None = None) -> list[File]:
    """Give the files of a place that were not removed, in the order they came; harmful ones with their state."""
    query = select(File).where(_of(owner), File.slot == slot, File.state.in_(_CURRENT))
    query = query.where(File.membership_id == (membership.id if membership else None))
    return list(act.session.scalars(query.order_by(File.uploaded_at, File.id)))


def older_versions(act: Act, files: Sequence[File]) -> dict[str, list[File]]:
    """Give what each file took the place of, by its id, newest first."""
    found: dict[str, list[File]] = {file.id: [] for file in files}
    newest = {file.replaces_id: file.id for file in files if file.replaces_id}
    while newest:
        older = act.session.scalars(select(File).where(File.id.in_(list(newest)), File.state == State.REPLACED)).all()
        for file in older:
            found[newest[file.id]].append(file)
        newest = {file.replaces_id: newest[file.id] for file in older if file.replaces_id}
    return found


def _refuse_too_many(
    act: Act, owner: Owner, place: Place, membership: Membership | None, replaces: File | None
) -> None:
    there = files_in(act, owner, place.id, membership)
    if replaces is not None and replaces not in there:
        raise Refused(refuse("replaced-already", _("The file you wanted to replace is no longer there: look again.")))
    if replaces is None and len(there) >= place.most:
        text = plural("“{label}” takes {n} file: remove it first.", "“{label}” takes {n} files: remove one first.")
        raise Refused(refuse("too-many-files", text, label=place.label, n=place.most))


def refuse_too_much(act: Act, owner: Owner, size: int) -> None:
    """Raise `Refused` where all files of an application, or of an account, would be too large together."""
    total = select(func.coalesce(func.sum(File.size), 0)).where(File.state.in_(_STORED))
    of_owner = act.session.scalar(total.where(_of(owner))) or 0
    of_person = act.session.scalar(total.where(File.uploaded_by == act.person_id)) or 0
    if of_owner + size > MOST_OF_AN_APPLICATION:
        text = _("All files together may have {most} MB: remove one, or make this one smaller.")
        raise Refused(refuse("files-too-large", text, most=MOST_OF_AN_APPLICATION // MEGA))
    if of_person + size > MOST_OF_AN_ACCOUNT:
        text = _("All files you uploaded may have {most} MB together: remove one you no longer need.")
        raise Refused(refuse("account-full", text, most=MOST_OF_AN_ACCOUNT // MEGA))


def _of(owner: Owner):  # type: ignore[no-untyped-def]  # noqa: ANN202 - a condition of SQLAlchemy
    return (File.application_id if isinstance(owner, Application) else File.expression_id) == owner.id


def _read(data: bytes | Iterable[bytes], limit: int) -> bytes:
    """Read no more than one byte past the limit: the inspection says then that it is too large."""
    if isinstance(data, bytes):
        return data
    content = bytearray()
    for chunk in data:
        content += chunk
        if len(content) > limit:
            break
    return bytes(content)


def _clean(name: str) -> str:
    """Keep the given name as data: without a path and control characters, and not longer than the column."""
    bare = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(letter for letter in bare if letter.isprintable()).strip()
    if len(kept) <= _LONGEST_NAME:
        return kept
    stem, dot, ending = kept.rpartition(".")
    return stem[: _LONGEST_NAME - len(dot + ending)] + dot + ending


@cache
def own_inspector() -> Inspector:
    """Give this process its one inspector; its child starts with the first file and ends with the process."""
    inspector = Inspector()
    atexit.register(inspector.close)
    return inspector
