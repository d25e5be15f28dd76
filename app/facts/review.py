"""What guards of a review may know."""

from __future__ import annotations

from app.act import Act
from app.models import Review
from app.services.reviews.review_committee import barred_members, members_of
from app.services.reviews.review_ranking import marks_of_review, released_ranking
from workflows.review import FIXED, Facts
from workflows.review import State as S


def review_facts(act: Act, review: Review) -> Facts:
    members = members_of(act, review)
    moved = False
    if review.state in FIXED - {S.RELEASED}:
        moved = released_ranking(act, review.call_id).sha256 != review.base_sha256
    return Facts(
        members=len(members),
        members_due=review.members_due,
        barred=tuple(sorted(person.name for person in barred_members(act, review, members))),
        marks=len(marks_of_review(act, review)),
        proposed_by=review.proposed_by,
        committee=frozenset(person.id for person in members),
        base_has_moved=moved,
    )
