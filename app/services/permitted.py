"""What services ask before they write something that is no transition: who may, and is the call open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from app.access import granted_by, granted_by_each
from app.act import Act
from app.facts.call import is_open, is_open_for
from app.models import Application, Base, Call, Expression
from app.services.standstill import standstill
from app.services.transitions import Refused
from workflows.relations import Relation
from workflows.verdict import refuse
from workflows.words import _


def relation_for(act: Act, action: str, thing: Base | None) -> Relation:
    """Name the relation that allows the action; raises `Refused` where none does, or its evaluation is frozen."""
    return _allowed(action, thing, granted_by(act, action, thing))


def relation_for_each(act: Act, action: str, things: Sequence[Any]) -> dict[str, Relation]:
    """Name it for each of many things of one kind, by their ids; raises `Refused` where one of them is refused."""
    granted = granted_by_each(act, action, things)
    return {thing.id: _allowed(action, thing, granted[thing.id]) for thing in things}


def _allowed(action: str, thing: Base | None, relation: Relation | None) -> Relation:
    if relation is None:
        raise Refused(refuse("not-yours", _("You can't do this: it is for somebody else.")))
    if not (verdict := standstill(action, thing)):
        raise Refused(verdict)
    return relation


def one_at_a_time(act: Act, *things: Any) -> None:  # noqa: ANN401 - anything with an id
    """Let nobody else begin the same with these things until this transaction ends.

    For "only one at once" that no unique key watches: whoever comes second then sees what the first one did. Things
    are locked in the order of their ids, or two could wait for each other. SQLite has one writer at a time anyway.
    """
    for thing in sorted(things, key=lambda one: str(one.id)):
        act.session.execute(select(type(thing).id).where(type(thing).id == thing.id).with_for_update())


def refuse_unless_open(act: Act, call: Call) -> None:
    """Raise `Refused` where the call is not open at the moment of the act."""
    if not is_open(act, call):
        raise Refused(refuse("call-closed", _("The call is not open: this can't be changed any more.")))


def refuse_unless_open_for(act: Act, owner: Application | Expression) -> None:
    """Raise `Refused` where neither the call nor an own deadline lets this one be changed at the moment of the act."""
    if not is_open_for(act, owner):
        raise Refused(refuse("call-closed", _("The call is not open: this can't be changed any more.")))
