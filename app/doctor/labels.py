"""Labels, certificates, and the silence before release: threats.md section 2, 14 and 23 to 27."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.doctor.finding import Found
from app.models import Application, Decision, Document, DocumentKind, Event, Label
from workflows import application as applications
from workflows import decision as decisions
from workflows import label as labels


def active_labels_have_one_certificate(session: Session, _now: datetime) -> Found:
    """A label in the register has exactly one current certificate whose digest is known (24)."""
    for label in session.scalars(select(Label).where(Label.state.in_(labels.REGISTERED))):
        current = session.scalars(
            select(Document.issued_sha256).where(
                Document.kind == DocumentKind.CERTIFICATE, Document.thing_id == label.id, Document.replaced_at.is_(None)
            )
        ).all()
        if len(current) != 1 or current[0] is None:
            yield f"label {label.number}", f"has {len(current)} current certificates, or one without a digest"


def numbers_are_never_reused(session: Session, _now: datetime) -> Found:
    twice = select(Label.number).where(Label.number.is_not(None)).group_by(Label.number).having(func.count() > 1)
    for number in session.scalars(twice):
        yield f"label {number}", "the number stands twice"


def no_word_before_release(session: Session, _now: datetime) -> Found:
    """No application has a result, and no letter exists, while the decision on its call is not released (14, 27)."""
    released = select(Decision.call_id).where(Decision.state == decisions.State.RELEASED)
    early = select(Application.id).where(
        Application.state.in_(applications.DECIDED), Application.call_id.not_in(released)
    )
    for application_id in session.scalars(early):
        yield f"application {application_id}", "has a result before the release"
    letters = [DocumentKind.RESULT_LETTER, DocumentKind.SUMMARY_REPORT]
    for document_id in session.scalars(
        select(Document.id).where(Document.kind.in_(letters), Document.call_id.not_in(released))
    ):
        yield f"document {document_id}", "tells a result before the release"
    moment = select(Event.thing_id, Event.at).where(Event.noun == "decision", Event.name == "release").subquery()
    for document_id in session.scalars(
        select(Document.id)
        .join(Decision, Decision.call_id == Document.call_id)
        .join(moment, moment.c.thing_id == Decision.id)
        .where(Document.kind.in_(letters), Document.wanted_at < moment.c.at)
    ):
        yield f"document {document_id}", "was written before the release"
