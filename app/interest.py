"""Interests asked of everybody at once: whose task stands beside one, and whose list of organisations has grown."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, literal_column, select

from app.asker import TYPES, Standing, asker_of, unknown_asker
from app.models import Application, Disclosure, DisclosureLine, Membership
from app.models.base import Identity
from app.ties import tied
from workflows.application import AFTER_SUBMISSION
from workflows.membership import LIVE

_NO_MATTER_WHO = Standing(signed_in=True, address_proved=False, offices=frozenset())


@cache
def expert_is_tied() -> ColumnElement[bool]:
    """Say of each row of `assignment` whether its expert has an interest in its application.

    Built once; the moment it is asked of is given with the statement, as `sinces` of it.
    """
    # By name: as a column of the table it would bring the table along into each subquery, and correlate with nothing.
    person: ColumnElement[Any] = literal_column("assignment.person_id", Identity)
    columns: dict[str, ColumnElement[Any]] = {name: bindparam(name, type_=kind) for name, kind in TYPES.items()}
    asker = asker_of(_NO_MATTER_WHO, columns | {"asker_person": person})
    return tied(asker, literal_column("assignment.application_id", Identity))


@cache
def tied_applications() -> Select[str]:
    """Select the applications of the call `of_call` in which somebody has an interest: with `values_of` who asks."""
    mine = tied(unknown_asker(_NO_MATTER_WHO), Application.id)
    return select(Application.id).where(Application.call_id == bindparam("of_call"), mine)


def on_the_list() -> ColumnElement[bool]:
    """Say of each membership, joined with its application, whether its organisation stands on its call's list."""
    return and_(Membership.state.in_(LIVE), Application.state.in_(AFTER_SUBMISSION))


def was_gone_through() -> ColumnElement[bool]:
    """Say of each membership and disclosure whether the expert has seen this organisation on the list."""
    line = select(DisclosureLine.id).where(
        DisclosureLine.disclosure_id == Disclosure.id,
        DisclosureLine.organisation == func.coalesce(Membership.organisation_id, Membership.id),
    )
    return line.exists()


def list_has_grown(_now: datetime) -> ColumnElement[bool]:
    """Say of each disclosure whether its call's list has an organisation that the expert was not asked about."""
    added = (
        select(Membership.id)
        .join(Application, Application.id == Membership.application_id)
        .where(Application.call_id == Disclosure.call_id, on_the_list(), ~was_gone_through())
        .correlate(Disclosure)
    )
    return added.exists()
