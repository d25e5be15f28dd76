"""What each application of a call has reached, now or at a moment of the past: numbers and lists rest on one answer.

The past is worked out from the record: the state of a thing at a moment is the one its last event until then led to.
Whose things they are is asked of the present: nobody sees in the past what they may not see now.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, func, or_, select

from app.access import visible
from app.act import Act
from app.models import Application, Assessment, Assignment, Call, Check, Consensus, Event, Label
from app.services.calls.call import definition_of
from workflows import assessment as assessments
from workflows import assignment as assignments
from workflows import check as checks
from workflows import consensus as consensus_states
from workflows import label as labels
from workflows.application import AFTER_SUBMISSION, State
from workflows.words import _

ACTIONS = ("application.view_readiness", "application.view_checks", "application.view_evaluation")
NOT_ELIGIBLE = frozenset({State.SUBMITTED, State.RECEIVED, State.INADMISSIBLE, State.INELIGIBLE, State.WITHDRAWN})
STAGES: Mapping[str, str] = {
    "submitted": _("Submitted"),
    "eligible": _("Eligible"),
    "assigned": _("Assigned"),
    "scored": _("Scored"),
    "agreed": _("Agreed"),
    "labelled": _("Labelled"),
}
AGREED = frozenset({consensus_states.State.AGREED, consensus_states.State.APPROVED})
TASKS = assignments.LIVE | {assignments.State.ENDED}


@dataclass(frozen=True)
class Reached:
    """One application, as far as it had come."""

    id: str
    number: str
    title: str  # acronym, or number for whoever may not read more
    words: str  # to search in
    state: State
    since: datetime  # of the last act on it
    due: int = 0  # reports the call asks for
    checks: Counter[checks.State] = field(default_factory=Counter)
    tasks: int = 0
    reports: int = 0  # finished ones
    consensus: consensus_states.State | None = None
    label: labels.State | None = None

    @property
    def acronym(self) -> str:
        return self.title

    @property
    def last_act_at(self) -> datetime:
        return self.since

    @cached_property
    def stages(self) -> frozenset[str]:
        """Name every stage of the pipeline it has come through."""
        if self.state not in AFTER_SUBMISSION or self.state is State.WITHDRAWN:
            return frozenset()
        eligible = self.state not in NOT_ELIGIBLE
        reached = {
            "submitted": True,
            "eligible": eligible,
            "assigned": eligible and self.tasks > 0,
            "scored": eligible and self.reports >= max(self.due, 1),
            "agreed": eligible and self.consensus in AGREED,
            "labelled": self.label in labels.REGISTERED,
        }
        return frozenset(stage for stage, there in reached.items() if there)


def known(act: Act, call: Call) -> Select[*tuple[Any, ...]]:
    """Select the ids of the applications of a call whose state the person may know."""
    allowed = [Application.id.in_(visible(act, Application, one).with_only_columns(Application.id)) for one in ACTIONS]
    return select(Application.id).where(Application.call_id == call.id, or_(*allowed))


def titled(act: Act, call: Call) -> frozenset[str]:
    """Name the applications of a call whose acronym and title the person may read."""
    action = "application.view_people" if call.anonymous else "application.view_title"
    query = visible(act, Application, action).where(Application.call_id == call.id)
    return frozenset(act.session.scalars(query.with_only_columns(Application.id)))


def states_of(
    act: Act, model: type[Any], which: Select[*tuple[Any, ...]], moment: datetime | None
) -> dict[str, tuple[Any, datetime]]:
    """Give the state of each thing whose id is selected, and when it was last acted on; one query.

    At a moment of the past, things that did not exist yet are left out.
    """
    if moment is None:
        query = select(model.id, model.state, model.last_act_at).where(model.id.in_(which))
        return {key: (state, since) for key, state, since in act.session.execute(query)}
    states = model.__machine__.states
    return {key: (states(state), since) for key, state, since in act.session.execute(replayed(model, which, moment))}


def replayed(model: type[Any], which: Select[*tuple[Any, ...]], moment: datetime) -> Select[*tuple[Any, ...]]:
    """Select `thing_id`, `to_state` and `at` of the last event of each thing until the moment."""
    last = (
        select(Event.thing_id, func.max(Event.number).label("number"))
        .where(Event.noun == model.__noun__, Event.thing_id.in_(which), Event.at <= moment)
        .group_by(Event.thing_id)
        .subquery()
    )
    found: Select[*tuple[Any, ...]] = (
        select(Event.thing_id, Event.to_state, Event.at)
        .join(last, and_(last.c.thing_id == Event.thing_id, last.c.number == Event.number))
        .where(Event.noun == model.__noun__, Event.to_state.is_not(None))
    )
    return found


def _counted(act: Act, model: type[Any], call: Call, moment: datetime | None) -> Counter[tuple[str, Any]]:
    """Count the things of a call by application and state, in one query."""
    of_call = select(Application.id).where(Application.call_id == call.id)
    if moment is None:
        query = select(model.application_id, model.state, func.count()).where(model.application_id.in_(of_call))
        found = act.session.execute(query.group_by(model.application_id, model.state))
        return Counter({(key, state): count for key, state, count in found})
    then = replayed(model, select(model.id).where(model.application_id.in_(of_call)), moment).subquery()
    past = (
        select(model.application_id, then.c.to_state, func.count())
        .join(then, then.c.thing_id == model.id)
        .group_by(model.application_id, then.c.to_state)
    )
    states = model.__machine__.states
    return Counter({(key, states(state)): count for key, state, count in act.session.execute(past)})


def reached_in(act: Act, call: Call, moment: datetime | None = None, *, with_checks: bool = True) -> list[Reached]:
    """Say how far each application has come that the person may know of, by title; a fixed number of queries.

    Checks are many and no stage rests on them: whoever does not show them leaves them out.
    """
    evaluation = definition_of(call).evaluation
    due = evaluation.reports_per_application if evaluation else 0
    of_call = select(Application.id).where(Application.call_id == call.id)
    allowed, readable = frozenset(act.session.scalars(known(act, call))), titled(act, call)
    then = None if moment is None else states_of(act, Application, of_call, moment)
    of_task, of_report, of_consensus, of_label = (
        _by_application(_counted(act, model, call, moment)) for model in (Assignment, Assessment, Consensus, Label)
    )
    of_check = _by_application(_counted(act, Check, call, moment)) if with_checks else {}
    columns = (Application.id, Application.number, Application.acronym, Application.title, Application.state)
    query = select(*columns, Application.last_act_at).where(Application.call_id == call.id)
    found = []
    for key, number, acronym, title, now, at in act.session.execute(query):
        state = (now, at) if then is None else then.get(key)
        if key not in allowed or state is None:
            continue
        named = f"{acronym} {title}" if key in readable else ""
        found.append(
            Reached(
                key, number, (acronym if key in readable else "") or number, f"{named} {number}",
                state[0], state[1], due,
                checks=of_check.get(key, Counter()),
                tasks=_among(of_task.get(key), TASKS), reports=_among(of_report.get(key), assessments.IN),
                consensus=next(iter(of_consensus.get(key, ())), None), label=next(iter(of_label.get(key, ())), None),
            )
        )  # fmt: skip
    return sorted(found, key=lambda one: (one.title.casefold(), one.id))


class Named(NamedTuple):
    """What an application is called for the person who asks."""

    id: str
    number: str
    title: str  # acronym, or number for whoever may not read more
    words: str  # to search in


def named_in(act: Act, call: Call) -> dict[str, Named]:
    """Name each application of a call that the person may know of."""
    allowed, readable = frozenset(act.session.scalars(known(act, call))), titled(act, call)
    query = select(Application.id, Application.number, Application.acronym, Application.title)
    return {
        key: Named(key, number, (acronym if key in readable else "") or number,
                   f"{acronym} {title} {number}" if key in readable else number)
        for key, number, acronym, title in act.session.execute(query.where(Application.call_id == call.id))
        if key in allowed
    }  # fmt: skip


def _among(counts: Counter[Any] | None, states: Collection[Any]) -> int:
    return sum(number for state, number in (counts or {}).items() if state in states)


def _by_application(counts: Counter[tuple[str, Any]]) -> dict[str, Counter[Any]]:
    found: dict[str, Counter[Any]] = {}
    for (application, state), number in counts.items():
        found.setdefault(application, Counter())[state] = number
    return found
