"""Which things a cascade reaches."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sqlalchemy import select

from app.act import Act
from app.asker import sinces
from app.facts.consensus import consensus_facts
from app.facts.decision_of_call import decision_stands_over
from app.interest import expert_is_tied
from app.models import (
    Amendment,
    Application,
    Assessment,
    Assignment,
    Call,
    Check,
    Conflict,
    Consensus,
    Decision,
    DecisionLine,
    Disclosure,
    Event,
    Expression,
    Membership,
    Outcome,
)
from app.services.transitions import Done
from workflows import amendment as amendments
from workflows import application as applications
from workflows import assessment as assessments
from workflows import assignment as assignments
from workflows import check as checks
from workflows import consensus as consensus_states
from workflows import expression as expressions


def part_of_amendment(_act: Act, amendment: Amendment, _done: Done) -> Iterable[Membership]:
    return _partner_of(amendment, amendments.Change.PART)


def partner_of_amendment(_act: Act, amendment: Amendment, _done: Done) -> Iterable[Membership]:
    return _partner_of(amendment, amendments.Change.REMOVE)


def _partner_of(amendment: Amendment, change: amendments.Change) -> Iterable[Membership]:
    return [amendment.membership] if amendment.change is change and amendment.membership is not None else []


def _in_state(act: Act, call: Call, state: applications.State) -> Iterable[Application]:
    return act.session.scalars(select(Application).where(Application.call_id == call.id, Application.state == state))


def received_in_call(act: Act, call: Call, _done: Done) -> Iterable[Application]:
    return _in_state(act, call, applications.State.RECEIVED)


def lapsed_in_call(act: Act, call: Call, _done: Done) -> Iterable[Application]:
    return _in_state(act, call, applications.State.LAPSED)


def expressions_ended_in_call(act: Act, call: Call, _done: Done) -> Iterable[Expression]:
    """Notices the clock closed with the call; one its author closed stays closed."""
    closed = select(Expression).where(Expression.call_id == call.id, Expression.state == expressions.State.CLOSED)
    last = select(Event.name).where(Event.noun == "expression").order_by(Event.number.desc()).limit(1)
    return [e for e in act.session.scalars(closed) if act.session.scalar(last.where(Event.thing_id == e.id)) == "end"]


def expressions_lapsed_in_call(act: Act, call: Call, _done: Done) -> Iterable[Expression]:
    return act.session.scalars(
        select(Expression).where(Expression.call_id == call.id, Expression.state == expressions.State.LAPSED)
    )


def live_tasks_of_application(act: Act, application: Application, _done: Done) -> Iterable[Assignment]:
    query = select(Assignment).where(
        Assignment.application_id == application.id, Assignment.state.in_(assignments.LIVE)
    )
    return act.session.scalars(query)


def live_consensus_of_application(act: Act, application: Application, _done: Done) -> Iterable[Consensus]:
    query = select(Consensus).where(
        Consensus.application_id == application.id, Consensus.state != consensus_states.State.ENDED
    )
    return act.session.scalars(query)


def checks_of_application(act: Act, application: Application, _done: Done) -> Iterable[Check]:
    query = select(Check).where(Check.application_id == application.id, Check.state != checks.State.DROPPED)
    return act.session.scalars(query)


def itself_when_clear(act: Act, assignment: Assignment, _done: Done) -> Iterable[Assignment]:
    """The task itself, unless a possible conflict still waits for a manager."""
    waiting = select(Conflict.id).where(
        Conflict.application_id == assignment.application_id,
        Conflict.person_id == assignment.person_id,
        Conflict.dismissed_at.is_(None),
    )
    return [] if act.session.scalar(waiting.limit(1)) else [assignment]


def assessment_of_assignment(act: Act, assignment: Assignment, _done: Done) -> Iterable[Assessment]:
    query = select(Assessment).where(
        Assessment.assignment_id == assignment.id, Assessment.state != assessments.State.FROZEN
    )
    return act.session.scalars(query)


def finished_of_application(act: Act, consensus: Consensus, _done: Done) -> Iterable[Assessment]:
    query = select(Assessment).where(
        Assessment.application_id == consensus.application_id, Assessment.state == assessments.State.FINISHED
    )
    return act.session.scalars(query)


def tied_tasks_of_disclosure(act: Act, disclosure: Disclosure, _done: Done) -> Iterable[Assignment]:
    """The expert's live tasks in the call on applications of organisations in which they have an interest."""
    of_call = select(Application.id).where(Application.call_id == disclosure.call_id)
    query = select(Assignment).where(
        Assignment.person_id == disclosure.person_id,
        Assignment.application_id.in_(of_call),
        Assignment.state.in_(assignments.LIVE),
        expert_is_tied(),
    )
    return act.session.scalars(query, sinces(act.now))


def opened_with_enough_reports(act: Act, assignment: Assignment, done: Done) -> Iterable[Consensus]:
    """The open consensus an expert falls away from, if the reports of the others still are as many as are due."""
    return [one for one in _left_by(act, assignment, done) if not _too_few(act, one)]


def opened_with_too_few_reports(act: Act, assignment: Assignment, done: Done) -> Iterable[Consensus]:
    """The open consensus an expert falls away from, if too few reports are left."""
    return [one for one in _left_by(act, assignment, done) if _too_few(act, one)]


def itself_with_too_few_reports(act: Act, consensus: Consensus, _done: Done) -> Iterable[Consensus]:
    return [consensus] if _too_few(act, consensus) else []


def _left_by(act: Act, assignment: Assignment, done: Done) -> list[Consensus]:
    """Whoever had not begun to read is no part of it; under a proposed decision nothing moves before its return."""
    application = assignment.application
    if done.event.from_state != assignments.State.ACCEPTED or decision_stands_over(act, application):
        return []
    query = select(Consensus).where(
        Consensus.application_id == application.id, Consensus.state.in_(consensus_states.OPENED)
    )
    return list(act.session.scalars(query))


def _too_few(act: Act, consensus: Consensus) -> bool:
    facts = consensus_facts(act, consensus)
    return facts.reports_in < facts.reports_due


def evaluated_of_consensus(_act: Act, consensus: Consensus, _done: Done) -> Iterable[Application]:
    """The application, if the consensus had completed its evaluation."""
    return [consensus.application] if consensus.application.state is applications.State.EVALUATED else []


def application_of_consensus(_act: Act, consensus: Consensus, _done: Done) -> Iterable[Application]:
    return [consensus.application]


def _with_outcome(outcome: Outcome) -> Callable[[Act, Decision, Done], Iterable[Application]]:
    def chosen(act: Act, decision: Decision, _done: Done) -> Iterable[Application]:
        query = (
            select(Application)
            .join(DecisionLine, DecisionLine.application_id == Application.id)
            .where(DecisionLine.decision_id == decision.id, DecisionLine.outcome == outcome)
            .order_by(DecisionLine.position)
        )
        return act.session.scalars(query)

    return chosen


to_award = _with_outcome(Outcome.AWARD)
to_hold_in_reserve = _with_outcome(Outcome.HOLD_IN_RESERVE)
to_reject = _with_outcome(Outcome.REJECT)


def call_of_decision(_act: Act, decision: Decision, _done: Done) -> Iterable[Call]:
    return [decision.call]
