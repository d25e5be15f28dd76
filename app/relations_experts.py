"""What relations of evaluators mean, as conditions in SQL: who is one, of what, and when names are shown to them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Select, and_, exists, false, or_, select
from sqlalchemy.orm import aliased

from app.asker import Asker
from app.models import (
    Application,
    Assessment,
    Assignment,
    Call,
    Consensus,
    Disclosure,
    Redaction,
    TrainingCase,
    TrainingScore,
)
from app.scope import Scope
from app.ties import Clause, tied
from workflows import application as application_states
from workflows import assessment as assessment_states
from workflows import assignment as assignment_states
from workflows import consensus as consensus_states
from workflows import disclosure as disclosure_states
from workflows import redaction as redaction_states

# An expert is one until the release: afterwards nothing of the call is left to them (threats.md, section 3).
BEING_EVALUATED = frozenset({application_states.State.ELIGIBLE, application_states.State.EVALUATED})


def _may_be_told(asker: Asker) -> Clause:
    """In an anonymous call an expert hears of no task before disclosing their interests in its organisations."""
    disclosed = select(Disclosure.call_id).where(
        Disclosure.person_id == asker.person, Disclosure.state == disclosure_states.State.DISCLOSED
    )
    hides = select(Call.id).where(Call.anonymous.is_(True))
    return or_(Application.call_id.not_in(hides), Application.call_id.in_(disclosed))


def _frozen() -> Select[str]:
    """Calls whose evaluation is frozen: until it goes on, nobody is an expert of any of their applications."""
    return select(Call.id).where(Call.frozen_at.is_not(None))


def _may_be_read() -> Select[str]:
    """Applications that wait for nothing: the call asks for no anonymised copy first, or it is there."""
    waiting = select(Call.id).where(Call.waits_for_redaction.is_(True))
    ready = select(Redaction.application_id).where(Redaction.state == redaction_states.State.READY)
    return select(Application.id).where(or_(Application.call_id.not_in(waiting), Application.id.in_(ready)))


def _trained(asker: Asker) -> Select[str]:
    """Applications whose call asks for no training first, or in whose call the expert scored a training case."""
    asking = select(Call.id).where(Call.training_required.is_(True))
    scored = (
        select(TrainingCase.call_id)
        .join(TrainingScore, TrainingScore.case_id == TrainingCase.id)
        .where(TrainingScore.person_id == asker.person)
    )
    return select(Application.id).where(or_(Application.call_id.not_in(asking), Application.call_id.in_(scored)))


def assigned_in(states: frozenset[Any], *, lead: bool = False) -> Callable[[Asker, Scope], Clause]:
    def clause(asker: Asker, scope: Scope) -> Clause:
        if scope.application is None:
            return false()
        task = aliased(Assignment)
        query = select(task.id).where(
            task.person_id == asker.person,
            task.state.in_(states),
            task.application_id.in_(
                select(Application.id).where(
                    Application.state.in_(BEING_EVALUATED), _may_be_told(asker), Application.call_id.not_in(_frozen())
                )
            ),
        )
        if states & assignment_states.READING:
            query = query.where(task.application_id.in_(_may_be_read()))
        if lead:
            query = query.where(task.rapporteur.is_(True))
        if scope.assignment is not None:  # of the task itself they hear before they are trained
            return and_(scope.assignment.in_(query), ~tied(asker, scope.application))
        if states & assignment_states.READING:
            query = query.where(task.application_id.in_(_trained(asker)))
        return and_(exists(query.where(task.application_id == scope.application)), ~tied(asker, scope.application))

    return clause


expert = assigned_in(assignment_states.READING)


def expert_or_peer(asker: Asker, scope: Scope) -> Clause:
    """Another's report is for an expert whose own is final, while the consensus is open (threats.md, 10)."""
    if scope.assessment is None:
        return expert(asker, scope)
    own, consensus = aliased(Assessment), aliased(Consensus)
    final = select(own.id).where(
        own.application_id == scope.application,
        own.person_id == asker.person,
        own.state == assessment_states.State.FINAL,
    )
    opened = select(consensus.id).where(
        consensus.application_id == scope.application, consensus.state.in_(consensus_states.OPENED)
    )
    return and_(expert(asker, scope), exists(final), exists(opened))


def sighted(relation: Callable[[Asker, Scope], Clause]) -> Callable[[Asker, Scope], Clause]:
    """The same in a call that does not hide who applies, or shows it once the consensus is open."""

    def clause(asker: Asker, scope: Scope) -> Clause:
        if scope.call is None:
            return false()
        shown = scope.call.in_(select(Call.id).where(Call.anonymous.is_(False)))
        if scope.application is not None:
            told = select(Consensus.application_id).where(Consensus.state.in_(consensus_states.OPENED))
            late = select(Call.id).where(Call.names_in_consensus.is_(True))
            shown = or_(shown, and_(scope.call.in_(late), scope.application.in_(told)))
        return and_(relation(asker, scope), shown)

    return clause


def assessor(asker: Asker, scope: Scope) -> Clause:
    if scope.assignment is not None:
        return expert(asker, scope)
    if scope.assessment is None:
        return false()
    mine = select(Assessment.id).where(Assessment.person_id == asker.person)
    return and_(scope.assessment.in_(mine), expert(asker, scope))
