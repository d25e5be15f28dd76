"""Rankings as they were released: that of the decision, and those of reviews after it. Nothing here writes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.act import Act
from app.models import Advance, Application, Decision, DecisionLine, Outcome, Review, ReviewMark
from app.services.reason_json import reason_to_json
from workflows import advance as advances
from workflows import decision as decisions
from workflows.review import State
from workflows.verdict import Reason
from workflows.words import _

NOTHING: Mapping[str, Any] = {"criteria": [], "lines": [], "panel": []}
# What the ranking said of its place on the reserve list, which an application that moved up is no longer told.
OF_THE_RESERVE = frozenset({"on-reserve", "after-the-cut", "limit-places", "limit-money", "tie-at-the-cut"})
MOVED_UP = Reason("moved-up", _("A place and money became free, and it was the next on the reserve list."), {})


@dataclass(frozen=True)
class Released:
    """A ranking that stands: its data as frozen, and their digest."""

    data: Mapping[str, Any]
    sha256: str


@dataclass(frozen=True)
class Standing:
    """What an application was told last: by the decision, or by a review after it."""

    outcome: Outcome
    reasons: list[Any]
    points: Mapping[str, Decimal]  # of criteria that were evaluated anew
    comments: Mapping[str, str]
    review: Review | None
    reserve_place: int | None


def released_ranking(act: Act, call_id: str) -> Released:
    """Give the ranking that stands: of the last review that was released, else of the decision."""
    return released_rankings(act, call_id)[-1]


def released_rankings(act: Act, call_id: str) -> list[Released]:
    """Give all rankings that were released, oldest first; an empty one where none was."""
    decided = select(Decision).where(Decision.call_id == call_id, Decision.state == decisions.State.RELEASED)
    reviews = select(Review).where(Review.call_id == call_id, Review.state == State.RELEASED)
    found: list[Decision | Review] = [
        *act.session.scalars(decided),
        *act.session.scalars(reviews.order_by(Review.released_at, Review.id)),
    ]
    return [Released(one.ranking, one.ranking_sha256 or "") for one in found if one.ranking] or [Released(NOTHING, "")]


def released_review(act: Act, application: Application) -> Review | None:
    query = (
        select(Review)
        .where(Review.application_id == application.id, Review.state == State.RELEASED)
        .order_by(Review.released_at.desc(), Review.id.desc())
        .limit(1)
    )
    return act.session.scalar(query)


def marks_of_review(act: Act, review: Review) -> dict[str, ReviewMark]:
    """Give the newest mark of each criterion that was evaluated anew."""
    query = select(ReviewMark).where(ReviewMark.review_id == review.id).order_by(ReviewMark.at, ReviewMark.id)
    return {mark.criterion: mark for mark in act.session.scalars(query)}


def line_in(data: Mapping[str, Any], application_id: str) -> Mapping[str, Any] | None:
    return next((line for line in data["lines"] if line["application"] == application_id), None)


def standing_of(act: Act, application: Application, line: DecisionLine | None) -> Standing | None:
    """Give what stands for an application: by its released line of the decision, or by what was released after it.

    Who was evaluated late has no line, and nothing before its own release.
    """
    review = released_review(act, application)
    if last_advance(act, application, review) is not None:
        return _moved_up(act, application, line, review)
    if review is None or review.ranking is None or review.outcome is None:
        return Standing(line.outcome, line.reasons, {}, {}, None, _reserve_place_in(act, line)) if line else None
    marks = marks_of_review(act, review)
    own = line_in(review.ranking, application.id)
    outcomes = {one["application"]: one["outcome"] for one in review.ranking["lines"]}
    place = reserve_place(review.ranking["lines"], outcomes, application.id)
    return Standing(
        review.outcome,
        list(own["reasons"]) if own else [],
        {code: mark.points for code, mark in marks.items()},
        {code: mark.reasons for code, mark in marks.items()},
        None if review.is_of_refusal else review,
        place,
    )


def last_advance(act: Act, application: Application, review: Review | None) -> Advance | None:
    """Give what moved the application up from the reserve list, unless a review decided on it afterwards."""
    advance = moved_up(act, application.id)
    if advance is None or advance.signed_at is None:
        return None
    if review is not None and review.released_at is not None and review.released_at > advance.signed_at:
        return None
    return advance


def moved_up(act: Act, application_id: str) -> Advance | None:
    query = select(Advance).where(Advance.application_id == application_id, Advance.state == advances.State.SIGNED)
    return act.session.scalar(query.order_by(Advance.signed_at.desc()).limit(1))


def _moved_up(act: Act, application: Application, line: DecisionLine | None, review: Review | None) -> Standing:
    """The result of one that moved up: its scores as they were, and why it is awarded now."""
    marks = marks_of_review(act, review) if review is not None else {}
    own = line_in(review.ranking, application.id) if review is not None and review.ranking else None
    told = own["reasons"] if own else line.reasons if line else []
    reasons = [one for one in told if one["code"] not in OF_THE_RESERVE]
    return Standing(
        Outcome.AWARD,
        [*reasons, reason_to_json(MOVED_UP)],
        {code: mark.points for code, mark in marks.items()},
        {code: mark.reasons for code, mark in marks.items()},
        None,
        None,
    )


def reserve_place(lines: Iterable[Mapping[str, Any]], outcomes: Mapping[str, str], application_id: str) -> int | None:
    """Give the place on the reserve list of the application's own strand, 1 for the first; None where it is on none.

    Each strand has a list and money of its own, so those of another strand never stand before it.
    """
    held = [one for one in lines if outcomes.get(one["application"]) == Outcome.HOLD_IN_RESERVE.value]
    own = next((one for one in held if one["application"] == application_id), None)
    if own is None:
        return None
    beside = [one["application"] for one in held if (one.get("strand") or "") == (own.get("strand") or "")]
    return beside.index(application_id) + 1


def _reserve_place_in(act: Act, line: DecisionLine) -> int | None:
    if line.outcome is not Outcome.HOLD_IN_RESERVE:
        return None
    lines = act.session.scalars(
        select(DecisionLine).where(DecisionLine.decision_id == line.decision_id).order_by(DecisionLine.position)
    )
    outcomes = {one.application_id: one.outcome.value for one in lines}
    ranking = act.session.get_one(Decision, line.decision_id).ranking or NOTHING
    frozen = {one["application"]: one for one in ranking["lines"]}
    return reserve_place([frozen.get(one, {"application": one}) for one in outcomes], outcomes, line.application_id)
