"""The consensus report: agreed scores written by the lead evaluator, signed by each expert."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from decimal import Decimal

import rfc8785
from sqlalchemy import select

from app.act import Act
from app.models import AgreedScore, Application, Assessment, Consensus, Signature
from app.services.calls.call import definition_of
from app.services.evaluating.scores import LONGEST, check_line, criterion_of, write_line
from app.services.permitted import relation_for
from app.services.transitions import Done, Refused, create_all
from app.some import parts_of
from workflows.assessment import State as AssessmentState
from workflows.consensus import State
from workflows.relations import Relation as R


def ensure(act: Act, application: Application) -> Consensus:
    """Give the application's consensus, made with a line for each criterion where there is none yet."""
    known = consensus_of(act, application)
    if known is not None:
        return known
    return _made(act, [application])[0]


def ensure_all(act: Act, applications: Iterable[Application]) -> None:
    """Make the consensus of each of many applications that has none yet."""
    wanted = {application.id: application for application in applications}
    known: set[str] = set()
    for part in parts_of(sorted(wanted)):
        query = select(Consensus.application_id).where(
            Consensus.application_id.in_(part), Consensus.state != State.ENDED
        )
        known |= set(act.session.scalars(query))
    _made(act, [wanted[key] for key in sorted(wanted.keys() - known)])


def _made(act: Act, applications: Sequence[Application]) -> list[Consensus]:
    """Make a consensus for each application, with a line for each criterion of its call."""
    made = [Consensus(application_id=application.id, application=application) for application in applications]
    create_all(act, [(consensus, R.CASCADE, {}) for consensus in made])
    for consensus in made:
        for criterion in definition_of(consensus.application.call).criteria:
            act.session.add(
                AgreedScore(id=act.new_id(), consensus_id=consensus.id, criterion=criterion.code, saved_at=act.now)
            )
    act.session.flush()
    for consensus in made:
        act.session.expire(consensus, ["scores"])
    return made


def consensus_of(act: Act, application: Application) -> Consensus | None:
    """Give the consensus of an application that was not ended."""
    query = select(Consensus).where(Consensus.application_id == application.id, Consensus.state != State.ENDED)
    return act.session.scalar(query)


def save_agreed(
    act: Act,
    consensus: Consensus,
    criterion: str,
    *,
    points: Decimal | None,
    reasons: str,
    number: int | None = None,
) -> AgreedScore:
    """Store an agreed score; refusals and clashes as for `assessment.save_score`."""
    relation_for(act, "consensus.write", consensus)
    known = criterion_of(definition_of(consensus.application.call), criterion)
    verdict = check_line(known, points, reasons)
    if not verdict:
        raise Refused(verdict)
    query = select(AgreedScore).where(AgreedScore.consensus_id == consensus.id, AgreedScore.criterion == criterion)
    line = act.session.scalars(query.with_for_update()).one()
    write_line(act, line, points, reasons, number)
    act.session.flush()
    return line


def merge_remarks(act: Act, consensus: Consensus, _done: Done) -> None:
    """Begin each criterion with what the experts wrote on it: every remark once, in an order that names nobody.

    Points are left to be agreed. A text the lead evaluator has touched stays as it is.
    """
    query = select(Assessment).where(
        Assessment.application_id == consensus.application_id, Assessment.state == AssessmentState.FINAL
    )
    reports = act.session.scalars(query).all()
    for line in consensus.scores:
        given = [score for report in reports for score in report.scores if score.criterion == line.criterion]
        told = sorted(given, key=lambda score: (-(score.points or 0), hashlib.sha256(score.id.encode()).hexdigest()))
        remarks = dict.fromkeys(score.reasons.strip() for score in told if score.reasons.strip())
        if not line.reasons and line.points is None:
            line.reasons = "\n\n".join(remarks)[:LONGEST]
            line.saved_at = act.now


def text_digest(consensus: Consensus) -> str:
    """SHA-256 of the canonical JSON of the agreed scores and reasons: what a signature stands under."""
    lines = [
        {"criterion": line.criterion, "points": _exactly(line.points), "reasons": line.reasons}
        for line in sorted(consensus.scores, key=lambda line: line.criterion)
    ]
    return hashlib.sha256(rfc8785.dumps({"consensus": consensus.id, "scores": lines})).hexdigest()


def _exactly(points: Decimal | None) -> str | None:
    """Write points the same way however the database pads them."""
    return None if points is None else f"{points.normalize():f}"


def record_signature(act: Act, consensus: Consensus, done: Done) -> None:
    """Keep who signed which text, and the view of who does not share it."""
    act.session.add(
        Signature(
            id=act.new_id(),
            consensus_id=consensus.id,
            person_id=act.person_id,
            at=act.now,
            text_sha256=text_digest(consensus),
            minority_view=str(done.data.get("minority_view") or ""),
        )
    )
    act.session.flush()
    act.session.expire(consensus, ["signatures"])


def void_signatures(act: Act, consensus: Consensus, _done: Done) -> None:
    """The text is open again: nobody has signed it any more."""
    for signature in consensus.signatures:
        if signature.voided_at is None:
            signature.voided_at = act.now
