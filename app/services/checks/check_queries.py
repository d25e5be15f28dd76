"""What the pages of the checks show: the queue of a call, and everything that is checked in one application."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from app.access import offered, visible
from app.act import Act
from app.models import Application, Call, Check, Review, SubmittedVersion
from app.services.checks.check import last_version
from app.services.history import Happened, history_of
from app.services.reason_json import reason_from_json
from app.services.reviews.review import reviews_on
from app.services.reviews.review_checks import found_met
from app.services.transitions import verdict_on
from workflows import application as application_states
from workflows.check import RECORDED, Stage, State
from workflows.machine import Row
from workflows.verdict import Reason, Verdict

CHECKED = frozenset(application_states.AFTER_SUBMISSION - {application_states.State.SUBMITTED})
ENDINGS = ("admit", "find_inadmissible", "find_ineligible")


@dataclass(frozen=True)
class QueueLine:
    """One application in the queue: how many checks are recorded, and what needs a person's eye."""

    application: Application
    due: int
    recorded: int
    doubtful: int  # the machine does not say met, and nobody has recorded anything
    waiting: int  # proposed as not met, for a second person
    refused: int


def queue_of(act: Act, call: Call) -> list[QueueLine]:
    """Give the received applications of a call the person may check: what needs most first."""
    query = (
        visible(act, Application, "application.view_checks")
        .where(Application.call_id == call.id, Application.state.in_(CHECKED))
        .order_by(Application.acronym, Application.id)
    )
    applications = act.session.scalars(query).all()
    counts = _counts(act, [application.id for application in applications])
    lines = [_line(application, counts) for application in applications]
    in_checks = application_states.State.RECEIVED
    return sorted(lines, key=lambda line: (line.application.state != in_checks, -line.waiting, -line.doubtful))


def _counts(act: Act, ids: Sequence[str]) -> Counter[tuple[str, State, str]]:
    query = (
        select(Check.application_id, Check.state, Check.proposed, func.count())
        .where(Check.application_id.in_(ids), Check.state != State.DROPPED)
        .group_by(Check.application_id, Check.state, Check.proposed)
    )
    return Counter({(key, state, proposed): count for key, state, proposed, count in act.session.execute(query)})


def _line(application: Application, counts: Counter[tuple[str, State, str]]) -> QueueLine:
    mine = [(state, proposed, n) for (key, state, proposed), n in counts.items() if key == application.id]
    return QueueLine(
        application=application,
        due=sum(n for _state, _proposed, n in mine),
        recorded=sum(n for state, _proposed, n in mine if state in RECORDED),
        doubtful=sum(n for state, proposed, n in mine if state is State.OPEN and proposed != "met"),
        waiting=sum(n for state, _proposed, n in mine if state is State.REFUSAL_PROPOSED),
        refused=sum(n for state, _proposed, n in mine if state is State.NOT_MET),
    )


@dataclass(frozen=True)
class CheckLine:
    """One check with the machine's facts, what was recorded, and what this person may do with it."""

    check: Check
    facts: tuple[Reason, ...]
    history: Sequence[Happened]
    found_met: bool  # by a review, which lifted the refusal
    acts: tuple[tuple[Row, Verdict], ...]

    @property
    def possible(self) -> tuple[Row, ...]:
        return tuple(row for row, verdict in self.acts if verdict)

    @property
    def refusals(self) -> tuple[Reason, ...]:
        """Why this person can't confirm a refusal another has to confirm."""
        return tuple(r for row, verdict in self.acts if row.name == "confirm_refusal" for r in verdict.reasons)


@dataclass(frozen=True)
class Sheet:
    """All checks of one application by stage, and the endings with what stands against each."""

    version: SubmittedVersion
    stages: tuple[tuple[Stage, tuple[CheckLine, ...]], ...]
    endings: tuple[tuple[Row, Verdict], ...]
    confirmable: int
    refused: bool  # a check is confirmed as not met, and no review found it met
    reviews: Sequence[Review]


def sheet_of(act: Act, application: Application) -> Sheet:
    checks = act.session.scalars(
        select(Check)
        .where(Check.application_id == application.id, Check.state != State.DROPPED)
        .order_by(Check.position)
    ).all()
    lifted = found_met(act, application.id)
    lines = [_check_line(act, check, lifted) for check in checks]
    rows = [row for row in offered(act, application) if row.name in ENDINGS]
    return Sheet(
        version=last_version(act, application),
        stages=tuple((stage, tuple(line for line in lines if line.check.stage is stage)) for stage in Stage),
        endings=tuple((row, verdict_on(act, application, row.name)) for row in rows),
        confirmable=sum("confirm" in {row.name for row in line.possible} for line in lines),
        refused=any(line.check.state is State.NOT_MET and not line.found_met for line in lines),
        reviews=reviews_on(act, application),
    )


def _check_line(act: Act, check: Check, lifted: frozenset[str]) -> CheckLine:
    return CheckLine(
        check=check,
        facts=tuple(reason_from_json(fact) for fact in check.facts),
        history=[one for one in history_of(act, check, people=True) if one.name != "create"],
        found_met=check.id in lifted,
        acts=tuple((row, verdict_on(act, check, row.name)) for row in offered(act, check)),
    )
