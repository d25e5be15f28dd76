"""Copies of an act or of minutes that were signed outside the service: filed by digest, with reference and date."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.act import Act
from app.inspection.slots import MEGA
from app.inspection.slots import Slot as Limits
from app.models import Call, Decision, Document, DocumentKind, FiledCopy
from app.scanning import Finding
from app.services.documents.paper_heads import local_day
from app.services.permitted import one_at_a_time, relation_for
from app.services.transitions import Refused, note, remark
from app.services.uploads.files import Place, Received
from workflows.verdict import Verdict, refuse
from workflows.words import _

FILED = frozenset({DocumentKind.DECISION_ACT, DocumentKind.PANEL_MINUTES})
LONGEST_REFERENCE = 120
LONGEST_REASON = 1000
# Where a signed copy goes: a PDF alone, judged as any upload is.
PLACE = Place("signed", _("Signed copy"), per_partner=False, required=True, most=1,
              limits=Limits(kinds=("pdf",), most_bytes=10 * MEGA))  # fmt: skip


@dataclass(frozen=True)
class Said:
    """What is said of a copy that is filed."""

    reference: str
    signed_on: date
    reason: str = ""  # why a newer one takes the place of the one before


def copies_of(act: Act, document: Document) -> list[FiledCopy]:
    """Give every copy that was filed of a document, the one that counts first."""
    query = select(FiledCopy).where(FiledCopy.document_id == document.id)
    return list(act.session.scalars(query.order_by(FiledCopy.number.desc())))


def current_copies(act: Act, documents: Iterable[Document]) -> dict[str, FiledCopy]:
    """Give the copy that counts of each document, by the document's id."""
    query = select(FiledCopy).where(FiledCopy.document_id.in_([one.id for one in documents]))
    return {one.document_id: one for one in act.session.scalars(query.order_by(FiledCopy.number))}


def copy_numbered(act: Act, document: Document, number: int) -> FiledCopy | None:
    query = select(FiledCopy).where(FiledCopy.document_id == document.id, FiledCopy.number == number)
    return act.session.scalar(query)


def filed_act_of(act: Act, noun: str, thing_id: str) -> FiledCopy | None:
    """Find the signed copy that counts of the act of a decision, where one was filed."""
    query = (
        select(FiledCopy)
        .join(Document, Document.id == FiledCopy.document_id)
        .where(Document.noun == noun, Document.thing_id == thing_id, Document.kind == DocumentKind.DECISION_ACT)
        .where(Document.replaced_at.is_(None))
    )
    return act.session.scalar(query.order_by(FiledCopy.number.desc()).limit(1))


def file_copy(act: Act, document: Document, said: Said, received: Received) -> FiledCopy:
    """File a signed copy of a document; the earlier ones stay. Raises `Refused` with all that is wrong with it."""
    relation = relation_for(act, "document.file_copy", document)
    one_at_a_time(act, document)
    earlier = copies_of(act, document)
    if not (verdict := _may_be_filed(act, document, said, received, earlier[:1])):
        raise Refused(verdict)
    why = remark(act, said.reason.strip()) if earlier else None
    act.session.flush()
    copy = FiledCopy(
        id=act.new_id(), document_id=document.id, number=len(earlier) + 1, reference=said.reference.strip(),
        signed_on=said.signed_on, reason_id=why["remark"] if why else None,
        sha256=received.stored.sha256, size=received.stored.size, filed_at=act.now, filed_by=act.person_id,
    )  # fmt: skip
    act.session.add(copy)
    data = {"document": document.id, "copy": copy.id, "number": copy.number, "sha256": copy.sha256,
            "signed_on": copy.signed_on.isoformat(), "reference": copy.reference}  # fmt: skip
    data |= {"reason": why} if why else {}
    about = act.session.get(Decision, document.thing_id) or act.session.get_one(Call, document.call_id)
    note(act, about, "file_copy", relation=relation, data=data)
    act.session.flush()
    return copy


def _may_be_filed(
    act: Act, document: Document, said: Said, received: Received, last: list[FiledCopy]
) -> Verdict:  # fmt: skip
    found = Verdict()
    call = act.session.get_one(Call, document.call_id)
    if not said.reference.strip() or len(said.reference) > LONGEST_REFERENCE:
        found += refuse(
            "no-reference", _("Give the reference it is filed under, of at most {most} characters."),
            most=LONGEST_REFERENCE,
        )  # fmt: skip
    if not local_day(document.wanted_at, call.zone) <= said.signed_on <= local_day(act.now, call.zone):
        found += refuse("day-of-signing", _("It was signed on a day between the making of the document and today."))
    if last and not 0 < len(said.reason.strip()) <= LONGEST_REASON:
        text = _("Say in at most {most} characters why this copy takes the place of the one before.")
        found += refuse("missing-reason", text, most=LONGEST_REASON)
    if last and last[0].sha256 == received.stored.sha256:
        found += refuse("same-copy", _("This is the copy that is filed already."))
    return found + _is_clean(received)


def _is_clean(received: Received) -> Verdict:
    """Nothing is filed that was not looked at: the file stays with whoever sent it, who sends it again."""
    if received.finding is Finding.INFECTED:
        return refuse("infected", _("The virus scanner refuses this file. It is not filed."))
    if received.finding is Finding.COULD_NOT_SCAN:
        return refuse("not-scanned", _("The virus scanner did not answer, so the file is not filed. Send it again."))
    return Verdict()
