"""Expressions of interest that overlap: their authors are told of each other, if both agreed to it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.access import visible
from app.act import Act
from app.addressees import people_who_are
from app.models import Expression, SearchEntry
from app.outbox import enqueue_mail
from workflows.expression import OPEN_TO_REPLIES
from workflows.overlap import Outline, overlap
from workflows.relations import Relation as R


def _outlines(act: Act, call_id: str | None = None) -> dict[str, Outline]:
    """What is known of the notices whose authors agreed, by id."""
    query = (
        select(Expression.id, Expression.organisation_id, Expression.call_id, SearchEntry.themes,
               SearchEntry.technologies, SearchEntry.regions)
        .join(SearchEntry, (SearchEntry.thing_id == Expression.id) & (SearchEntry.noun == "expression"))
        .where(Expression.state.in_(OPEN_TO_REPLIES), Expression.tell_overlaps.is_(True))
        .order_by(Expression.id)
    )  # fmt: skip
    if call_id is not None:
        query = query.where(Expression.call_id == call_id)
    return {
        row[0]: Outline(row[1], row[2], *(frozenset(text.split()) for text in row[3:]))
        for row in act.session.execute(query)
    }


def overlapping(act: Act, expression: Expression) -> Sequence[Expression]:
    """Notices that overlap with this one, both authors having agreed; public ones, by name."""
    outlines = _outlines(act, expression.call_id)
    mine = outlines.get(expression.id)
    if mine is None:
        return ()
    ids = [other for other, outline in outlines.items() if other != expression.id and overlap(mine, outline)]
    query = visible(act, Expression, "expression.view").where(Expression.id.in_(ids))
    query = query.options(joinedload(Expression.organisation))
    return act.session.scalars(query.order_by(Expression.acronym, Expression.id)).all()


def tell_overlaps(act: Act) -> int:
    """Mail both authors once of each pair; says how many pairs overlap."""
    outlines = _outlines(act)
    pairs = [(a, b) for a, b in combinations(outlines, 2) if overlap(outlines[a], outlines[b])]
    for one, other in pairs:
        for mine, theirs in ((one, other), (other, one)):
            expression = act.session.get_one(Expression, mine)
            about = {"noun": "expression", "thing": mine, "other": theirs}
            for person in people_who_are(act, expression, (R.AUTHOR,)):
                enqueue_mail(
                    act, "expression_overlaps", person_id=person.id, address=person.email, about=about,
                    key=f"{mine}:{theirs}",
                )  # fmt: skip
    return len(pairs)


def agree_to_be_told(act: Act, expression: Expression, *, agreed: bool) -> None:
    """Say whether the authors of notices that overlap may be told of each other."""
    expression.tell_overlaps = agreed
    act.session.flush()
