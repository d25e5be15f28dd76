"""The cockpit of a call: six numbers, what needs somebody now, who is late, where marks differ, regions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select

from app.access import can, visible
from app.act import Act
from app.maps import Mark
from app.models import Application, Call, Expression, Membership, Reply
from app.services.calls.call import definition_of
from app.services.expressions.expression_queries import public_answers, regions_in
from app.services.organisations.region_marks import marks_of
from app.services.work.cockpit_labels import label_needs
from app.services.work.cockpit_needs import Line, needs_of
from app.services.work.cockpit_reports import Lateness, Spread, Task, spreads_of, tasks_of, who_is_late
from app.services.work.cockpit_time import in_order, time_needs
from app.services.work.reached import STAGES, Reached, reached_in, states_of
from workflows.application import AFTER_SUBMISSION, State
from workflows.call import CALL
from workflows.definition import CallKind
from workflows.expression import PUBLIC
from workflows.expression import State as ExpressionState
from workflows.machine import StateName
from workflows.membership import LIVE
from workflows.reply import State as ReplyState
from workflows.verdict import Reason
from workflows.words import _

SPREADS_SHOWN = 5
ROOMS = (
    (_("Formal checks"), "check.index"),
    (_("Evaluators and their tasks"), "assignment.index"),
    (_("Scores and consensus"), "consensus.index"),
    (_("Decision"), "decision.of_call"),
    (_("Letters"), "letter.of_call"),
    (_("Dossiers"), "dossier.of_call"),
    (_("Questions and answers"), "enquiry.index"),
    (_("Values of the call and their sources"), "call.values"),
)
ANONYMISED = (_("Anonymised copies"), "redaction.of_call")


@dataclass(frozen=True)
class Number:
    """One number of the pipeline, with the list it leads to."""

    number: int
    label: str
    endpoint: str
    query: dict[str, str] = field(default_factory=dict)
    note: Reason | None = None


@dataclass(frozen=True)
class Cockpit:
    numbers: tuple[Number, ...]
    needs: tuple[Line, ...]
    marks: tuple[Mark, ...]
    closed_to_reader: bool  # the numbers are not for this person at this moment
    rooms: tuple[tuple[str, str], ...] = ()  # label and endpoint of the pages where the work is done
    late: tuple[Lateness, ...] = ()  # evaluators whose reports are overdue, or who opened nothing
    spreads: tuple[Spread, ...] = ()  # largest disagreements first
    total: Decimal = Decimal(0)  # the most points a report can give
    state: StateName | None = None  # of the call, at a moment of the past; none before it was there
    counts_past: bool = True  # it can be seen as of a moment of the past


def cockpit_of(act: Act, call: Call, moment: datetime | None = None) -> Cockpit:
    """What the acting person may know of the call; applications they are tied to are left out everywhere.

    At a moment of the past it tells all but what waits for somebody: that is of the present alone.
    """
    if call.kind == CallKind.EXPRESSION_OF_INTEREST:
        return _of_expressions(act, call)
    reached = reached_in(act, call, moment, with_checks=False)
    reads = bool(reached) or can(act, "call.settle_region", call) or can(act, "call.draw_sample", call)
    sent = [one.id for one in reached if one.state in AFTER_SUBMISSION]
    numbers, marks = _pipeline(call, reached), _marks(act, call, sent, moment)
    rooms = (*ROOMS, ANONYMISED) if call.anonymous else ROOMS
    pairs = tasks_of(act, call, moment)
    spreads = spreads_of(act, call, {one.id: one.title for one in reached}, moment)
    waiting = () if moment else _waiting(act, call, reached, spreads, pairs)
    return Cockpit(
        numbers=numbers,
        needs=in_order(act, waiting),
        marks=marks,
        closed_to_reader=not reads,
        rooms=rooms,
        late=who_is_late(moment or act.now, pairs),
        spreads=spreads[:SPREADS_SHOWN],
        total=definition_of(call).max_points,
        state=_then(act, call, moment) if moment else None,
    )


def _waiting(
    act: Act, call: Call, reached: Sequence[Reached], spreads: Sequence[Spread], pairs: Sequence[Task]
) -> Iterable[Line]:
    yield from needs_of(act, call, reached, spreads, pairs)
    yield from label_needs(act, call, reached)
    yield from time_needs(act, call)


def _then(act: Act, call: Call, moment: datetime) -> StateName | None:
    states = states_of(act, Call, select(Call.id).where(Call.id == call.id), moment)
    return CALL.names[states[call.id][0]] if call.id in states else None


def _pipeline(call: Call, reached: Sequence[Reached]) -> tuple[Number, ...]:
    """Count how many came through each stage; each number leads to the list of just these."""
    count = Counter(stage for one in reached for stage in one.stages)
    states = Counter(one.state for one in reached)
    eligible = [one for one in reached if "eligible" in one.stages]
    due, tasks = sum(one.due for one in eligible), sum(one.tasks for one in eligible)
    reports = sum(one.reports for one in eligible)
    notes = {
        "submitted": _note(_("{n} withdrawn"), states[State.WITHDRAWN]),
        "eligible": _note(_("{n} to check"), states[State.RECEIVED]),
        "assigned": _note(_("{n} of {due} tasks"), tasks, due=due),
        "scored": _note(_("{n} of {due} reports"), reports, due=due),
        "agreed": _note(_("of {n} eligible"), len(eligible)),
    }
    return tuple(
        Number(count[stage], label, "office_list.show", {"call_id": call.id, "of": "applications", "stage": stage},
               notes.get(stage))
        for stage, label in STAGES.items()
    )  # fmt: skip


def _note(text: str, number: int, **more: int) -> Reason | None:
    return Reason("note", text, {"n": number} | more) if number else None


def _marks(act: Act, call: Call, sent: Sequence[str], moment: datetime | None) -> tuple[Mark, ...]:
    """Colour the regions of those who take part in what was submitted."""
    vintage, there = definition_of(call).regions.vintage, set(sent)
    of_call = select(Membership.id).join(Application).where(Application.call_id == call.id)
    states = {} if moment is None else states_of(act, Membership, of_call, moment)
    query = select(Membership.id, Membership.application_id, Membership.state, Membership.region, Membership.country)
    seats = [
        region or country
        for key, application, state, region, country in act.session.execute(query.where(Membership.id.in_(of_call)))
        if application in there and (state if moment is None else states.get(key, (None,))[0]) in LIVE
    ]
    return marks_of((code, vintage) for code in seats if code)


def _of_expressions(act: Act, call: Call) -> Cockpit:
    query = visible(act, Expression, "expression.view").where(Expression.call_id == call.id)
    notices = act.session.scalars(query.order_by(Expression.id)).all()
    public = [notice for notice in notices if notice.state in PUBLIC]
    ids = [notice.id for notice in public]
    replies = act.session.scalars(select(Reply.state).where(Reply.expression_id.in_(ids))).all()
    drafts = act.session.scalar(
        select(func.count())
        .select_from(Expression)
        .where(Expression.call_id == call.id, Expression.state == ExpressionState.DRAFT)
    )
    at, here = {"call": call.id}, "expression.index"
    numbers = (
        Number(drafts or 0, _("Drafts"), "", {}),
        Number(
            sum(n.state is ExpressionState.PUBLISHED for n in public), _("Published"), here, at | {"state": "published"}
        ),
        Number(len(replies), _("Replies"), "", {}),
        Number(sum(state is ReplyState.ACCEPTED for state in replies), _("Accepted"), "", {}),
        Number(sum(n.state is ExpressionState.CLOSED for n in public), _("Closed"), here, at | {"state": "closed"}),
        Number(
            sum(n.state is ExpressionState.MATCHED for n in public),
            _("Became applications"),
            here,
            at | {"state": "matched"},
        ),
    )
    marks = marks_of(region for notice in public for region in regions_in(notice, public_answers(notice)))
    return Cockpit(numbers, in_order(act, time_needs(act, call)), marks, closed_to_reader=False, counts_past=False)
