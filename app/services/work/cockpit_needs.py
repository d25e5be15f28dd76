"""What in a call waits for somebody of the office: overdue first, then the oldest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Select, func, select

from app.access import can
from app.act import Act
from app.facts.decision import unsettled
from app.models import Application, Assessment, Assignment, Call, Check, Consensus, Job, Person, Status
from app.services.anonymising.plain_copies import without_copy
from app.services.anonymising.redaction import not_anonymised
from app.services.calls.call import definition_of
from app.services.organisations.region import regions_to_settle
from app.services.work.cockpit_consortium import consortium_needs
from workflows import assessment as assessments
from workflows import assignment as assignments
from workflows import check as checks
from workflows import consensus as consensus_states
from workflows.application import State
from workflows.verdict import Reason
from workflows.words import Text, _, plural

FAR_APART = Decimal("0.2")  # of the greatest total: then people should talk before they agree
NAMES_SHOWN = 3
CONFLICTS = plural(
    "{n} possible conflict of interest waits for your decision",
    "{n} possible conflicts of interest wait for your decision",
)
NOT_OPENED = plural("{n} task was not opened by its evaluator", "{n} tasks were not opened by their evaluators")
NOT_ANONYMISED = plural("{n} application is not anonymised yet", "{n} applications are not anonymised yet")
NO_COPY = _("{acronym}: evaluators can't get “{file}”, for it holds {obstacle}. Ask for another file")
REPORT_LOST = plural(
    "{n} application lost an evaluator and lacks a report: assign another",
    "{n} applications lost an evaluator and lack a report: assign others",
)
NO_LEAD = plural(
    "{n} consensus has no lead evaluator any more: name another",
    "{n} consensuses have no lead evaluator any more: name others",
)
SIGNATURE_VOID = plural(
    "{n} agreed report is signed by an evaluator who fell away: have the decision returned, then reopen the consensus",
    "{n} agreed reports are signed by evaluators who fell away: have the decision returned, then reopen the consensus",
)
LATE = plural("{n} report is late", "{n} reports are late")


@dataclass(frozen=True)
class Line:
    """Something that waits for somebody. Overdue lines come first, then the oldest."""

    what: Reason
    note: str
    endpoint: str
    query: dict[str, str]
    since: datetime | None = None
    overdue: bool = False


def needs_of(act: Act, call: Call, known: Sequence[Application]) -> tuple[Line, ...]:
    """All that waits; `known` are the applications the person may know of."""
    return tuple(sorted(_needs(act, call, known), key=lambda line: (not line.overdue, line.since or act.now)))


def _needs(act: Act, call: Call, known: Sequence[Application]) -> Iterable[Line]:
    ids = [application.id for application in known]
    yield from _checks(act, call, known)
    yield from _tasks(act, call, ids)
    yield from _far_apart(act, call, known)
    yield from (Line(*parts) for parts in consortium_needs(act, call, known))
    yield from _fallen_away(act, call, known)
    yield from _not_anonymised(act, call, ids)
    yield from _without_copy(act, ids)
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
            {"call_id": call.id},
            oldest.last_act_at,
        )
    refusals = act.session.scalars(
        select(Check).where(
            Check.application_id.in_([application.id for application in known]),
            Check.state == checks.State.REFUSAL_PROPOSED,
        )
    ).all()
    if refusals:
        text = plural("{n} proposed refusal needs a second person", "{n} proposed refusals need a second person")
        names = sorted({check.application.acronym for check in refusals})
        since = min(check.last_act_at for check in refusals)
        yield Line(
            Reason("refusals", text, {"n": len(refusals)}),
            ", ".join(names[:NAMES_SHOWN]),
            "check.index",
            {"call_id": call.id},
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
        ("conflicts", CONFLICTS, [t for t in tasks if t.state is assignments.State.DECLARED], False),
        ("undeclared", NOT_OPENED, [t for t in tasks if t.state is assignments.State.ASKED], False),
        ("late", LATE, [t for t in tasks if t.id not in done and t.due_at and t.due_at < act.now], True),
    )
    for code, text, found, overdue in groups:
        if found:
            names = _people(act, found)
            since = min(task.last_act_at for task in found)
            yield Line(
                Reason(code, text, {"n": len(found)}), names, "assignment.index", {"call_id": call.id}, since, overdue
            )


def _fallen_away(act: Act, call: Call, known: Sequence[Application]) -> Iterable[Line]:
    """What is to be done once an evaluator fell away: another report, another lead evaluator, another decision."""
    found: list[tuple[str, Text, list[str]]] = [
        ("report-lost", REPORT_LOST, _acronyms(act, known, _waits_for_a_report(call))),
        ("no-lead", NO_LEAD, _acronyms(act, known, _has_no_lead())),
    ]
    for code, text, names in found:
        if names:
            shown = ", ".join(names[:NAMES_SHOWN])
            yield Line(
                Reason(code, text, {"n": len(names)}), shown, "assignment.index", {"call_id": call.id}, None, True
            )
    if names := [name for name in unsettled(act, call.id) if name in {a.acronym for a in known}]:
        shown = ", ".join(names[:NAMES_SHOWN])
        yield Line(
            Reason("signature-void", SIGNATURE_VOID, {"n": len(names)}),
            shown,
            "decision.of_call",
            {"call_id": call.id},
            overdue=True,
        )


def _not_anonymised(act: Act, call: Call, ids: Sequence[str]) -> Iterable[Line]:
    """In an anonymous call somebody has to look at the texts; it presses where tasks wait for it."""
    names = [application.number for application in not_anonymised(act, ids)] if call.anonymous else []
    if names:
        text = Reason("not-anonymised", NOT_ANONYMISED, {"n": len(names)})
        shown = ", ".join(names[:NAMES_SHOWN])
        yield Line(text, shown, "redaction.of_call", {"call_id": call.id}, overdue=call.waits_for_redaction)


def _without_copy(act: Act, ids: Sequence[str]) -> Iterable[Line]:
    """Files of an anonymous call that evaluators can't get, each with the property that stands in the way."""
    acronyms = {a.id: a.acronym for a in act.session.scalars(select(Application).where(Application.id.in_(ids)))}
    for file, obstacle in without_copy(act, list(ids)):
        params = {"acronym": acronyms[file.application_id or ""], "file": file.name, "obstacle": obstacle}
        yield Line(
            Reason("no-copy", NO_COPY, params),
            "",
            "application.show",
            {"application_id": file.application_id or ""},
            file.last_act_at,
        )


def _acronyms(act: Act, known: Sequence[Application], which: Select[str]) -> list[str]:
    ids = set(act.session.scalars(which))
    return [application.acronym for application in known if application.id in ids]


def _waits_for_a_report(call: Call) -> Select[str]:
    """Applications whose consensus was open once and is closed, with fewer tasks than reports are due."""
    evaluation = definition_of(call).evaluation
    due = evaluation.reports_per_application if evaluation else 0
    live = select(func.count(Assignment.id)).where(
        Assignment.application_id == Consensus.application_id, Assignment.state.in_(assignments.LIVE)
    )
    seen_before = select(Assessment.id).where(
        Assessment.application_id == Consensus.application_id,
        Assessment.state.in_([assessments.State.FINAL, assessments.State.FROZEN]),
    )
    return select(Consensus.application_id).where(
        Consensus.state == consensus_states.State.WAITING, seen_before.exists(), live.scalar_subquery() < due
    )


def _has_no_lead() -> Select[str]:
    """Applications whose consensus is being worked on without a lead evaluator."""
    lead = select(Assignment.id).where(
        Assignment.application_id == Consensus.application_id,
        Assignment.rapporteur.is_(True),
        Assignment.state.in_(assignments.READING),
    )
    at_work = consensus_states.OPENED - {consensus_states.State.APPROVED}
    return select(Consensus.application_id).where(Consensus.state.in_(at_work), ~lead.exists())


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
