"""What guards of a review may know."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from app.act import Act
from app.models import Application, Decision, Review
from app.services.deciding.letter_fit import unfit_texts
from app.services.reviews.review_checks import answers_of, under_review
from app.services.reviews.review_committee import barred_members, members_of, who_refused
from app.services.reviews.review_ranking import marks_of_review, released_ranking
from workflows.application import State as ApplicationState
from workflows.decision import FIXED as DECISION_FIXED
from workflows.decision import State as DecisionState
from workflows.letter_texts import Kind as Letter
from workflows.review import FIXED, FORKED, LIVE, Facts
from workflows.review import State as S

LETTERS = (Letter.REVIEW, Letter.ANSWER, Letter.REFUSAL_STANDS, Letter.REFUSAL_LIFTED)


def review_facts(act: Act, review: Review) -> Facts:
    members = members_of(act, review)
    moved = False
    if review.state in FIXED - {S.RELEASED}:
        moved = released_ranking(act, review.call_id).sha256 != review.base_sha256
    return Facts(
        kind=review.kind,
        members=len(members),
        members_due=review.members_due,
        barred=tuple(sorted(person.name for person in barred_members(act, review, members))),
        marks=_scores(act, review),
        unfit=len(unfit_texts(act, review.call, _letters(review))) if review.state in LIVE else 0,
        proposed_by=review.proposed_by,
        committee=frozenset(person.id for person in members),
        base_has_moved=moved,
        **(_of_refusal(act, review) if review.is_of_refusal else {}),
    )


def _letters(review: Review) -> Iterable[Letter]:
    """The letters that may follow: of one evaluated late also those of a result."""
    return Letter if review.is_of_refusal and review.state in FORKED else LETTERS


def _scores(act: Act, review: Review) -> int:
    """Count what goes into a new ranking: new scores, or the agreed report of an application taken up late."""
    if review.is_of_refusal:
        application = act.session.get_one(Application, review.application_id)
        return int(application.state is ApplicationState.EVALUATED)
    return len(marks_of_review(act, review))


def _of_refusal(act: Act, review: Review) -> dict[str, Any]:
    answers = answers_of(act, review)
    asked = [answers.get(check.id) for check in under_review(act, review)]
    decided = act.session.scalar(select(Decision.state).where(Decision.call_id == review.call_id))
    return {
        "refused_by": who_refused(act, review.application),
        "unanswered": sum(answer is None for answer in asked),
        "not_met": sum(answer is not None and not answer.met for answer in asked),
        "decision_is_awaited": decided in DECISION_FIXED - {DecisionState.RELEASED},
        "decision_is_released": decided == DecisionState.RELEASED,
    }
