"""Contact details that somebody typed into a text are for those whose organisations have both agreed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.access import can, visible
from app.act import Act
from app.models import Introduction, Reply
from app.services.expressions.expression import acts_for

FEW = 500  # more ids than this are not named in one statement


def whole_for(act: Act, things: Sequence[Any]) -> frozenset[str]:
    """Give the ids of those profiles or expressions of interest whose texts the person may read whole."""
    if not things or act.person is None:
        return frozenset()
    model = type(things[0])
    noun = model.__noun__
    query = visible(act, model, f"{noun}.view_contact_details").with_only_columns(model.id)
    if len(things) <= FEW:
        query = query.where(model.id.in_([thing.id for thing in things]))
    return frozenset(act.session.scalars(query))


def message_is_whole(act: Act, thing: Introduction | Reply) -> bool:
    """Say whether the person may read the message of an introduction or a reply whole: its writers always may."""
    if isinstance(thing, Reply):
        return can(act, "reply.view_contact_details", thing) or acts_for(act, thing.organisation)
    return can(act, "introduction.view_contacts", thing) or acts_for(act, thing.asking)
