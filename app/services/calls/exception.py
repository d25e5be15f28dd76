"""A later deadline for one application: asked for, proposed, approved by a second person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select

from app.access import visible
from app.act import Act
from app.models import Application, Call, LateException, Remark
from app.services.permitted import one_at_a_time, relation_for
from app.services.transitions import Done, Refused, create
from workflows.application import State as ApplicationState
from workflows.exception import OPEN, State
from workflows.verdict import refuse
from workflows.words import _


def ask_exception(act: Act, application: Application, text: str) -> LateException:
    """Ask for a later deadline for one application. Raises `Refused` while another one is undecided."""
    relation = relation_for(act, "application.ask_exception", application)
    one_at_a_time(act, application)
    if open_exception(act, application) is not None:
        raise Refused(refuse("asked-before", _("A later deadline was asked for already, and is being decided.")))
    if act.person_id is None:
        raise LookupError("an exception is asked for by a person")
    exception = LateException(application=application, text=text, asked_by=act.person_id)
    create(act, exception, relation=relation, data={"application": application.id})
    return exception


def open_exception(act: Act, application: Application) -> LateException | None:
    query = select(LateException).where(LateException.application_id == application.id, LateException.state.in_(OPEN))
    return act.session.scalar(query)


def propose_exception(act: Act, exception: LateException, done: Done) -> None:
    """Keep what one person proposes until another approves it."""
    moment: datetime = done.data["until"]
    exception.until, exception.proposed_by = moment.astimezone(UTC), act.person_id
    exception.reason_id = done.event.data["reason"]["remark"]


def grant_exception(act: Act, exception: LateException, _done: Done) -> None:
    """Give the application its own deadline; everything that asks for its deadline finds it there."""
    exception.approved_by = act.person_id
    exception.application.own_closes_at = exception.until


def received_of_exception(_act: Act, exception: LateException, _done: Done) -> Iterable[Application]:
    """The application, if the deadline had locked it."""
    return _in(exception, ApplicationState.RECEIVED)


def lapsed_of_exception(_act: Act, exception: LateException, _done: Done) -> Iterable[Application]:
    """The application, if it was not submitted before the deadline."""
    return _in(exception, ApplicationState.LAPSED)


def _in(exception: LateException, state: ApplicationState) -> Iterable[Application]:
    return [exception.application] if exception.application.state is state else []


@dataclass(frozen=True)
class Granted:
    """A later deadline that was given, told without saying to whom."""

    until: datetime
    reason: str
    at: datetime


def exceptions_of(act: Act, application: Application) -> tuple[LateException, ...]:
    """All that were asked for, newest first, for whoever may read them."""
    query = visible(act, LateException, "exception.view").where(LateException.application_id == application.id)
    return tuple(act.session.scalars(query.order_by(LateException.created_at.desc(), LateException.id)))


def reason_of(act: Act, exception: LateException) -> str:
    """The reason of the proposal; empty once erased."""
    remark = act.session.get(Remark, exception.reason_id) if exception.reason_id else None
    return (remark.text or "") if remark else ""


def granted_in(act: Act, call: Call) -> tuple[Granted, ...]:
    """The exceptions given in a call, for its public page: until when and why, and not to whom."""
    query = (
        select(LateException)
        .join(Application, Application.id == LateException.application_id)
        .where(Application.call_id == call.id, LateException.state == State.APPROVED)
        .order_by(LateException.last_act_at, LateException.id)
    )
    return tuple(
        Granted(one.until, reason_of(act, one), one.last_act_at) for one in act.session.scalars(query) if one.until
    )
