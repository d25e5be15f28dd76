"""What guards of a decision may know."""

from __future__ import annotations

from sqlalchemy import func, select

from app.act import Act
from app.models import Application, Assignment, Consensus, Decision, Review, Signature
from app.services.deciding.letter_findings import open_findings
from app.services.deciding.ranking import ranking_of
from workflows.application import State as ApplicationState
from workflows.assignment import READING
from workflows.call import State as CallState
from workflows.decision import FIXED, Facts
from workflows.definition import TieBreakBy
from workflows.ranking import asks
from workflows.review import LIVE
from workflows.review import Kind as ReviewKind

# Neither evaluated nor withdrawn nor refused.
UNDECIDED = (ApplicationState.SUBMITTED, ApplicationState.RECEIVED, ApplicationState.ELIGIBLE)


def decision_facts(act: Act, decision: Decision) -> Facts:
    undecided = select(func.count()).select_from(Application).where(
        Application.call_id == decision.call_id, Application.state.in_(UNDECIDED)
    )  # fmt: skip
    contested = select(func.count()).select_from(Review).where(
        Review.call_id == decision.call_id, Review.kind == ReviewKind.CHECKS, Review.state.in_(LIVE)
    )  # fmt: skip
    fixed = decision.state in FIXED  # no tie is left then, or it could not have been proposed
    ranking = None if fixed else ranking_of(act, decision.call)
    return Facts(
        call_is_closed=decision.call.state == CallState.CLOSED,
        applications_undecided=act.session.scalar(undecided) or 0,
        ties_open=len(ranking.open_ties) if ranking else 0,
        draw_is_due=ranking is not None and asks(ranking.definition, TieBreakBy.DRAW) and not ranking.seed,
        proposed_by=decision.proposed_by,
        unsettled=unsettled(act, decision.call_id),
        under_review=0 if fixed else act.session.scalar(contested) or 0,
        findings=0 if fixed else len(open_findings(act, decision.call)),
    )


def unsettled(act: Act, call_id: str) -> tuple[str, ...]:
    """Give the acronyms of evaluated applications whose agreed report is signed by somebody who fell away since."""
    reads = select(Assignment.id).where(
        Assignment.application_id == Application.id,
        Assignment.person_id == Signature.person_id,
        Assignment.state.in_(READING),
    )
    query = (
        select(Application.acronym)
        .join(Consensus, Consensus.application_id == Application.id)
        .join(Signature, Signature.consensus_id == Consensus.id)
        .where(
            Application.call_id == call_id,
            Application.state == ApplicationState.EVALUATED,
            Signature.voided_at.is_(None),
            ~reads.exists(),
        )
        .distinct()
    )
    return tuple(sorted(act.session.scalars(query)))
