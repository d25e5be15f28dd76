"""The letters of a call before its decision is signed, each as it would be sent now. Nothing is stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from sqlalchemy import select

from app.act import Act
from app.models import Application, Consensus, Decision, Outcome, Review
from app.services.deciding.letter_body import Basis, Offer, Ready, kind_of, kind_of_outcome, written
from app.services.deciding.letter_findings import Looked, looked_through
from app.services.deciding.letter_texts import InForce, text_of
from app.services.deciding.letters import basis_of, signed_by
from app.services.deciding.ranking import outcome_of_line, ranking_of
from app.services.deciding.results import Result, assembled
from app.services.documents.paper_heads import EXAMPLE_OFFICE, LANGUAGE
from app.services.labels.label import accept_by, goes_without_grant
from app.services.reason_json import reason_to_json
from app.services.reviews.review import until_from
from app.services.reviews.review_ranking import NOTHING, Standing, reserve_place
from workflows import decision as decisions
from workflows.letter_texts import Block, Kind, blocks
from workflows.words import _

EACH_PAGE = 20
DAY_TO_COME = _("[day of the signature]")
RANKING_TO_COME = _("[fingerprint of the ranking, once it is proposed]")
ACT_TO_COME = _("[digest of the act, once it is signed]")


@dataclass(frozen=True)
class Addressee:
    """One application of the call, and what it will be told."""

    application_id: str
    outcome: Outcome
    reasons: Sequence[Any]
    reserve_place: int | None


@dataclass(frozen=True)
class Preview:
    """One letter as it would be sent."""

    application: Application
    kind: Kind
    letter: dict[str, Any]
    text: tuple[Block, ...]


def addressees(act: Act, decision: Decision) -> list[Addressee]:
    """List who is written to, in the order of the ranking: frozen once it is proposed, living before."""
    if decision.state in decisions.FIXED:
        told = [(line.application_id, line.outcome, list(line.reasons)) for line in decision.lines]
        lines = (decision.ranking or NOTHING)["lines"]
    else:
        ranking = ranking_of(act, decision.call)
        told = [
            (
                line.position.key,
                outcome_of_line(ranking.definition, line),
                [reason_to_json(reason) for reason in (*line.position.reasons, *line.reasons)],
            )
            for line in ranking.lines
        ]
        lines = [{"application": one.position.key, "strand": one.position.entry.strand} for one in ranking.lines]
    outcomes = {key: outcome.value for key, outcome, _reasons in told}
    return [Addressee(key, outcome, reasons, reserve_place(lines, outcomes, key)) for key, outcome, reasons in told]


def preview_of(act: Act, decision: Decision, told: Addressee) -> Preview:
    """Write one letter as it would be sent. Days that count from the release count from now."""
    application = act.session.get_one(Application, told.application_id)
    consensus = act.session.scalars(select(Consensus).where(Consensus.application_id == application.id)).one()
    standing = Standing(told.outcome, list(told.reasons), {}, {}, None, told.reserve_place)
    result = assembled(act, application, consensus, standing)
    text = text_of(act, application.call, kind_of(result))
    letter = written(act, application, result, ready_for(act, decision, application, result, text))
    return Preview(application, kind_of_outcome(result), letter, said_in(letter))


def said_in(letter: Mapping[str, Any]) -> tuple[Block, ...]:
    """Give the paragraphs and lists of a letter, one after the other."""
    return tuple(block for part in letter["paragraphs"] for block in blocks(part))


def ready_for(act: Act, decision: Decision | Review, application: Application, result: Result, text: InForce) -> Ready:
    """Give all else that the letter says of what would be signed now."""
    alone = result.outcome is Outcome.HOLD_IN_RESERVE and goes_without_grant(application)
    offered = result.outcome is Outcome.AWARD or alone
    until = until_from(act.now, application.call)
    return Ready(
        text=text,
        offer=Offer(accept_by(act, application), not alone) if offered else None,
        basis=basis_of(act, application.call, decision) or _to_come(decision),
        until=until,
        signatures=tuple(signed_by(act, decision) or [_("[who signs], programme manager")]),
    )


def _to_come(decision: Decision | Review) -> Basis:
    return Basis(DAY_TO_COME, decision.ranking_sha256 or RANKING_TO_COME, ACT_TO_COME)


def printable(act: Act, preview: Preview) -> dict[str, Any]:
    """Give the snapshot of a preview: marked on each page, and never stored."""
    call = preview.application.call
    return preview.letter | {
        "lang": LANGUAGE,
        "practice": call.practice or act.site.practice,
        "environment": act.site.operator or EXAMPLE_OFFICE,
        "made_at": act.now.astimezone(UTC).isoformat(),
        "identifier": f"preview-{preview.application.id}",
        "preview": True,
    }


@dataclass(frozen=True)
class Preparing:
    """The page: who is written to, one page of letters, and all that was found in what applicants will read."""

    addressees: Sequence[Addressee]
    letters: Sequence[Preview]
    found: Sequence[Looked]
    names: dict[str, str]
    page: int
    pages: int

    @property
    def open(self) -> list[Looked]:
        return [one for one in self.found if one.settlement is None]

    @property
    def settled(self) -> list[Looked]:
        return [one for one in self.found if one.settlement is not None]


def preparing(act: Act, decision: Decision, page: int) -> Preparing:
    """Assemble the page; a page that is not there is the nearest that is."""
    told = addressees(act, decision)
    pages = max(1, -(-len(told) // EACH_PAGE))
    page = min(max(page, 1), pages)
    shown = told[(page - 1) * EACH_PAGE : page * EACH_PAGE]
    found = looked_through(act, decision.call)
    ids = {one.finding.application for one in found}
    named = select(Application.id, Application.acronym).where(Application.id.in_(ids))
    names = {row.id: row.acronym for row in act.session.execute(named)}
    return Preparing(told, [preview_of(act, decision, one) for one in shown], found, names, page, pages)
