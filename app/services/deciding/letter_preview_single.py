"""The letters to one application that no decision on a call sends: of a refusal, and of the outcome of a review."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app.act import Act
from app.models import Application, Consensus, Review
from app.services.deciding.letter_body import kind_of, written
from app.services.deciding.letter_fit import unfit_texts
from app.services.deciding.letter_preview import Preview, ready_for, said_in
from app.services.deciding.letter_texts import text_of
from app.services.deciding.letters_refusal import KINDS, letter_of_refusal
from app.services.deciding.results import assembled
from app.services.reviews.review import until_from
from app.services.reviews.review_checks import refused_checks, sheet_of_refusal
from app.services.reviews.review_fork import fork_of
from app.services.reviews.review_letters import KINDS as KINDS_OF_REVIEW
from app.services.reviews.review_letters import letter_of
from app.services.reviews.review_ranking import Standing, line_in, marks_of_review, reserve_place
from workflows.application import State
from workflows.check import Stage
from workflows.letter_findings import Finding
from workflows.letter_texts import Kind
from workflows.review import FORKED, TO_SIGN
from workflows.review import Kind as ReviewKind
from workflows.review import State as R
from workflows.words import _

REASONS_TO_COME = _("[the reasons that are given with the answer]")
ANSWERS = {R.ASKED: ("find_inadmissible",), R.ADMITTED: ("dismiss", "uphold")}  # by what can still be answered


def letters_of_refusal(act: Act, application: Application) -> list[Preview]:
    """Write the letter that would refuse the application now; none where no check is confirmed as not met."""
    stages = {check.stage for check in refused_checks(act, application)}
    endings = ((Stage.ADMISSIBILITY, State.INADMISSIBLE), (Stage.ELIGIBILITY, State.INELIGIBLE))
    until = until_from(act.now, application.call, ReviewKind.CHECKS)
    return [
        _preview(application, KINDS[state], letter_of_refusal(act, application, state, until))
        for stage, state in endings
        if stage in stages
    ]


def letters_of_review(act: Act, review: Review) -> list[Preview]:
    """Write each letter that may answer the review from where it stands; none where nothing is known yet."""
    if review.state in FORKED:
        return _of_result(act, review)
    names = ANSWERS.get(review.state, ())
    if review.is_of_refusal and review.state in TO_SIGN | {R.ADMITTED}:
        answers = [one.answer for one in sheet_of_refusal(act, review)]
        met = all(answer is not None and answer.met for answer in answers)
        names = () if None in answers else ("lift_refusal" if met else "confirm_refusal",)
    found = [(KINDS_OF_REVIEW[name], letter_of(act, review, name, None)) for name in names]
    return [
        _preview(review.application, kind, letter | {"reasons": letter["reasons"] or [REASONS_TO_COME]})
        for kind, letter in found
    ]


def _of_result(act: Act, review: Review) -> list[Preview]:
    """The letter with the new result, as the new scores would make it now."""
    fork = fork_of(act, review)
    marks = marks_of_review(act, review)
    if fork is None or not (marks or review.is_of_refusal):
        return []
    own = line_in(fork.data, review.application_id)
    outcomes = {line["application"]: line["outcome"] for line in fork.data["lines"]}
    standing = Standing(
        review.outcome or fork.outcome,
        list(own["reasons"]) if own else [],
        {code: mark.points for code, mark in marks.items()},
        {code: mark.reasons for code, mark in marks.items()},
        None if review.is_of_refusal else review,
        reserve_place(fork.data["lines"], outcomes, review.application_id),
    )
    application = review.application
    consensus = act.session.scalars(select(Consensus).where(Consensus.application_id == application.id)).one()
    result = assembled(act, application, consensus, standing)
    kind = kind_of(result)
    ready = ready_for(act, review, application, result, text_of(act, application.call, kind))
    return [_preview(application, kind, written(act, application, result, ready))]


def _preview(application: Application, kind: Kind, letter: dict[str, Any]) -> Preview:
    return Preview(application, kind, letter, said_in(letter))


def found_in(act: Act, application: Application, letters: list[Preview]) -> list[Finding]:
    """Give what stands against the office's own texts of these letters: what persons wrote was looked at before."""
    return unfit_texts(act, application.call, {one.kind for one in letters})
