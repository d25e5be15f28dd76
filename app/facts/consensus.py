"""What guards of a consensus may know."""

from __future__ import annotations

from sqlalchemy import select

from app.act import Act
from app.callfile import from_json
from app.facts.decision_of_call import decision_stands_over
from app.facts.missing import missing_lines
from app.models import Assessment, Assignment, Consensus
from workflows.assessment import IN
from workflows.assessment import State as AssessmentState
from workflows.assignment import WAITING
from workflows.assignment import State as AssignmentState
from workflows.consensus import Facts


def consensus_facts(act: Act, consensus: Consensus) -> Facts:
    application = consensus.application
    call = from_json(application.call.definition)
    tasks = act.session.scalars(select(Assignment).where(Assignment.application_id == application.id)).all()
    reports = act.session.scalars(select(Assessment).where(Assessment.application_id == application.id)).all()
    reading = [task for task in tasks if task.state == AssignmentState.ACCEPTED]
    return Facts(
        reports_due=call.evaluation.reports_per_application if call.evaluation else 0,
        reports_in=sum(report.state in IN for report in reports),
        reports_open=sum(report.state == AssessmentState.DRAFT for report in reports)
        + sum(task.state in WAITING for task in tasks),
        rapporteurs=sum(task.rapporteur for task in reading),
        missing=missing_lines(call, consensus.scores),
        experts=frozenset(task.person_id for task in reading),
        signed=frozenset(s.person_id for s in consensus.signatures if s.voided_at is None),
        decision_is_proposed=decision_stands_over(act, application),
    )
