"""The cockpit of a call: six numbers, what needs somebody now, and the regions taking part."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select

from app.access import can, visible
from app.act import Act
from app.maps import Mark
from app.models import (
    Application,
    Assessment,
    Assignment,
    Call,
    Check,
    Consensus,
    Expression,
    Job,
    Label,
    Membership,
    Person,
    Reply,
    Status,
)
from app.services.call import definition_of
from app.services.expression_queries import public_answers, regions_in
from app.services.region import regions_to_settle
from app.services.region_marks import marks_of
from workflows import assessment as assessments
from workflows import assignment as assignments
from workflows import check as checks
from workflows import consensus as consensus_states
from workflows import label as labels
from workflows.application import AFTER_SUBMISSION, State
from workflows.definition import CallKind
from workflows.expression import PUBLIC
from workflows.expression import State as ExpressionState
from workflows.membership import LIVE
from workflows.reply import State as ReplyState
from workflows.verdict import Reason
from workflows.words import _, plural

FAR_APART = Decimal("0.2")  # of the greatest total: then people should talk before they agree
NAMES_SHOWN = 3


@dataclass(frozen=True)
class Number:
    """One number of the pipeline, with the list it leads to."""

    number: int
    label: str
    endpoint: str
    query: dict[str, str] = field(default_factory=dict)
    note: Reason | None = None


@dataclass(frozen=True)
class Line:
    """Something that waits for somebody. Overdue lines come first, then the oldest."""

    what: Reason
    note: str
    endpoint: str
    query: dict[str, str]
    since: datetime | None = None
    overdue: bool = False


@dataclass(frozen=True)
class Cockpit:
    numbers: tuple[Number, ...]
    needs: tuple[Line, ...]
    marks: tuple[Mark, ...]
    closed_to_reader: bool  # the numbers are not for this person at this moment


def cockpit_of(act: Act, call: Call) -> Cockpit:
    """What the acting person may know of the call; applications they are tied to are left out everywhere."""
    if call.kind == CallKind.EXPRESSION_OF_INTEREST:
        return _of_expressions(act, call)
    known = _applications(act, call)
    reads = can(act, "application.create") and (
        bool(known) or can(act, "call.settle_region", call) or can(act, "site.audit")
    )
    return Cockpit(
        numbers=_pipeline(act, call, known),
        needs=tuple(sorted(_needs(act, call, known), key=lambda line: (not line.overdue, line.since or act.now))),
        marks=_marks(act, call, [a for a in known if a.state in AFTER_SUBMISSION]),
        closed_to_reader=not reads,
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
    eligible = [
        a for a in sent if a.state not in {State.SUBMITTED, State.RECEIVED, State.INADMISSIBLE, State.INELIGIBLE}
    ]
    ids, due = _ids(eligible), _ids(a for a in eligible)
    reports = definition_of(call).evaluation.reports_per_application if definition_of(call).evaluation else 0  # type: ignore[union-attr]
    tasks = _count(act, Assignment, ids, assignments.LIVE | {assignments.State.ENDED})
    scored = _count(act, Assessment, ids, assessments.IN)
    agreed = _count(act, Consensus, ids, {consensus_states.State.AGREED, consensus_states.State.APPROVED})
    given = act.session.scalar(
        select(func.count()).select_from(Label).where(Label.application_id.in_(ids), Label.state.in_(labels.REGISTERED))
    )
    waiting, withdrawn = len(_ids(sent, State.RECEIVED)), len(_ids(known, State.WITHDRAWN))
    at = {"call": call.id}
    return (
        Number(
            len(sent),
            _("Submitted"),
            "application.index",
            at | {"state": "submitted"},
            _note(plural("{n} withdrawn", "{n} withdrawn"), withdrawn),
        ),
        Number(len(eligible), _("Eligible"), "check.index", at, _note(plural("{n} to check", "{n} to check"), waiting)),
        Number(
            tasks, _("Assigned"), "assignment.index", at, Reason("of", _("of {n} reports"), {"n": reports * len(due)})
        ),
        Number(
            scored,
            _("Scored"),
            "assignment.index",
            at | {"state": "scored"},
            Reason("of", _("of {n} assigned"), {"n": tasks}),
        ),
        Number(
            agreed, _("Agreed"), "consensus.index", at, Reason("of", _("of {n} applications"), {"n": len(eligible)})
        ),
        Number(given or 0, _("Labelled"), "label.index", at),
    )


def _note(text: object, number: int) -> Reason | None:
    return Reason("note", text, {"n": number}) if number else None  # type: ignore[arg-type]


def _count(
    act: Act, model: type[Assignment | Assessment | Consensus], ids: Sequence[str], states: Iterable[object]
) -> int:
    query = select(func.count()).select_from(model).where(model.application_id.in_(ids), model.state.in_(list(states)))
    return act.session.scalar(query) or 0


def _needs(act: Act, call: Call, known: Sequence[Application]) -> Iterable[Line]:
    ids = _ids(known)
    yield from _checks(act, call, known)
    yield from _tasks(act, call, ids)
    yield from _far_apart(act, call, known)
    if regions := regions_to_settle(act, call) if can(act, "call.settle_region", call) else ():
        text = plural(
            "{n} region must be settled before rules can be told",
            "{n} regions must be settled before rules can be told",
        )
        yield Line(
            Reason("regions", text, {"n": len(regions)}),
            ", ".join(r.name for r in regions[:NAMES_SHOWN]),
            "call.regions",
            {"call_id": call.id},
        )
    if call.proposed_closes_at is not None:
        yield Line(
            Reason("extension", _("A later deadline is proposed and waits for a signature")),
            "",
            "call.show",
            {"call_id": call.id},
            overdue=True,
        )
    failed = act.session.scalar(select(func.count()).select_from(Job).where(Job.status == Status.FAILED)) or 0
    if failed:
        text = plural(
            "{n} mail or document could not be made or sent", "{n} mails or documents could not be made or sent"
        )
        yield Line(Reason("failed", text, {"n": failed}), "", "admin.index", {}, overdue=True)


def _checks(act: Act, call: Call, known: Sequence[Application]) -> Iterable[Line]:
    waiting = [a for a in known if a.state is State.RECEIVED]
    if waiting:
        oldest = min(waiting, key=lambda a: a.last_act_at)
        text = plural("{n} application waits for its formal check", "{n} applications wait for their formal check")
        yield Line(
            Reason("checks", text, {"n": len(waiting)}),
            oldest.acronym,
            "check.index",
            {"call": call.id},
            oldest.last_act_at,
        )
    refusals = act.session.scalars(
        select(Check).where(Check.application_id.in_(_ids(known)), Check.state == checks.State.REFUSAL_PROPOSED)
    ).all()
    if refusals:
        text = plural("{n} proposed refusal needs a second person", "{n} proposed refusals need a second person")
        names = sorted({check.application.acronym for check in refusals})
        since = min(check.last_act_at for check in refusals)
        yield Line(
            Reason("refusals", text, {"n": len(refusals)}),
            ", ".join(names[:NAMES_SHOWN]),
            "check.index",
            {"call": call.id},
            since,
        )


def _tasks(act: Act, call: Call, ids: Sequence[str]) -> Iterable[Line]:
    """Evaluators who did not declare, conflicts to decide, reports that are late."""
    tasks = act.session.scalars(
        select(Assignment).where(Assignment.application_id.in_(ids), Assignment.state.in_(assignments.LIVE))
    ).all()
    done = set(
        act.session.scalars(
            select(Assessment.assignment_id).where(
                Assessment.application_id.in_(ids), Assessment.state.in_(assessments.IN)
            )
        )
    )
    groups = (
        ("conflicts", plural("{n} possible conflict of interest waits for your decision", "{n} possible conflicts of interest wait for your decision"),
         [t for t in tasks if t.state is assignments.State.DECLARED], False),
        ("undeclared", plural("{n} task was not opened by its evaluator", "{n} tasks were not opened by their evaluators"),
         [t for t in tasks if t.state is assignments.State.ASKED], False),
        ("late", plural("{n} report is late", "{n} reports are late"),
         [t for t in tasks if t.id not in done and t.due_at is not None and t.due_at < act.now], True),
    )  # fmt: skip
    for code, text, found, overdue in groups:
        if found:
            names = _people(act, found)
            since = min(task.last_act_at for task in found)
            yield Line(
                Reason(code, text, {"n": len(found)}), names, "assignment.index", {"call": call.id}, since, overdue
            )


def _people(act: Act, tasks: Sequence[Assignment]) -> str:
    counts: dict[str, int] = {}
    for task in tasks:
        counts[task.person_id] = counts.get(task.person_id, 0) + 1
    first = sorted(counts, key=lambda person: (-counts[person], person))[:NAMES_SHOWN]
    return ", ".join(f"{act.session.get_one(Person, person).name} ({counts[person]})" for person in first)


def _far_apart(act: Act, call: Call, known: Sequence[Application]) -> Iterable[Line]:
    """Applications all of whose reports are in and whose totals lie far apart."""
    definition = definition_of(call)
    wanted = definition.evaluation.reports_per_application if definition.evaluation else 0
    for application in known:
        reports = act.session.scalars(
            select(Assessment).where(Assessment.application_id == application.id, Assessment.state.in_(assessments.IN))
        ).all()
        totals = [sum((score.points or Decimal(0) for score in report.scores), Decimal(0)) for report in reports]
        if len(totals) < max(wanted, 2) or application.state is not State.ELIGIBLE:
            continue
        spread = max(totals) - min(totals)
        if spread >= FAR_APART * definition.max_points:
            text = _("{acronym}: totals differ by {spread} points")
            yield Line(
                Reason("spread", text, {"acronym": application.acronym, "spread": spread}),
                "",
                "application.show",
                {"application_id": application.id},
            )


def _marks(act: Act, call: Call, sent: Sequence[Application]) -> tuple[Mark, ...]:
    vintage = definition_of(call).regions.vintage
    query = select(Membership.region, Membership.country).where(
        Membership.application_id.in_(_ids(sent)), Membership.state.in_(LIVE)
    )
    return marks_of((region or country, vintage) for region, country in act.session.execute(query) if region or country)


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
    return Cockpit(numbers, (), marks, closed_to_reader=False)
