"""The letter that answers a request for a review, but for a new result, which has a letter of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.access import visible
from app.act import Act
from app.models import Document, Event, Review
from app.services.calls.call import definition_of
from app.services.deciding.letter_body import BASIS_ACT, NOBODY
from app.services.deciding.letter_texts import text_of
from app.services.deciding.letters import act_digest
from app.services.documents.paper_heads import (
    addressee,
    after_review,
    common,
    coordinator_of,
    day_text,
    local_day,
    name_of_member,
    redress_text,
    sender,
)
from app.services.history import remark_in
from app.services.reviews.review_checks import sheet_of_refusal
from app.services.transitions import Done
from workflows.letter_texts import Kind, filled, parts, uses
from workflows.words import _

ACT_TO_COME = _("[digest of the act, once it is signed]")
SUBJECT = _("{acronym}: answer to your request for a review")
MET = _("Met: “{rule}”")
NOT_MET = _("Not met: “{rule}”")
KINDS = {
    "find_inadmissible": Kind.ANSWER,
    "dismiss": Kind.ANSWER,
    "uphold": Kind.ANSWER,
    "confirm_refusal": Kind.REFUSAL_STANDS,
    "lift_refusal": Kind.REFUSAL_LIFTED,
    "lift_late": Kind.REFUSAL_LIFTED,
}
ANSWERS = {
    "find_inadmissible": _("The request is not admissible and was not examined further. The reasons follow."),
    "dismiss": _("The review was not upheld: the result stands. The reasons follow."),
    "uphold": _("The review was upheld without effect on the result, which stands. The reasons follow."),
}


def review_letter_snapshot(act: Act, review: Review, done: Done) -> tuple[dict[str, Any], str | None, str]:
    """Give the snapshot of the letter, the application's id and the call's."""
    snapshot = common(act, review.call, done, "review_letter") | letter_of(act, review, done.row.name, done.event)
    return snapshot, review.application_id, review.call_id


def letter_of(act: Act, review: Review, name: str, event: Event | None) -> dict[str, Any]:
    """Write the letter that an act on the review sends, as plain data; without its event as it would be sent now."""
    application, call = review.application, review.call
    definition = definition_of(call)
    text = text_of(act, call, KINDS[name])
    person, lead = coordinator_of(act, application)
    redress = redress_text(after_review(definition))
    values = {
        "name": person.name if person else name_of_member(lead) or NOBODY,
        "acronym": application.acronym,
        "number": application.number or "",
        "call": definition.reference or definition.code,
        "call_title": call.title,
        "asked_on": day_text(local_day(review.created_at, call.zone)),
        "answer": ANSWERS.get(name, ""),
        "redress": redress or "",
    }
    return {
        "kind": "other",
        "text": {"kind": text.kind.value, "version": text.number},
        "number": application.number,
        "subject": SUBJECT.format(acronym=application.acronym),
        "reference": application.number,
        "date": local_day(act.now, call.zone).isoformat(),
        "sender": sender(act),
        "addressee": addressee(act, application),
        "paragraphs": [*parts(filled(text.text, values)), BASIS_ACT.format(digest=_digest(act, review, event))],
        "reasons": reasons_of(act, review, event),
        "redress": None if uses(text.text, "redress") else redress,
        "signatures": [],
        "attachments": [],
    }


def _digest(act: Act, review: Review, event: Event | None) -> str:
    return act_digest(act, review) if event else ACT_TO_COME


def reasons_of(act: Act, review: Review, event: Event | None) -> list[str]:
    """Give the reasons: of each refused check, or those supplied with the act."""
    if review.is_of_refusal and (found := [one for one in sheet_of_refusal(act, review) if one.answer]):
        return [
            f"{(MET if one.answer.met else NOT_MET).format(rule=one.check.label)} {one.answer.reasons}"
            for one in found
            if one.answer
        ]
    said = remark_in(act, event) if event else ""
    return [said] if said else []


def documents_of(act: Act, review: Review) -> Sequence[Document]:
    """List what was written on a review that the person may read: acts and letters, newest first."""
    query = visible(act, Document, "document.view").where(Document.noun == "review", Document.thing_id == review.id)
    return act.session.scalars(query.order_by(Document.wanted_at.desc(), Document.kind)).all()
