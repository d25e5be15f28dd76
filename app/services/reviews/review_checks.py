"""The review of a refusal at the checks: each refused check is answered anew, beside its record, which stays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.act import Act
from app.models import Application, Check, Event, Review, ReviewAnswer
from app.services.deciding.letter_fit import refuse_unfit
from app.services.history import remark_in
from app.services.permitted import relation_for
from app.services.reason_json import reason_from_json
from app.services.transitions import Done, Refused, note
from workflows import application as applications
from workflows.check import State as CheckState
from workflows.review import TAKEN_UP, Kind, State
from workflows.verdict import Reason, refuse
from workflows.words import _

MOST_LETTERS = 4000
REFUSING = ("find_inadmissible", "find_ineligible")


@dataclass(frozen=True)
class RefusedCheck:
    """One refused check as it is on record, and what the committee finds of it."""

    check: Check
    facts: tuple[Reason, ...]
    found: str  # in words, by who proposed the refusal
    answer: ReviewAnswer | None


def refused_at(act: Act, application: Application) -> datetime | None:
    """Give the moment at which the application was refused last, that of its letter; None where it never was."""
    query = select(Event.at).where(
        Event.noun == "application", Event.thing_id == application.id, Event.name.in_(REFUSING)
    )
    return act.session.scalar(query.order_by(Event.number.desc()).limit(1))


def found_met(act: Act, application_id: str, *, before: datetime | None = None) -> frozenset[str]:
    """Give the refused checks that a review found met, and thereby lifted; of reviews asked for before a moment."""
    lifted = select(Review.id).where(
        Review.application_id == application_id, Review.kind == Kind.CHECKS, Review.state.in_(TAKEN_UP)
    )
    if before is not None:
        lifted = lifted.where(Review.created_at < before)
    query = select(ReviewAnswer.check_id).where(ReviewAnswer.review_id.in_(lifted))
    return frozenset(act.session.scalars(query))  # nothing is lifted before every check is found met


def refused_checks(act: Act, application: Application) -> list[Check]:
    """Give the checks for which the application stands refused, in their order."""
    lifted = found_met(act, application.id)
    query = select(Check).where(Check.application_id == application.id, Check.state == CheckState.NOT_MET)
    return [check for check in act.session.scalars(query.order_by(Check.position)) if check.id not in lifted]


def under_review(act: Act, review: Review) -> list[Check]:
    """Give the checks a review looks at: those refused when it was asked for."""
    earlier = found_met(act, review.application_id, before=review.created_at)
    query = select(Check).where(
        Check.application_id == review.application_id, Check.state == CheckState.NOT_MET,
        Check.last_act_at <= review.created_at,
    )  # fmt: skip
    return [check for check in act.session.scalars(query.order_by(Check.position)) if check.id not in earlier]


def answers_of(act: Act, review: Review) -> dict[str, ReviewAnswer]:
    """Give the newest answer to each check."""
    query = select(ReviewAnswer).where(ReviewAnswer.review_id == review.id).order_by(ReviewAnswer.at, ReviewAnswer.id)
    return {answer.check_id: answer for answer in act.session.scalars(query)}


def sheet_of_refusal(act: Act, review: Review) -> Sequence[RefusedCheck]:
    """Put together what the page of the review shows of each refused check; nothing of a review of an evaluation."""
    if not review.is_of_refusal:
        return ()
    answers = answers_of(act, review)
    return [
        RefusedCheck(check, _facts(check), finding_on(act, check), answers.get(check.id))
        for check in under_review(act, review)
    ]


def _facts(check: Check) -> tuple[Reason, ...]:
    """What the system found against it; where it found nothing, its facts are a hint for who records the check."""
    return tuple(reason_from_json(fact) for fact in check.facts) if check.proposed == "not_met" else ()


def finding_on(act: Act, check: Check) -> str:
    """Give the words in which the refusal was proposed."""
    proposed = select(Event).where(Event.noun == "check", Event.thing_id == check.id, Event.name == "propose_refusal")
    return remark_in(act, act.session.scalars(proposed.order_by(Event.number.desc()).limit(1)).one())


def answer_check(act: Act, review: Review, check_id: str, *, met: bool, reasons: str) -> ReviewAnswer:
    """Record what the committee finds of one refused check, with its reasons. The check is not touched."""
    relation = relation_for(act, "review.answer_check", review)
    if not review.is_of_refusal or check_id not in {check.id for check in under_review(act, review)}:
        raise Refused(refuse("no-such-check", _("This check is not under review.")))
    if not reasons.strip() or len(reasons) > MOST_LETTERS:
        raise Refused(refuse("missing-reason", _("Fill in: {field}."), field=_("Reasons")))
    refuse_unfit(act, review.application, reasons)
    answer = ReviewAnswer(
        id=act.new_id(), review_id=review.id, check_id=check_id, met=met, reasons=reasons.strip(), at=act.now,
        by=act.person_id,
    )  # fmt: skip
    act.session.add(answer)
    review.last_act_at = act.now
    note(act, review, "answer_check", relation=relation, data={"check": check_id, "met": met})
    return answer


def refused_of_review(_act: Act, review: Review, _done: Done) -> Iterable[Application]:
    return [review.application] if review.application.state in applications.REFUSED else []


def late_review_of_application(act: Act, application: Application, _done: Done) -> Iterable[Review]:
    """The review that had the application evaluated after the decision on its call, where it now ends without one."""
    return act.session.scalars(
        select(Review).where(
            Review.application_id == application.id, Review.kind == Kind.CHECKS, Review.state == State.REEVALUATION
        )
    )
