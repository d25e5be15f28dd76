"""Following a call or an expression of interest: to hear of changes by mail."""

from __future__ import annotations

from sqlalchemy import func, select

from app.act import Act
from app.models import Call, Expression, Follow

Followed = Call | Expression


def follow_of(act: Act, thing: Followed) -> Follow | None:
    """The person's own, if any."""
    if act.person is None:
        return None
    return act.session.scalar(select(Follow).where(Follow.person_id == act.person_id, Follow.thing_id == thing.id))


def ensure_follow(act: Act, thing: Followed) -> None:
    """Follow; following twice is following once."""
    if act.person_id is None or follow_of(act, thing) is not None:
        return
    act.session.add(
        Follow(id=act.new_id(), person_id=act.person_id, noun=thing.__noun__, thing_id=thing.id, since=act.now)
    )
    act.session.flush()


def stop_following(act: Act, thing: Followed) -> None:
    found = follow_of(act, thing)
    if found is not None:
        act.session.delete(found)
        act.session.flush()


def followers(act: Act, thing: Followed) -> int:
    """How many people follow."""
    return act.session.scalar(select(func.count()).select_from(Follow).where(Follow.thing_id == thing.id)) or 0
