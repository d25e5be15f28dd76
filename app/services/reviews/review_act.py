"""The act that ends a review: what was asked, what was found of it and why, and who decided; its digest is cited."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app.act import Act
from app.models import Event, Outcome, Person, Review, ReviewMark
from app.services.calls.call import definition_of
from app.services.deciding.letter_body import LISTS
from app.services.deciding.letters import ACT_BASIS, content_digest
from app.services.deciding.ranking import trimmed
from app.services.deciding.stand_in import signature_of
from app.services.documents.paper_heads import common, day_text, local_day, sender
from app.services.reviews.review_committee import members_of
from app.services.reviews.review_letters import reasons_of
from app.services.reviews.review_ranking import marks_of_review
from app.services.transitions import Done
from workflows.definition import Criterion
from workflows.review import Ground, Kind
from workflows.words import _

SUBJECT = _("Decision on the review that {acronym} asked for")
ASKED = {
    Kind.EVALUATION: _(
        "On {day} a review of the evaluation of {acronym} ({number}), submitted to the call {title} ({call}), was "
        "asked for, on the ground: {ground}."
    ),
    Kind.CHECKS: _(
        "On {day} a review of the refusal at the checks of {acronym} ({number}), submitted to the call "
        "{title} ({call}), was asked for, on the ground: {ground}."
    ),
}
GROUNDS = {Ground.PROCEDURE: _("the procedure was not kept"), Ground.ERROR: _("a plain error")}
DECIDED = {
    "find_inadmissible": _("The request is not admissible."),
    "dismiss": _("The review is not upheld. The result stands."),
    "uphold": _("The review is upheld without effect on the result, which stands."),
    "confirm_refusal": _("The refusal stands."),
    "lift_refusal": _("The refusal is lifted. The application goes back to its checks; their records stay."),
    "lift_late": _(
        "The refusal is lifted. The decision on the call is released: the application is checked, evaluated and "
        "decided late, and no other result changes."
    ),
}
ANEW = {
    Kind.EVALUATION: _("The application was evaluated again. By its new scores it stands on this list: {list}."),
    Kind.CHECKS: _("The application was evaluated late. By its agreed scores it stands on this list: {list}."),
}
COMMITTEE = _("The committee, without part in what it looked at: {names}.")
FOUND = _("Proposed by {name} on {day}.")
MEMBER = _("{name}, committee of the review")
PROPOSING = ("find_right", "find_wrong", "propose")
BY_COMMITTEE = ("find_inadmissible", "dismiss", "uphold")
SCORE = _("{criterion}: {points} of {most}. {reasons}")


def review_act_snapshot(act: Act, review: Review, done: Done) -> tuple[dict[str, Any], str | None, str]:
    """Give what the act says, its application and its call."""
    call, application = review.call, review.application
    definition = definition_of(call)
    reference = definition.reference or definition.code
    asked = ASKED[review.kind].format(
        day=day_text(local_day(review.created_at, call.zone)), acronym=application.acronym, number=application.number,
        title=call.title, call=reference, ground=GROUNDS[review.ground],
    )  # fmt: skip
    members = [person.name for person in members_of(act, review)]
    committee = COMMITTEE.format(names=", ".join(members))
    snapshot = common(act, call, done, "decision_act") | {
        "number": application.number,
        "kind": "other",
        "subject": SUBJECT.format(acronym=application.acronym),
        "reference": reference,
        "date": local_day(act.now, call.zone).isoformat(),
        "sender": sender(act),
        "addressee": [],
        "paragraphs": [asked, *_decided(review, done), committee, *_found(act, review)],
        "reasons": _reasons(act, review, done),
        "redress": None,
        "signatures": _signatures(act, review, done, members),
        "attachments": [],
    }
    return snapshot | {"content_sha256": content_digest(snapshot)}, review.application_id, review.call_id


def _decided(review: Review, done: Done) -> list[str]:
    if done.row.name in DECIDED:
        return [DECIDED[done.row.name]]
    outcome = review.outcome or Outcome.REJECT
    return [ANEW[review.kind].format(list=LISTS[outcome]), ACT_BASIS.format(digest=review.ranking_sha256)]


def _found(act: Act, review: Review) -> list[str]:
    """Who proposed what is signed now; nobody where the committee answers by itself."""
    proposed = select(Event).where(Event.noun == "review", Event.thing_id == review.id, Event.name.in_(PROPOSING))
    event = act.session.scalar(proposed.order_by(Event.number.desc()).limit(1))
    person = act.session.get(Person, event.actor_id) if event and event.actor_id else None
    if event is None or person is None:
        return []
    return [FOUND.format(name=person.name, day=day_text(local_day(event.at, review.call.zone)))]


def _reasons(act: Act, review: Review, done: Done) -> list[str]:
    marks = marks_of_review(act, review)
    if done.row.name != "sign" or not marks:
        return reasons_of(act, review, done.event)
    criteria = [one for one in definition_of(review.call).criteria if one.code in marks]
    return [_score(one, marks[one.code]) for one in criteria]


def _score(criterion: Criterion, mark: ReviewMark) -> str:
    return SCORE.format(
        criterion=criterion.name,
        points=trimmed(mark.points),
        most=trimmed(criterion.max_points),
        reasons=mark.reasons,
    )


def _signatures(act: Act, review: Review, done: Done, members: list[str]) -> list[str]:
    if done.row.name in BY_COMMITTEE:
        return [MEMBER.format(name=name) for name in members]
    return [signature_of(act, act.person, review, (done.row.name,))] if act.person else []
