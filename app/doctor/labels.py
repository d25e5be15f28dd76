"""Labels, certificates, and the silence before release: threats.md section 2, 14 and 23 to 27."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.callfile import from_json
from app.doctor.finding import Found
from app.models import Advance, Application, Call, Decision, Document, DocumentKind, Event, Label, Outcome, Review
from workflows import advance as advances
from workflows import application as applications
from workflows import decision as decisions
from workflows import label as labels
from workflows import review as reviews
from workflows.ranking_lists import limits_of


def active_labels_have_one_certificate(session: Session, _now: datetime) -> Found:
    """A label in the register has exactly one current certificate whose digest is known (24)."""
    for label in session.scalars(select(Label).where(Label.state.in_(labels.REGISTERED))):
        made = select(Document.issued_sha256).where(
            Document.kind == DocumentKind.CERTIFICATE, Document.thing_id == label.id,
            Document.replaced_at.is_(None), Document.made_at.is_not(None),
        )  # fmt: skip
        current = session.scalars(made).all()
        if len(current) != 1 or current[0] is None:
            yield f"label {label.number}", f"has {len(current)} current certificates, or one without a digest"


def certificates_say_what_the_label_says(session: Session, _now: datetime) -> Found:
    """The newest certificate of a label that stands says of the grant what the register says (24)."""
    standing = labels.VALID | labels.ON_HOLD
    for label in session.scalars(select(Label).where(Label.state.in_(standing))):
        newest = session.scalar(
            select(Document.snapshot)
            .where(Document.kind == DocumentKind.CERTIFICATE, Document.thing_id == label.id)
            .order_by(Document.wanted_at.desc())
            .limit(1)
        )
        if newest is not None and newest.get("with_grant", True) != label.with_grant:
            yield f"label {label.number}", "its newest certificate says something else of the grant"


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


def awards_keep_within_the_limits(session: Session, _now: datetime) -> Found:
    """Who moved up from a reserve list was signed by another person, and fits in what was left of its list (23)."""
    for advance in session.scalars(select(Advance).where(Advance.state == advances.State.SIGNED)):
        what = f"advance {advance.id}"
        if advance.signed_by == advance.proposed_by:
            yield what, "was signed by the person who proposed it"
        short = advance.money_left is not None and advance.grant > advance.money_left
        if short or (advance.places_left is not None and advance.places_left < 1):
            yield what, "goes beyond the places or the money that were left"
    for call in session.scalars(select(Call).where(Call.id.in_(select(Advance.call_id)))):
        yield from _beyond(session, call)


def _beyond(session: Session, call: Call) -> Found:
    """Awards that are taken ask for no more than the call has, or the decision awarded; reviews may add to it."""
    limits = limits_of(from_json(call.definition)).values()
    decision = session.scalars(select(Decision).where(Decision.call_id == call.id)).one()
    lines = (decision.ranking or {"lines": []})["lines"]
    first = {line["application"] for line in lines if line["outcome"] == Outcome.AWARD.value}
    gone = select(Label.application_id).where(Label.state.in_(labels.NOT_TAKEN))
    by_review = select(Review.application_id).where(Review.state == reviews.State.RELEASED)
    awarded = select(Application.id).where(
        Application.call_id == call.id, Application.state == applications.State.AWARDED,
        Application.id.not_in(gone), Application.id.not_in(by_review),
    )  # fmt: skip
    holding = set(session.scalars(awarded))
    asked = {line["application"]: Decimal(line["requested_grant"]) for line in lines}
    money, places = [one.money for one in limits], [one.places for one in limits]
    if None not in money:
        most = max(sum(one for one in money if one is not None), sum(asked[one] for one in first))
        if sum(asked.get(one, Decimal(0)) for one in holding) > most:
            yield f"call {call.code}", "awards more money than it has"
    if None not in places and len(holding) > max(sum(one for one in places if one is not None), len(first)):
        yield f"call {call.code}", "awards more than it may"
