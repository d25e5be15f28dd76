"""An auditor reads the calls that somebody opened to them, in the time for which it was done: as conditions in SQL."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from app.asker import Asker
from app.models import AuditAccess, Expression
from app.scope import Column, Scope
from app.ties import Clause


def running(person: ColumnElement[Any] | str | None, now: ColumnElement[datetime] | datetime) -> tuple[Clause, ...]:
    """Say that an access is this person's and runs at this moment."""
    return (
        AuditAccess.person_id == person,
        AuditAccess.since <= now,
        AuditAccess.until > now,
        or_(AuditAccess.ended_at.is_(None), AuditAccess.ended_at > now),
    )


def opened_to(asker: Asker, scope: Scope) -> Clause:
    """Say whether the thing's call is open to the person; what is of no call, while any call is."""
    held = select(AuditAccess.call_id).where(*running(asker.person, asker.now))
    of_any = exists(held.with_only_columns(AuditAccess.id))
    call = _call_of(scope)
    return of_any if call is None else or_(call.in_(held), and_(call.is_(None), of_any))


def _call_of(scope: Scope) -> Column | None:
    """Give the call of the thing, or of the expression of interest that it belongs to."""
    if scope.expression is None:
        return scope.call
    of_expression = (
        select(Expression.call_id)
        .where(Expression.id == scope.expression)
        .correlate_except(Expression)
        .scalar_subquery()
    )
    return of_expression if scope.call is None else func.coalesce(scope.call, of_expression)
