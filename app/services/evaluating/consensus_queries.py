"""What the page of a consensus shows: criterion by criterion, where reports lie apart most comes first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.access import visible
from app.act import Act
from app.models import Assessment, Assignment, Consensus, Score, Signature
from app.services.evaluating.discussion import hides_names, names_of
from app.services.evaluating.evaluation_queries import gaps_of
from app.services.history import Happened, history_of
from workflows.assessment import IN
from workflows.assignment import READING
from workflows.consensus import OPENED
from workflows.definition import CallDefinition


@dataclass(frozen=True)
class Given:
    """One expert's score on a criterion, with reasons; never the private note."""

    name: str
    mine: bool
    line: Score


@dataclass(frozen=True)
class Gap:
    """What the experts gave one criterion, and how far apart they lie as a part of its points."""

    criterion: str
    spread: Decimal
    given: tuple[Given, ...]
    lowest: Decimal | None
    highest: Decimal | None


@dataclass(frozen=True)
class Signer:
    """An expert who has to sign, and the signature that counts."""

    name: str
    signature: Signature | None


@dataclass(frozen=True)
class Agreement:
    gaps: tuple[Gap, ...]
    signers: tuple[Signer, ...]
    history: tuple[Happened, ...]


def agreement_of(act: Act, consensus: Consensus, call: CallDefinition) -> Agreement:
    """Give the reports the acting person may see, by criterion, widest gap first, and who has signed."""
    query = (
        visible(act, Assessment, "assessment.view")
        .where(Assessment.application_id == consensus.application_id, Assessment.state.in_(IN))
        .options(selectinload(Assessment.scores), selectinload(Assessment.assignment).selectinload(Assignment.person))
        .order_by(Assessment.id)
    )
    reports = sorted(act.session.scalars(query), key=lambda report: report.person_id != act.person_id)
    names = names_of(act, consensus)
    widest_first = gaps_of(call, reports if consensus.state in OPENED else [])  # before: no aggregate to anybody
    return Agreement(
        gaps=tuple(_gap(act, code, gap, reports, names, told=consensus.state in OPENED) for code, gap in widest_first),
        signers=_signers(act, consensus, names),
        history=tuple(history_of(act, consensus, people=not hides_names(act, consensus.application))),
    )


def _gap(
    act: Act, code: str, spread: Decimal, reports: list[Assessment], names: Mapping[str, str], *, told: bool
) -> Gap:
    given = tuple(
        Given(names[report.person_id], report.person_id == act.person_id, line)
        for report in reports
        for line in report.scores
        if line.criterion == code
    )
    points = [one.line.points for one in given if one.line.points is not None and told]
    return Gap(code, spread, given, min(points, default=None), max(points, default=None))


def _signers(act: Act, consensus: Consensus, names: Mapping[str, str]) -> tuple[Signer, ...]:
    query = (
        select(Assignment)
        .where(Assignment.application_id == consensus.application_id, Assignment.state.in_(READING))
        .options(selectinload(Assignment.person))
    )
    signed = {s.person_id: s for s in consensus.signatures if s.voided_at is None}
    people = sorted((names[task.person_id], task.person_id) for task in act.session.scalars(query))
    return tuple(Signer(name, signed.get(person_id)) for name, person_id in people)
