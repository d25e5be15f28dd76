"""The cockpit of a call: six numbers, what needs somebody now, and the regions taking part."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select

from app.access import can, visible
from app.act import Act
from app.maps import Mark
from app.models import (
    Application,
    Assessment,
    Assignment,
    Call,
    Consensus,
    Expression,
    Label,
    Membership,
    Reply,
)
from app.services.calls.call import definition_of
from app.services.expressions.expression_queries import public_answers, regions_in
from app.services.organisations.region_marks import marks_of
from app.services.work.cockpit_needs import Line, needs_of
from app.services.work.cockpit_time import in_order, time_needs
from workflows import assessment as assessments
from workflows import assignment as assignments
from workflows import consensus as consensus_states
from workflows import label as labels
from workflows.application import AFTER_SUBMISSION, State
from workflows.definition import CallKind
from workflows.expression import PUBLIC
from workflows.expression import State as ExpressionState
from workflows.membership import LIVE
from workflows.reply import State as ReplyState
from workflows.verdict import Reason
from workflows.words import _

ROOMS = (
    (_("Formal checks"), "check.index"),
    (_("Evaluators and their tasks"), "assignment.index"),
    (_("Scores and consensus"), "consensus.index"),
    (_("Decision"), "decision.of_call"),
    (_("Dossiers"), "dossier.of_call"),
    (_("Questions and answers"), "enquiry.index"),
    (_("Values of the call and their sources"), "call.values"),
)
ANONYMISED = (_("Anonymised copies"), "redaction.of_call")
NOT_ELIGIBLE = frozenset({State.SUBMITTED, State.RECEIVED, State.INADMISSIBLE, State.INELIGIBLE})


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


def cockpit_of(act: Act, call: Call) -> Cockpit:
    """What the acting person may know of the call; applications they are tied to are left out everywhere."""
    if call.kind == CallKind.EXPRESSION_OF_INTEREST:
        return _of_expressions(act, call)
    known = _applications(act, call)
    reads = bool(known) or can(act, "call.settle_region", call) or can(act, "site.audit")
    return Cockpit(
        numbers=_pipeline(act, call, known),
        needs=in_order(act, (*needs_of(act, call, known), *time_needs(act, call))),
        marks=_marks(act, call, [a for a in known if a.state in AFTER_SUBMISSION]),
        closed_to_reader=not reads,
        rooms=(*ROOMS, ANONYMISED) if call.anonymous else ROOMS,
    )


def _applications(act: Act, call: Call) -> list[Application]:
    """Applications whose state the person may know: in progress, or received and theirs to check."""
    found: dict[str, Application] = {}
    for action in ("application.view_readiness", "application.view_checks", "application.view_evaluation"):
        for application in act.session.scalars(visible(act, Application, action).where(Application.call_id == call.id)):
            found[application.id] = application
    return sorted(found.values(), key=lambda application: (application.acronym, application.id))


def _ids(applications: Iterable[Application], *states: State) -> list[str]:
    return [a.id for a in applications if not states or a.state in states]


def _pipeline(act: Act, call: Call, known: Sequence[Application]) -> tuple[Number, ...]:
    sent = [a for a in known if a.state in AFTER_SUBMISSION and a.state is not State.WITHDRAWN]
    eligible = [a for a in sent if a.state not in NOT_ELIGIBLE]
    ids, evaluation = _ids(eligible), definition_of(call).evaluation
    due = len(ids) * (evaluation.reports_per_application if evaluation else 0)
    tasks = _count(act, Assignment, ids, assignments.LIVE | {assignments.State.ENDED})
    scored = _count(act, Assessment, ids, assessments.IN)
    agreed = _count(act, Consensus, ids, {consensus_states.State.AGREED, consensus_states.State.APPROVED})
    labelled = _count(act, Label, ids, labels.REGISTERED)
    withdrawn, waiting = len(_ids(known, State.WITHDRAWN)), len(_ids(sent, State.RECEIVED))
    at, here = {"call": call.id}, {"call_id": call.id}
    return (
        Number(len(sent), _("Submitted"), "application.index", at, _note(_("{n} withdrawn"), withdrawn)),
        Number(len(eligible), _("Eligible"), "check.index", here, _note(_("{n} to check"), waiting)),
        Number(tasks, _("Assigned"), "assignment.index", here, _note(_("of {n} reports"), due)),
        Number(scored, _("Scored"), "assignment.index", here, _note(_("of {n} assigned"), tasks)),
        Number(agreed, _("Agreed"), "consensus.index", here, _note(_("of {n} eligible"), len(eligible))),
        Number(labelled, _("Labelled"), "label.index"),
    )


def _note(text: str, number: int) -> Reason | None:
    return Reason("note", text, {"n": number}) if number else None


def _count(
    act: Act, model: type[Assignment | Assessment | Consensus | Label], ids: Sequence[str], states: Iterable[object]
) -> int:
    query = select(func.count()).select_from(model).where(model.application_id.in_(ids), model.state.in_(list(states)))
    return act.session.scalar(query) or 0


def _marks(act: Act, call: Call, sent: Sequence[Application]) -> tuple[Mark, ...]:
    vintage = definition_of(call).regions.vintage
    query = select(Membership.region, Membership.country).where(
        Membership.application_id.in_(_ids(sent)), Membership.state.in_(LIVE)
    )
    seats = [region or country for region, country in act.session.execute(query)]
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
    return Cockpit(numbers, in_order(act, time_needs(act, call)), marks, closed_to_reader=False)
