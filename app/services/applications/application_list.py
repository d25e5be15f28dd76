"""The list of applications, with its filters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import selectinload

from app.access import visible
from app.act import Act
from app.models import Application, Call
from workflows.application import APPLICATION

PAGE = 50


@dataclass(frozen=True)
class Chosen:
    """The filters of the list, as they stand in its address."""

    calls: frozenset[str] = frozenset()
    states: frozenset[str] = frozenset()
    words: str = ""
    page: int = 1


@dataclass(frozen=True)
class Listed:
    applications: Sequence[Application]
    total: int
    pages: int
    calls: Sequence[tuple[Call, int]]
    states: Sequence[tuple[str, int]]
    titled: Collection[str]  # ids of those whose acronym and title may be read


def listed(act: Act, chosen: Chosen) -> Listed:
    """List the applications the person may know of: their own, and for the office those of each call."""
    known = list(act.session.scalars(_known(act).options(selectinload(Application.call))))
    titled = _titled(act)
    found = [one for one in known if _fits(one, chosen, titled)]
    calls = Counter(one.call_id for one in known)
    states = Counter(one.state.value for one in known if not chosen.calls or one.call_id in chosen.calls)
    by_id = {one.call_id: one.call for one in known}
    first = (chosen.page - 1) * PAGE
    return Listed(
        applications=found[first : first + PAGE],
        total=len(found),
        pages=max(1, -(-len(found) // PAGE)),
        calls=[(by_id[call_id], count) for call_id, count in calls.most_common()],
        states=[(state.value, states[state.value]) for state in APPLICATION.states if states[state.value]],
        titled=titled,
    )


def _titled(act: Act) -> frozenset[str]:
    """Name those whose acronym and title the person may read: a search must not tell what a draft is called.

    Where names are hidden, only those who may know who applies read them here.
    """
    query = visible(act, Application, "application.view_title").with_only_columns(Application.id)
    anonymous = select(Application.id).join(Call, Call.id == Application.call_id).where(Call.anonymous.is_(True))
    people = visible(act, Application, "application.view_people").with_only_columns(Application.id)
    return frozenset(
        act.session.scalars(query.where(or_(Application.id.not_in(anonymous), Application.id.in_(people))))
    )


def _known(act: Act) -> Select[Application]:
    of_title = visible(act, Application, "application.view_title").with_only_columns(Application.id)
    of_readiness = visible(act, Application, "application.view_readiness").with_only_columns(Application.id)
    query = select(Application).where(or_(Application.id.in_(of_title), Application.id.in_(of_readiness)))
    return query.order_by(Application.last_act_at.desc(), Application.id)


def _fits(application: Application, chosen: Chosen, titled: Collection[str]) -> bool:
    words = chosen.words.casefold()
    title = f"{application.acronym} {application.title} " if application.id in titled else ""
    named = f"{title}{application.number}".casefold()
    return (
        (not chosen.calls or application.call_id in chosen.calls)
        and (not chosen.states or application.state.value in chosen.states)
        and (not words or words in named)
    )
