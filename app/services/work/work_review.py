"""My work: what reviews ask of the office and of their committees."""

from __future__ import annotations

from collections.abc import Iterator

from app.access import all_visible
from app.act import Act
from app.facts.review import review_facts
from app.models import Advance, Review
from app.services.reviews.review_committee import members_of
from app.services.reviews.review_ranking import marks_of_review
from app.services.transitions import verdict_on
from app.services.work.task import ROLES, Task, name_of_application, signs_as
from workflows.relations import Relation as R
from workflows.review import State
from workflows.words import Text, _


def _task(review: Review, title: Text, role: str) -> Task:
    return Task(title, role, "review", review.id, {"name": name_of_application(review.application)})


def committees_to_name(act: Act) -> Iterator[Task]:
    for review in all_visible(act, Review, "review.name_committee"):
        if review.state is State.ASKED and len(members_of(act, review)) < review.members_due:
            yield _task(review, _("Name the committee of the review of {name}"), ROLES[R.CALL_MANAGER])


def advances_to_sign(act: Act) -> Iterator[Task]:
    for advance in all_visible(act, Advance, "advance.sign"):
        if not set(verdict_on(act, advance, "sign").codes) - {"sign-in-again"}:
            params = {"name": name_of_application(advance.application)}
            title = _("Sign that {name} moves up from the reserve list")
            yield Task(title, ROLES[signs_as(act)], "advance", advance.id, params)


def reviews_to_judge(act: Act) -> Iterator[Task]:
    for name, title in (
        ("admit", _("Say whether the review of {name} is admissible")),
        ("dismiss", _("Answer the review of {name}")),
        ("find_right", _("Propose the answer to the review of {name}")),
        ("find_wrong", _("Propose the answer to the review of {name}")),
    ):
        for review in all_visible(act, Review, f"review.{name}"):
            if verdict_on(act, review, name):
                yield _task(review, title, ROLES[R.REVIEWER])
    for review in all_visible(act, Review, "review.answer_check"):
        if review.is_of_refusal and review_facts(act, review).unanswered:
            yield _task(review, _("Look at the refused checks of {name} again"), ROLES[R.REVIEWER])
    for review in all_visible(act, Review, "review.mark"):
        if not review.is_of_refusal and not marks_of_review(act, review):
            yield _task(review, _("Evaluate {name} again"), ROLES[R.REVIEWER])


def reviews_to_decide(act: Act) -> Iterator[Task]:
    for name, role, title in (
        ("propose", R.CALL_MANAGER, _("Propose the new decision on {name}")),
        ("confirm_refusal", R.PROGRAMME_MANAGER, _("Confirm that the refusal of {name} stands")),
        ("lift_refusal", R.PROGRAMME_MANAGER, _("Confirm that the refusal of {name} is lifted")),
        ("lift_late", R.PROGRAMME_MANAGER, _("Confirm that the refusal of {name} is lifted")),
        ("sign", R.PROGRAMME_MANAGER, _("Sign the new decision on {name}")),
        ("release", R.PROGRAMME_MANAGER, _("Release the new result of {name}")),
    ):
        for review in all_visible(act, Review, f"review.{name}"):
            if not set(verdict_on(act, review, name).codes) - {"sign-in-again"}:
                yield _task(review, title, ROLES[role if role is R.CALL_MANAGER else signs_as(act)])
