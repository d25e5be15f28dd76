"""Views of the office's lists that a person keeps under a name."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from app.act import Act
from app.models import SavedView
from app.services.permitted import one_at_a_time
from app.services.transitions import Refused
from workflows.verdict import refuse
from workflows.words import _

MOST = 20  # of one person for one list


def my_views(act: Act, of: str) -> Sequence[SavedView]:
    query = select(SavedView).where(SavedView.person_id == act.person_id, SavedView.of == of)
    return act.session.scalars(query.order_by(SavedView.name, SavedView.id)).all()


def keep_view(act: Act, of: str, name: str, query: str) -> SavedView:
    """Keep a view; one of the same name takes the place of the older. Raises `Refused` where there are too many."""
    one_at_a_time(act, act.person)
    mine = my_views(act, of)
    same = next((view for view in mine if view.name == name), None)
    if same is not None:
        same.query, same.created_at = query, act.now
        act.session.flush()
        return same
    if len(mine) >= MOST:
        raise Refused(refuse("many-views", _("You have {n} saved views of this list: take one away first."), n=MOST))
    view = SavedView(id=act.new_id(), person_id=str(act.person_id), of=of, name=name, query=query, created_at=act.now)
    act.session.add(view)
    act.session.flush()
    return view


def forget_view(act: Act, view_id: str) -> SavedView | None:
    """Take away one of the person's own; None where it is not theirs or is gone."""
    view = act.session.get(SavedView, view_id)
    if view is None or view.person_id != act.person_id:
        return None
    act.session.delete(view)
    act.session.flush()
    return view
