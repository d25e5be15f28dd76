"""What in a call waits for somebody of the office: overdue first, then the oldest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Select, func, select

from app.access import can
from app.act import Act
from app.facts.decision import unsettled
from app.models import Application, Assessment, Assignment, Call, Check, Consensus, Job, Status
from app.services.anonymising.plain_copies import without_copy
from app.services.anonymising.redaction import not_anonymised
from app.services.calls.call import definition_of
from app.services.deciding.bounces import open_bounces
from app.services.organisations.region import regions_to_settle
from app.services.work.cockpit_consortium import consortium_needs
from app.services.work.cockpit_reports import Spread, Task
from app.services.work.reached import Reached
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
SPREAD = _("{acronym}: totals differ by {spread} points")
SPREADS = plural("Totals of {n} more application lie far apart", "Totals of {n} more applications lie far apart")
CAME_BACK = plural(
    "{n} mail came back: tell its addressee otherwise", "{n} mails came back: tell their addressees otherwise"
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


def needs_of(
    act: Act, call: Call, known: Sequence[Reached], spreads: Sequence[Spread], tasks: Sequence[Task]
) -> Iterable[Line]:
    """All that waits; `known` are the applications the person may know of, `spreads` and `tasks` what they may read."""
    ids = [application.id for application in known]
    yield from _checks(act, call, known)
    yield from _tasks(act, call, [task for task in tasks if task.state in assignments.LIVE])
    yield from _far_apart(call, known, spreads)
    yield from (Line(*parts) for parts in consortium_needs(act, call, known))
    yield from _fallen_away(act, call, known)
    yield from _not_anonymised(act, call, ids)
    yield from _without_copy(act, known) if call.anonymous else ()
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
    yield from _came_back(act, call)
    failed = act.session.scalar(select(func.count()).select_from(Job).where(Job.status == Status.FAILED)) or 0
    if failed:
        text = plural(
            "{n} mail or document could not be made or sent", "{n} mails or documents could not be made or sent"
        )
        yield Line(Reason("failed", text, {"n": failed}), "", "admin.index", {}, overdue=True)


def _came_back(act: Act, call: Call) -> Iterable[Line]:
    """Mails that came back and were not dealt with: somebody does not know what they should."""
    found = [one for one in open_bounces(act) if one.call_id == call.id]
    if found:
        names = sorted({one.application.acronym for one in found if one.application})
        yield Line(
            Reason("came-back", CAME_BACK, {"n": len(found)}),
            ", ".join(names[:NAMES_SHOWN]),
            "delivery.of_call",
            {"call_id": call.id},
            found[0].noted_at,
            overdue=True,
        )


def _checks(act: Act, call: Call, known: Sequence[Reached]) -> Iterable[Line]:
    titles = {application.id: application.acronym for application in known}
    waiting = [a for a in known if a.state is State.RECEIVED]
    if waiting:
        oldest = min(waiting, key=lambda a: a.last_act_at)
        text = plural("{n} application waits for its formal check", "{n} applications wait for their formal check")
        yield Line(
            Reason("checks", text, {"n": len(waiting)}),
            oldest.acronym,
            "office_list.show",
            {"call_id": call.id, "of": "applications", "state": State.RECEIVED.value},
            oldest.last_act_at,
        )
    of_call = select(Application.id).where(Application.call_id == call.id)
    query = select(Check.application_id, Check.last_act_at).where(
        Check.application_id.in_(of_call), Check.state == checks.State.REFUSAL_PROPOSED
    )
    refusals = [(titles[key], since) for key, since in act.session.execute(query) if key in titles]
    if refusals:
        text = plural("{n} proposed refusal needs a second person", "{n} proposed refusals need a second person")
        yield Line(
            Reason("refusals", text, {"n": len(refusals)}),
            ", ".join(sorted({name for name, _since in refusals})[:NAMES_SHOWN]),
            "office_list.show",
            {"call_id": call.id, "of": "checks", "state": checks.State.REFUSAL_PROPOSED.value},
            min(since for _name, since in refusals),
        )


def _tasks(act: Act, call: Call, tasks: Sequence[Task]) -> Iterable[Line]:
    """Evaluators who did not declare, conflicts to decide, reports that are late."""
    here = {"call_id": call.id, "of": "tasks"}
    late = [task for task in tasks if task.is_late(act.now)]
    yield from _line_of("conflicts", CONFLICTS, _in(tasks, assignments.State.DECLARED), here | {"state": "declared"})
    yield from _line_of("undeclared", NOT_OPENED, _in(tasks, assignments.State.ASKED), here | {"state": "asked"})
    first = min((task.due_at for task in late if task.due_at), default=None)
    yield from (
        replace(line, since=first, overdue=True) for line in _line_of("late", LATE, late, here | {"late": "yes"})
    )


def _in(tasks: Sequence[Task], state: assignments.State) -> list[Task]:
    return [task for task in tasks if task.state is state]


def _line_of(code: str, text: Text, tasks: Sequence[Task], where: dict[str, str]) -> Iterable[Line]:
    if tasks:
        since = min(task.since for task in tasks)
        yield Line(Reason(code, text, {"n": len(tasks)}), _people(tasks), "office_list.show", where, since)


def _fallen_away(act: Act, call: Call, known: Sequence[Reached]) -> Iterable[Line]:
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


def _without_copy(act: Act, known: Sequence[Reached]) -> Iterable[Line]:
    """Files of an anonymous call that evaluators can't get, each with the property that stands in the way."""
    titles = {application.id: application.title for application in known}
    for file, obstacle in without_copy(act, list(titles)):
        about = file.application_id or ""
        params = {"acronym": titles[about], "file": file.name, "obstacle": obstacle}
        where = {"application_id": about}
        yield Line(Reason("no-copy", NO_COPY, params), "", "application.show", where, file.last_act_at)


def _acronyms(act: Act, known: Sequence[Reached], which: Select[str]) -> list[str]:
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


def _people(tasks: Sequence[Task]) -> str:
    """Name those with most of the tasks, each with how many."""
    counts = Counter((task.person, task.name) for task in tasks)
    first = sorted(counts.items(), key=lambda item: (-item[1], item[0][1], item[0][0]))[:NAMES_SHOWN]
    return ", ".join(f"{name} ({number})" for (_person, name), number in first)


def _far_apart(call: Call, known: Sequence[Reached], spreads: Sequence[Spread]) -> Iterable[Line]:
    """Applications all of whose reports are in and whose totals lie far apart."""
    definition = definition_of(call)
    wanted = definition.evaluation.reports_per_application if definition.evaluation else 0
    eligible = {application.id for application in known if application.state is State.ELIGIBLE}
    far = [
        one
        for one in spreads
        if one.points >= FAR_APART * definition.max_points and one.application in eligible and one.reports >= wanted
    ]
    for one in far[:NAMES_SHOWN]:
        said = Reason("spread", SPREAD, {"acronym": one.title, "spread": one.points})
        yield Line(said, "", "consensus.index", {"call_id": call.id})
    if more := far[NAMES_SHOWN:]:
        where = {"call_id": call.id, "of": "applications", "sort": "-spread"}
        yield Line(Reason("spreads", SPREADS, {"n": len(more)}), "", "office_list.show", where)
