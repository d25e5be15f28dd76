"""For whom somebody searches: their own organisations, or one of their applications or expressions of interest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app import geography
from app.access import visible
from app.act import Act
from app.models import Application, Expression, Membership, Organisation, SearchEntry
from app.services.calls.call import definition_of
from app.services.expressions.expression_queries import my_organisations
from workflows.application import State
from workflows.membership import LIVE
from workflows.search_order import Seeker


@dataclass(frozen=True)
class For:
    """Whom results are held against: the thing, if one was named, and its codes."""

    seeker: Seeker
    noun: str = ""
    thing: Any = None
    inside: frozenset[str] = frozenset()  # organisations that need not be asked any more

    @property
    def address(self) -> str:
        return f"{self.noun}-{self.thing.id}" if self.thing is not None else ""


def seeker_of(act: Act, asked: str) -> For:
    """Read "application-<id>" or "expression-<id>"; whatever is not theirs stands for their organisations."""
    noun, _dash, thing_id = asked.partition("-")
    if act.person is not None and noun == "application":
        query = visible(act, Application, "application.view_draft").where(Application.id == thing_id)
        if application := act.session.scalar(query):
            inside = frozenset(m.organisation_id for m in _members(act, application) if m.organisation_id)
            return For(_of_application(act, application), noun, application, inside)
    if act.person is not None and noun == "expression":
        query_e = visible(act, Expression, "expression.edit").where(Expression.id == thing_id)
        if expression := act.session.scalar(query_e):
            inside = frozenset({expression.organisation_id})
            return For(_of_expression(act, expression), noun, expression, inside)
    mine = my_organisations(act)
    return For(Seeker(_all(mine, "themes"), _all(mine, "technologies")))


def _all(organisations: Sequence[Organisation], column: str) -> frozenset[str]:
    return frozenset(code for one in organisations for code in getattr(one, column))


def _members(act: Act, application: Application) -> Sequence[Membership]:
    return act.session.scalars(
        select(Membership)
        .where(Membership.application_id == application.id, Membership.state.in_(LIVE))
        .options(selectinload(Membership.organisation))
    ).all()


def _of_application(act: Act, application: Application) -> Seeker:
    members = _members(act, application)
    organisations = [m.organisation for m in members if m.organisation is not None]
    call = definition_of(application.call)
    seats = {m.region for m in members if m.region}
    return Seeker(
        themes=frozenset({application.theme} - {None}) or _all(organisations, "themes"),  # type: ignore[arg-type]
        technologies=_all(organisations, "technologies"),
        regions=_today(seats, call.regions.vintage) | {o.region for o in organisations if o.region},
        has_consortium=True,
        eligible_kinds=frozenset(call.eligible_kinds),
    )


def _of_expression(act: Act, expression: Expression) -> Seeker:
    own = Seeker(frozenset(expression.organisation.themes), frozenset(expression.organisation.technologies))
    query = select(SearchEntry).where(SearchEntry.noun == "expression", SearchEntry.thing_id == expression.id)
    entry = act.session.scalar(query)
    home = frozenset({expression.organisation.region} - {None})
    if entry is None:
        return Seeker(own.themes, own.technologies, home, has_consortium=True)  # type: ignore[arg-type]
    return Seeker(
        themes=frozenset(entry.themes.split()) or own.themes,
        technologies=frozenset(entry.technologies.split()) or own.technologies,
        regions=frozenset(entry.regions.split()) | home,  # type: ignore[operator]
        has_consortium=True,
        eligible_kinds=frozenset(definition_of(expression.call).eligible_kinds),
    )


def _today(regions: set[str], vintage: int) -> frozenset[str]:
    """Codes of a call's vintage as profiles write them."""
    return frozenset(
        code
        for region in regions
        for code in geography.successors(region, before=vintage, after=geography.PROFILE_VINTAGE)
    )


def possible(act: Act) -> list[tuple[str, str]]:
    """What a person may search for: their drafts and expressions of interest, by address part and name."""
    if act.person is None:
        return []
    drafts = visible(act, Application, "application.invite_partner").where(Application.state == State.DRAFT)
    notices = visible(act, Expression, "expression.edit")
    applications = act.session.scalars(drafts.order_by(Application.acronym, Application.id))
    expressions = act.session.scalars(notices.order_by(Expression.acronym, Expression.id))
    return [(f"application-{a.id}", a.acronym or a.number) for a in applications] + [
        (f"expression-{e.id}", e.acronym or e.title) for e in expressions
    ]
