"""One thing to do, as "My work" lists it, and what its sources share."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.act import Act
from app.asker import offices_of
from app.matters import called
from app.models import Application
from workflows.relations import Relation as R
from workflows.words import Text, _


@dataclass(frozen=True)
class Task:
    """One thing to do: in words, in which role, by when, and where."""

    title: Text
    role: str
    noun: str
    thing_id: str
    params: dict[str, Any] = field(default_factory=dict)
    due: datetime | None = None
    endpoint: str = ""  # where the task has a page other than its thing's
    anchor: str = ""
    transition: str = ""  # where the task is the page of an act


ROLES = {
    R.COORDINATOR: _("as coordinator"),
    R.DEPUTY: _("as deputy of the coordinator"),
    R.PARTNER: _("as contact person of a partner"),
    R.HELPER: _("as helper"),
    R.INVITED: _("as invited partner"),
    R.AUTHOR: _("as author of an expression of interest"),
    R.EXPERT: _("as evaluator"),
    R.RAPPORTEUR: _("as lead evaluator"),
    R.REVIEWER: _("in the committee of a review"),
    R.CALL_MANAGER: _("as call manager"),
    R.PROGRAMME_MANAGER: _("as programme manager"),
    R.STAND_IN: _("as stand-in of a programme manager"),
    R.ADMINISTRATOR: _("as administrator of the service"),
    R.ORGANISATION_ADMINISTRATOR: _("as administrator of an organisation"),
    R.ORGANISATION_MEMBER: _("for your organisation"),
}


def signs_as(act: Act) -> R:
    """Say in which role somebody signs: in their own right, or in the place of somebody else."""
    return R.PROGRAMME_MANAGER if R.PROGRAMME_MANAGER in offices_of(act) else R.STAND_IN


def task_on(title: Text, role: R, thing: Any, *, due: datetime | None = None, **params: Any) -> Task:  # noqa: ANN401
    return Task(title, ROLES[role], thing.__noun__, thing.id, params, due)


def name_of_application(application: Application) -> str:
    """By its number where names are hidden: evaluators and committees know it by that one."""
    return called(application)


def own_name(application: Application) -> str:
    """What those call it who take part in it, also where its name is hidden from others."""
    return application.acronym or application.number or ""
