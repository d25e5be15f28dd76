"""My work: acts that another person proposed because they need two here."""

from __future__ import annotations

from collections.abc import Iterator

from app.act import Act
from app.asker import offices_of
from app.services.proposing import proposals_to_take
from app.services.work.task import ROLES, Task, signs_as
from workflows.relations import Relation as R
from workflows.words import _


def acts_to_take(act: Act) -> Iterator[Task]:
    """What a colleague proposed; only who holds an office is ever asked."""
    if not offices_of(act):
        return
    for thing, row in proposals_to_take(act):
        role = ROLES[R.CALL_MANAGER] if R.CALL_MANAGER in row.by else ROLES[signs_as(act)]
        name = getattr(thing, "code", None) or getattr(thing, "number", None) or getattr(thing, "name", "")
        title = _("Do or refuse what a colleague proposed: {name}")
        yield Task(title, role, thing.__noun__, thing.id, {"name": name}, transition=row.name)
