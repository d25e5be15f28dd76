"""Letters of the decision: the result to each consortium, and the signed act that holds the whole list."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import rfc8785
from sqlalchemy import select

from app.act import Act
from app.models import Advance, Application, Call, Decision, Document, DocumentKind, Label, Outcome, Person, Review
from app.services.calls.call import definition_of
from app.services.deciding.act_annexes import annexes_of
from app.services.deciding.filed_copy import filed_act_of
from app.services.deciding.letter_body import Basis, Offer, Ready, kind_of, written
from app.services.deciding.letter_texts import text_of
from app.services.deciding.reports import released_result
from app.services.deciding.results import decision_line
from app.services.deciding.stand_in import signature_of
from app.services.documents.paper_heads import common, day_text, local_day, sender
from app.services.reviews.review import until_of
from app.services.reviews.review_ranking import last_advance, released_review
from app.services.transitions import Done
from workflows.words import _, plural

ACT_SUBJECT = _("Decision on the call {call}")
ACT_TEXT = _(
    "The applications of the call {title} ({call}) are decided as listed in annex 1, by their ranking. Annex 2 gives "
    "the reasons of each, annex 3 the rules they were ranked by."
)
ACT_COUNTS = _("Awarded: {award}. On the reserve list: {reserve}. Rejected: {reject}.")
ACT_BASIS = _(
    "The ranking rests on the agreed scores and the order of the call. Its fingerprint (SHA-256) is {digest}."
)
ACT_PROPOSED = _("Proposed by {name} on {day}.")
ACT_PANEL = plural("{n} tie was settled by the panel.", "{n} ties were settled by the panel.")


def result_letter_snapshot(act: Act, application: Application, done: Done) -> tuple[dict[str, Any], str | None, str]:
    """Give what the letter says (see app/documents/snapshots.py), its application and its call."""
    result = released_result(act, application)
    label = act.session.scalar(select(Label).where(Label.application_id == application.id))
    decided = _decided_by(act, application)
    ready = Ready(
        text=text_of(act, application.call, kind_of(result)),
        offer=Offer(label.accept_by, label.with_grant) if label else None,
        basis=basis_of(act, application.call, decided) if decided else None,
        until=until_of(act, application),
        signatures=tuple(signed_by(act, decided)),
    )
    snapshot = common(act, application.call, done, "result_letter") | written(act, application, result, ready)
    return snapshot, application.id, application.call_id


def basis_of(act: Act, call: Call, signed: Decision | Review | Advance) -> Basis | None:
    """Give what was signed: its ranking, and the content of the act that was made of it."""
    if signed.signed_at is None:
        return None
    day = day_text(local_day(signed.signed_at, call.zone))
    filed = filed_act_of(act, signed.__noun__, signed.id)
    told = (filed.reference, day_text(filed.signed_on)) if filed else None
    return Basis(day, signed.ranking_sha256 or "", act_digest(act, signed), told)


def act_digest(act: Act, signed: Decision | Review | Advance) -> str:
    """Give the digest of the content of the signed act, which is there before its PDF is; empty where none was made."""
    query = select(Document.snapshot["content_sha256"].as_string()).where(
        Document.noun == signed.__noun__,
        Document.thing_id == signed.id,
        Document.kind == DocumentKind.DECISION_ACT,
        Document.replaced_at.is_(None),
    )
    return act.session.scalar(query) or ""


def content_digest(snapshot: Mapping[str, Any]) -> str:
    """Give the SHA-256 of what a document says, in canonical form (RFC 8785)."""
    return hashlib.sha256(rfc8785.dumps(dict(snapshot))).hexdigest()


def _decided_by(act: Act, application: Application) -> Decision | Review | Advance | None:
    """Give what decided on the application last."""
    review = released_review(act, application)
    if (advance := last_advance(act, application, review)) is not None:
        return advance
    if review is not None:
        return review
    line = decision_line(act, application)
    return act.session.get_one(Decision, line.decision_id) if line else None


def signed_by(act: Act, signed: Decision | Review | Advance | None) -> list[str]:
    person = act.session.get(Person, signed.signed_by) if signed and signed.signed_by else None
    return [signature_of(act, person, signed)] if person else []


def decision_act_snapshot(act: Act, decision: Decision, done: Done) -> tuple[dict[str, Any], str | None, str]:
    """Give what the signed act says: every application in its order with its outcome, and the ranking's digest."""
    call, definition = decision.call, definition_of(decision.call)
    reference = definition.reference or definition.code
    snapshot = common(act, call, done, "decision_act") | {
        "number": definition.code,
        "kind": "other",
        "subject": ACT_SUBJECT.format(call=reference),
        "reference": reference,
        "date": local_day(act.now, call.zone).isoformat(),
        "sender": sender(act),
        "addressee": [],
        "paragraphs": _act_paragraphs(act, decision, reference),
        "reasons": [],
        "tables": annexes_of(decision),
        "redress": None,
        "signatures": signed_by(act, decision),
        "attachments": [],
    }
    return snapshot | {"content_sha256": content_digest(snapshot)}, None, decision.call_id


def _act_paragraphs(act: Act, decision: Decision, reference: str) -> list[str]:
    outcomes = [line.outcome for line in decision.lines]
    counts = {
        "award": outcomes.count(Outcome.AWARD),
        "reserve": outcomes.count(Outcome.HOLD_IN_RESERVE),
        "reject": outcomes.count(Outcome.REJECT),
    }
    proposer = act.session.get(Person, decision.proposed_by) if decision.proposed_by else None
    paragraphs = [
        ACT_TEXT.format(title=decision.call.title, call=reference),
        ACT_COUNTS.format(**counts),
        ACT_BASIS.format(digest=decision.ranking_sha256),
    ]
    if ties := len((decision.ranking or {}).get("panel", ())):
        paragraphs.append((ACT_PANEL.one if ties == 1 else ACT_PANEL.many).format(n=ties))
    if proposer and decision.proposed_at:
        day = day_text(local_day(decision.proposed_at, decision.call.zone))
        paragraphs.append(ACT_PROPOSED.format(name=proposer.name, day=day))
    return paragraphs
