"""What guards of an assessment may know."""

from __future__ import annotations

from sqlalchemy import select

from app.act import Act
from app.callfile import from_json
from app.facts.missing import missing_lines
from app.models import Assessment, Consensus, Document, DocumentKind
from workflows.assessment import Facts
from workflows.consensus import OPENED


def assessment_facts(act: Act, assessment: Assessment) -> Facts:
    opened = select(Consensus.id).where(
        Consensus.application_id == assessment.application_id, Consensus.state.in_(OPENED)
    )
    call = from_json(assessment.application.call.definition)
    making = select(Document.id).where(
        Document.kind == DocumentKind.EVALUATOR_COPY,
        Document.thing_id == assessment.id,
        Document.replaced_at.is_(None),
        Document.made_at.is_(None),
    )
    return Facts(
        missing=missing_lines(call, assessment.scores),
        consensus_is_open=act.session.scalar(opened) is not None,
        copy_is_being_made=act.session.scalar(making) is not None,
    )
