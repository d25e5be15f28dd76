"""On suspicion of a leak: an evaluation that stands still, and who read what of it and when."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import CompoundSelect, select, union_all

from app.access import visible
from app.act import Act
from app.models import (
    Application,
    Assessment,
    Assignment,
    Call,
    Check,
    Clarification,
    Consensus,
    Document,
    File,
    Person,
    Reading,
)
from app.services.accounts.sign_in import end_sign_ins
from app.services.history import Happened, history_of
from app.services.labels.register import harmless
from app.services.transitions import Done
from workflows.assignment import State
from workflows.words import _

MOST = 5000  # lines of the list; the record itself has no end
WHAT = MappingProxyType(
    {
        "application": _("Application"),
        "assessment": _("Report"),
        "check": _("Formal check"),
        "clarification": _("Clarification"),
        "consensus": _("Consensus"),
        "document": _("Document"),
        "file": _("File"),
    }
)
_PARTS: tuple[Any, ...] = (Assessment, Check, Clarification, Consensus, Document, File)


@dataclass(frozen=True)
class Read:
    """Somebody opened something confidential."""

    person: str
    email: str
    relation: str
    noun: str
    thing_id: str
    application: Application
    at: datetime


def end_experts_sign_ins(act: Act, call: Call, _done: Done) -> None:
    """End the sign-ins of everybody who has, or had, a task in the call."""
    tasks = select(Assignment.person_id).join(Application, Application.id == Assignment.application_id)
    of_call = tasks.where(Application.call_id == call.id, Assignment.state != State.DRAFT)
    for person in act.session.scalars(select(Person).where(Person.id.in_(of_call)).order_by(Person.id)):
        end_sign_ins(act, person)


def readings_of(act: Act, call: Call) -> list[Read]:
    """Tell who read what of the applications of the call that the person may know all of, newest first."""
    things = _things(act, call).subquery()
    query = (
        select(Reading, Person, Application)
        .join(things, things.c.thing == Reading.thing_id)
        .join(Application, Application.id == things.c.application)
        .join(Person, Person.id == Reading.person_id)
        .order_by(Reading.at.desc(), Reading.id)
        .limit(MOST)
    )
    return [
        Read(person.name, person.email, one.relation, one.noun, one.thing_id, application, one.at)
        for one, person, application in act.session.execute(query)
    ]


def _things(act: Act, call: Call) -> CompoundSelect[Any]:
    """Everything that belongs to an application of the call: whoever is tied to one reads nothing of it here."""
    seen = visible(act, Application, "application.view_evaluation").where(Application.call_id == call.id)
    ids = seen.with_only_columns(Application.id)
    of_parts = (
        select(part.id.label("thing"), part.application_id.label("application")).where(part.application_id.in_(ids))
        for part in _PARTS
    )
    own = seen.with_only_columns(Application.id.label("thing"), Application.id.label("application"))
    return union_all(own, *of_parts)


def readings_as_csv(readings: Iterable[Read]) -> str:
    """Write the list, a line for each reading; times in UTC."""
    target = io.StringIO()
    lines = csv.writer(target)
    lines.writerow(["at", "name", "email", "relation", "what", "id", "application"])
    for one in readings:
        cells = (one.person, one.email, one.relation, one.noun, one.thing_id, one.application.number)
        lines.writerow([one.at.isoformat(), *map(harmless, cells)])
    return target.getvalue()


def frozen_story(act: Act, call: Call) -> Sequence[Happened]:
    """When the evaluation was frozen and went on, by whom and why, newest first."""
    return history_of(act, call, names=("freeze_evaluation", "thaw_evaluation"), people=True)
