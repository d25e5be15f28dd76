"""What happened to an application and its partners, told from their events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.access import can
from app.act import Act
from app.facts.membership import name_of_partner
from app.models import Application, Clarification, Event, LateException, Person, Remark
from app.services.calls.message import OF_THE_OFFICE
from workflows.exception import State as ExceptionState
from workflows.machines import MACHINES
from workflows.words import _

# Acts that are rows of no machine, as the history tells them.
OTHER_ACTS = {
    "create": _("started"),
    "save_basics": _("facts about the project changed"),
    "give_facts": _("part changed"),
    "bind_organisation": _("organisation named"),
    "remind": _("reminded"),
    "name_deputy": _("deputy named"),
    "name_helper": _("helper named"),
    "name_contact": _("contact person named"),
    "end_deputy": _("deputy's part ended"),
    "end_helper": _("helper's part ended"),
    "hand_over": _("coordination handed over"),
    "take_over": _("coordination taken over by a deputy"),
    "appoint_coordinator": _("coordinator named by the office"),
    "remind_by_clock": _("reminded"),
    "remind_of_award_documents": _("reminded of documents after the award"),
    "accept_charter": _("charter accepted"),
    "refuse_charter": _("charter not accepted"),
    "agree_beforehand": _("changes agreed to beforehand"),
    "take_agreement_back": _("agreement to changes taken back"),
    "let_office_look": _("office let into the draft for 24 hours"),
    "end_look": _("draft closed to the office again"),
    "ask_signatory": _("signature asked for"),
    "sign_mandate": _("declaration signed"),
    "upload_mandate": _("signed declaration uploaded"),
    "write_message": _("message written"),
    "look_again": _("changes of the call looked at"),
    "save_answers": _("clarification written"),
}

BEGUN = {
    ("membership", "create"): _("invited"),
    ("exception", "create"): _("later deadline asked for"),
    ("clarification", "create"): _("clarification asked for"),
}


@dataclass(frozen=True)
class Told:
    """One event, told in the past; `about` names the partner where it is about one."""

    what: str
    about: str
    who: str
    at: Any
    remark: str


def history_of(act: Act, application: Application) -> list[Told]:
    """Tell what happened to the application and its partners, newest first."""
    names = {member.id: name_of_partner(member) for member in application.memberships}
    things = [application.id, *names, *_beside(act, application)]
    query = select(Event).where(Event.thing_id.in_(things)).order_by(Event.at.desc(), Event.number.desc())
    notes = can(act, "application.view_notes", application)
    found = (event for event in act.session.scalars(query) if notes or not _is_note(event))
    events = [event for event in found if not _undecided(act, event)]
    wanted = {event.actor_id for event in events if event.actor_id}
    people = {p.id: p.name for p in act.session.scalars(select(Person).where(Person.id.in_(wanted)))}
    texts = _remarks(act, events)
    return [
        Told(_past(e), names.get(e.thing_id, ""), people.get(e.actor_id or "", ""), e.at, texts.get(e.id, ""))
        for e in events
    ]


def _beside(act: Act, application: Application) -> list[str]:
    """Later deadlines and clarifications are part of the application's own history."""
    return [
        thing_id
        for model in (LateException, Clarification)
        for thing_id in act.session.scalars(select(model.id).where(model.application_id == application.id))
    ]


def _is_note(event: Event) -> bool:
    """A note of the office: that there is one is not for those it is about."""
    return event.name == "write_message" and event.data.get("kind") in OF_THE_OFFICE


def _undecided(act: Act, event: Event) -> bool:
    """A later deadline that one person proposed and no other has approved is not told yet."""
    if (event.noun, event.name) != ("exception", "propose"):
        return False
    return act.session.get_one(LateException, event.thing_id).state is ExceptionState.PROPOSED


def _past(event: Event) -> str:
    if (event.noun, event.name) in BEGUN:
        return BEGUN[event.noun, event.name]
    known = MACHINES[event.noun].words.get(event.name)
    return known.past if known else OTHER_ACTS.get(event.name, event.name.replace("_", " "))


def _remarks(act: Act, events: Sequence[Event]) -> dict[str, str]:
    named = {
        event.id: value["remark"]
        for event in events
        for value in event.data.values()
        if isinstance(value, dict) and "remark" in value
    }
    rows = act.session.scalars(select(Remark).where(Remark.id.in_(named.values())))
    texts = {row.id: row.text or "" for row in rows}
    return {event_id: texts.get(remark_id, "") for event_id, remark_id in named.items()}
