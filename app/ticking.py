"""The clock's rows: what is due by time alone. Any number of ticks, at any distance, come to the same."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from app.act import Act
from app.asker import sinces
from app.chance import Chance, new_id
from app.db import Database
from app.interest import expert_is_tied, list_has_grown
from app.models import (
    THINGS,
    Application,
    Assignment,
    Call,
    Clarification,
    Erasure,
    Expression,
    Introduction,
    Label,
    Lease,
    Membership,
    Organisation,
    Thing,
)
from app.search_tick import search_tick
from app.services.anonymising.plain_copies import want_plain_copies
from app.services.anonymising.redaction import start_redactions
from app.services.assigning.due_dates import due_reports, remind_of_report
from app.services.consortia.reminder import due_reminders, remind_by_clock
from app.services.dossiers.anchoring import want_heads
from app.services.erasing.erasing import evidence_is_over, forget_evidence
from app.services.labels.award_documents import due_award_reminders, remind_of_award_documents
from app.services.labels.charter import due_charter_reminders, remind_of_charter
from app.services.labels.publication import publish_due
from app.services.organisations.organisation_people import hand_over_requests
from app.services.transitions import Refused, perform
from app.services.uploads.sweeping import want_sweep
from workflows.machine import Row
from workflows.machines import MACHINES
from workflows.profile import CONFIRM_EVERY
from workflows.relations import Relation as R

log = logging.getLogger(__name__)
LEASE = timedelta(seconds=60)
REMINDERS_EVERY = timedelta(minutes=10)  # looking who owes something asks much of the database
ORDER = (
    "call",
    "application",
    "membership",
    "expression",
    "label",
    "introduction",
    "profile",
    "disclosure",
    "assignment",
    "clarification",
)


def _closed(call_id: Any, now: datetime) -> ColumnElement[bool]:  # noqa: ANN401
    condition: ColumnElement[bool] = call_id.in_(select(Call.id).where(Call.closes_at <= now))
    return condition


def _no_own_time(now: datetime) -> ColumnElement[bool]:
    return Application.own_closes_at.is_(None) | (Application.own_closes_at <= now)


def _unconfirmed(now: datetime) -> ColumnElement[bool]:
    """Profiles nobody confirmed, or was asked to confirm, for a year."""
    asked = or_(Organisation.confirm_asked_at.is_(None), Organisation.confirm_asked_at <= now - CONFIRM_EVERY)
    confirmed = func.coalesce(Organisation.confirmed_at, Organisation.created_at) <= now - CONFIRM_EVERY
    return and_(confirmed, asked, Organisation.merged_into_id.is_(None))


# What may be due, so that a tick does not ask every draft; the row's guards decide.
DUE: dict[tuple[str, str], Callable[[datetime], ColumnElement[bool]]] = {
    ("call", "open"): lambda now: Call.opens_at <= now,
    ("call", "close"): lambda now: Call.closes_at <= now,
    ("application", "lapse"): lambda now: _closed(Application.call_id, now) & _no_own_time(now),
    ("application", "lock"): lambda now: _closed(Application.call_id, now) & _no_own_time(now),
    ("membership", "miss"): lambda now: (Membership.confirm_by <= now) & Membership.confirm_missed_at.is_(None),
    ("expression", "end"): lambda now: _closed(Expression.call_id, now),
    ("expression", "lapse"): lambda now: _closed(Expression.call_id, now),
    ("clarification", "lapse"): lambda now: Clarification.due_at <= now,
    ("label", "lapse"): lambda now: Label.accept_by <= now,
    ("introduction", "lapse"): lambda now: Introduction.answer_by <= now,
    ("profile", "ask_to_confirm"): _unconfirmed,
    ("disclosure", "ask_again"): list_has_grown,
    ("assignment", "bar_found"): lambda _now: expert_is_tied(),
    ("label", "expire"): lambda now: Label.valid_until <= now,
}


def clock_rows() -> Iterator[tuple[str, Row]]:
    for noun in ORDER:
        for row in MACHINES[noun].rows:
            if R.CLOCK in row.by:
                yield noun, row


def tick(database: Database, now: datetime, chance: Chance) -> int:
    """Take every row of time that is due, one transaction each; say how many were taken."""

    def act_of(session: Session) -> Act:
        return Act(session, now, chance, f"tick-{new_id(chance)}")

    taken = 0
    for noun, row in clock_rows():
        for thing_id in _due(database, noun, row, now):
            taken += _take(database, THINGS[noun], thing_id, row, act_of)
    with database.writing() as session:
        hand_over_requests(act_of(session))
        start_redactions(act_of(session))
        want_plain_copies(act_of(session))
        want_sweep(act_of(session))
        want_heads(act_of(session))
        publish_due(act_of(session))
        session.commit()
    search_tick(database, act_of)
    _forget(database, now, act_of)
    _remind(database, now, act_of)
    return taken


def _forget(database: Database, now: datetime, act_of: Callable[[Session], Act]) -> None:
    """Take away what erased people wrote as evidence, once it has been kept long enough."""
    with database.reading() as session:
        due = evidence_is_over(session, now)
    for erasure_id in due:
        with database.writing() as session:
            forget_evidence(act_of(session), session.get_one(Erasure, erasure_id))
            session.commit()


def _remind(database: Database, now: datetime, act_of: Callable[[Session], Act]) -> None:
    """Look who is to be reminded without holding anybody up, then remind one by one."""
    with database.reading() as session:
        last = session.get(Lease, "reminders")
        if last is not None and last.until > now:
            return
        due = due_reminders(act_of(session))
        owing = due_award_reminders(act_of(session))
        writing = due_reports(act_of(session))
        charters = due_charter_reminders(act_of(session))
    for task_id in writing:
        with database.writing() as session:
            remind_of_report(act_of(session), session.get_one(Assignment, task_id))
            session.commit()
    for application_id in owing:
        with database.writing() as session:
            remind_of_award_documents(act_of(session), session.get_one(Application, application_id))
            session.commit()
    for label_id in charters:
        with database.writing() as session:
            remind_of_charter(act_of(session), session.get_one(Label, label_id))
            session.commit()
    for membership_id in due:
        with database.writing() as session:
            remind_by_clock(act_of(session), session.get_one(Membership, membership_id))
            session.commit()
    with database.writing() as session:
        session.merge(Lease(name="reminders", holder="clock", until=now + REMINDERS_EVERY))
        session.commit()


def _due(database: Database, noun: str, row: Row, now: datetime) -> list[str]:
    model: Any = THINGS[noun]
    query = select(model.id).where(model.state.in_(row.sources), DUE[noun, row.name](now)).order_by(model.id)
    with database.reading() as session:
        return list(session.scalars(query, sinces(now)))


def _take(database: Database, model: type[Thing], thing_id: str, row: Row, act_of: Callable[[Session], Act]) -> int:
    with database.writing() as session:
        act = act_of(session)
        thing: Any = session.get_one(model, thing_id)
        try:
            perform(act, thing, row.name, by=R.CLOCK)
            session.commit()
        except (Refused, StaleDataError) as refusal:
            log.debug("%s %s: %s not taken: %s", model.__noun__, thing_id, row.name, refusal)
            return 0
    return 1


def holds_lease(database: Database, holder: str, now: datetime) -> bool:
    """Say whether this process runs the clock now: one at a time, taken over when its holder went silent."""
    with database.writing() as session:
        mine = (
            update(Lease)
            .where(Lease.name == "clock", (Lease.holder == holder) | (Lease.until < now))
            .values(holder=holder, until=now + LEASE)
        )
        taken = session.execute(mine.returning(Lease.name)).one_or_none() is not None
        if not taken and session.get(Lease, "clock") is None:
            session.add(Lease(name="clock", holder=holder, until=now + LEASE))
            taken = True
        try:
            session.commit()
        except IntegrityError:
            return False
    return taken
