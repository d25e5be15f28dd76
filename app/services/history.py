"""What happened to a thing, told from its events: newest first, in the words of its machine."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.act import Act
from app.models import Event, Person, Remark
from workflows.machines import MACHINES
from workflows.words import _

# How a thing began, where "started" is not the word; and acts that are rows of no machine.
BEGUN = {
    "reply": _("sent"),
    "call": _("imported"),
    "enquiry": _("asked"),
    "introduction": _("asked for"),
    "exception": _("asked for"),
    "review": _("asked for"),
    "advance": _("proposed"),
    "clarification": _("asked for"),
}
OTHERS = {
    "prepare_change": _("change prepared"),
    "save_answers": _("answers written"),
    "name_member": _("committee member named"),
    "drop_member": _("committee member taken off"),
    "mark": _("scored anew"),
    "answer_check": _("refused check answered"),
    "mail_sent_again": _("mail sent again"),
    "told_otherwise": _("told otherwise than by mail"),
    "remind_of_charter": _("reminded of the charter"),
    "settle_finding": _("passage settled"),
    "word_letters": _("text of a letter changed"),
    "file_copy": _("signed copy filed"),
    "order_tie": _("order of equals recorded"),
    "edit_text": _("text anonymised"),
    "edit_file": _("file for evaluators chosen"),
    "leave_as_it_is": _("passages found to tell nothing"),
}
# Told to nobody from whom the office's persons are kept.
OF_THE_OFFICE = {
    "propose_act": _("proposed to a second person"),
    "take_act_back": _("proposal taken back"),
    "refuse_act": _("proposal refused by a second person"),
}


@dataclass(frozen=True)
class Happened:
    """One event. `what` is a message to translate; `who` is empty for the clock."""

    name: str
    what: str
    who: str
    at: datetime
    remark: str
    data: dict[str, Any]
    in_place_of: str = ""  # for whom a named stand-in did it
    proposed_by: str = ""  # who proposed an act that another person took


def history_of(act: Act, thing: Any, *, names: Collection[str] = (), people: bool = False) -> Sequence[Happened]:  # noqa: ANN401
    """Events of a thing, newest first; only those of `names` if given, and without persons unless asked for."""
    words = MACHINES[thing.__noun__].words
    query = select(Event).where(Event.noun == thing.__noun__, Event.thing_id == thing.id).order_by(Event.number.desc())
    events = [event for event in act.session.scalars(query) if not names or event.name in names]
    others = OTHERS | (OF_THE_OFFICE if people else {}) | {"create": BEGUN.get(thing.__noun__, _("started"))}
    known = {
        event.name: words[event.name].past if event.name in words else others.get(event.name, "") for event in events
    }
    return [_told(act, event, known[event.name], people=people) for event in events if known[event.name]]


def told_of(act: Act, event: Event) -> Happened:
    """Tell one event of a thing with a machine, and who did it."""
    return _told(act, event, MACHINES[event.noun].words[event.name].past, people=True)


def _told(act: Act, event: Event, what: str, *, people: bool) -> Happened:
    def named(person_id: str | None) -> str:
        person = act.session.get(Person, person_id) if people and person_id else None
        return person.name if person else ""

    data = dict(event.data)
    return Happened(
        event.name, what, named(event.actor_id), event.at, remark_in(act, event), data,
        named(data.get("in_place_of")), named(data.get("act_proposed_by")),
    )  # fmt: skip


def remark_in(act: Act, event: Event) -> str:
    """The free text supplied with the act; empty once erased."""
    for value in event.data.values():
        if isinstance(value, dict) and "remark" in value:
            remark = act.session.get(Remark, value["remark"])
            return (remark.text or "") if remark else ""
    return ""
