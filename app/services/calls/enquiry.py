"""Questions about a call: asked, answered, published without names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.access import can, visible
from app.act import Act
from app.models import Call, Enquiry
from app.services.calls.call import definition_of
from app.services.organisations.names import fold
from app.services.permitted import relation_for
from app.services.transitions import Done, Refused, create
from workflows.definition import CallDefinition
from workflows.enquiry import WAITING, State
from workflows.verdict import Reason, refuse
from workflows.words import _

LONGEST = 4000  # characters of a question


def questions_until(call: Call, definition: CallDefinition) -> datetime:
    """Until when questions may be asked: the call's own day for it, else its deadline."""
    return min(definition.timetable.questions_until_at or call.closes_at, call.closes_at)


def ask(act: Act, call: Call, text: str, clause: str = "") -> Enquiry:
    """Ask the office about a call, or about one part of it. Raises `Refused` when the time for questions is over."""
    relation = relation_for(act, "call.ask", call)
    definition = definition_of(call)
    if act.now >= questions_until(call, definition):
        raise Refused(refuse("questions-closed", _("The time for questions about this call is over.")))
    if act.person is None:
        raise LookupError("a question is asked by a person")
    known = {place.code for place in places_of(definition)}
    enquiry = Enquiry(
        call=call, asker_id=act.person.id, clause=clause if clause in known else "", text=text, wording=text
    )
    enquiry.asker = act.person
    create(act, enquiry, relation=relation, data={"call": call.id})
    return enquiry


def answer_enquiry(_act: Act, enquiry: Enquiry, done: Done) -> None:
    """Keep the answer, and the question in the words that name nobody."""
    enquiry.wording, enquiry.answer = str(done.data["wording"]), str(done.data["answer"])


# -- what a question may be about ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """A part of the call: its code, its name, and where it stands on the call's page."""

    code: str
    name: Reason
    anchor: str


def places_of(definition: CallDefinition) -> tuple[Place, ...]:
    """The parts of a call that a question may be tied to, in the order of its page."""
    fixed = [
        ("timetable", _("Timetable"), True),
        ("who", _("Who can take part"), True),
        ("rules", _("Rules"), bool(definition.rules)),
        ("money", _("Money and length"), bool(definition.budget or definition.months)),
    ]
    later = [
        ("documents", _("Documents"), bool(definition.documents)),
        ("criteria", _("How applications are scored"), bool(definition.criteria)),
        ("label", _("The label"), definition.label_terms is not None),
        ("declarations", _("What you declare"), bool(definition.declarations or definition.exclusions)),
    ]
    parts = [
        Place(f"section:{s.id}", Reason("section", _("Form: {title}"), {"title": s.title}), "questions")
        for s in definition.sections
    ]
    before, after = (
        [Place(code, Reason(code, name), code) for code, name, there in group if there] for group in (fixed, later)
    )
    return (*before, *parts, *after)


# -- lists ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class EnquiryLine:
    enquiry: Enquiry
    place: Place | None


@dataclass(frozen=True)
class EnquiryPage:
    """The questions of one call: what everybody reads, one's own, and what waits for the office, oldest first."""

    published: tuple[EnquiryLine, ...]
    mine: tuple[EnquiryLine, ...]
    waiting: tuple[EnquiryLine, ...]
    all_published: int
    places: tuple[tuple[Place, int], ...]  # with published questions, counted
    until: datetime
    may_ask: bool


def enquiries_of(act: Act, call: Call, words: str = "", clause: str = "") -> EnquiryPage:
    """Everything the person may read of the questions about a call, searched by words and part."""
    definition = definition_of(call)
    places = {place.code: place for place in places_of(definition)}
    query = visible(act, Enquiry, "enquiry.view").where(Enquiry.call_id == call.id)
    found = act.session.scalars(query.order_by(Enquiry.created_at, Enquiry.id)).all()
    public = [one for one in found if one.state is State.PUBLISHED]
    chosen = [one for one in public if _speaks_of(one, words) and clause in ("", one.clause)]
    chosen.sort(key=lambda one: (one.published_at or one.created_at, one.id), reverse=True)
    until = questions_until(call, definition)
    office = can(act, "call.prepare_change", call) or can(act, "call.manage", call)
    return EnquiryPage(
        published=tuple(EnquiryLine(one, places.get(one.clause)) for one in chosen),
        mine=tuple(EnquiryLine(one, places.get(one.clause)) for one in found if one.asker_id == act.person_id),
        waiting=tuple(EnquiryLine(one, places.get(one.clause)) for one in found if office and one.state in WAITING),
        all_published=len(public),
        places=tuple((p, n) for p in places.values() if (n := sum(one.clause == p.code for one in public))),
        until=until,
        may_ask=act.now < until and can(act, "call.ask", call),
    )


def _speaks_of(enquiry: Enquiry, words: str) -> bool:
    text = fold(f"{enquiry.wording} {enquiry.answer}")
    return all(word in text for word in fold(words).split())


def place_of(enquiry: Enquiry) -> Place | None:
    """The part of the call the question is about; None where it is about none, or the part is gone."""
    return next((p for p in places_of(definition_of(enquiry.call)) if p.code == enquiry.clause), None)


def published_questions(act: Act, call: Call) -> tuple[Enquiry, ...]:
    """Published questions, newest first: for the page of the call."""
    query = visible(act, Enquiry, "enquiry.view").where(Enquiry.call_id == call.id, Enquiry.state == State.PUBLISHED)
    return tuple(act.session.scalars(query.order_by(Enquiry.published_at.desc(), Enquiry.id)))


def waiting_questions(act: Act, call: Call) -> list[Enquiry]:
    """Questions nobody has answered or published yet, oldest first; none for whoever may not answer them."""
    query = visible(act, Enquiry, "enquiry.answer").where(Enquiry.call_id == call.id, Enquiry.state.in_(WAITING))
    return list(act.session.scalars(query.order_by(Enquiry.created_at, Enquiry.id)))


def calls_with_waiting_questions(act: Act) -> dict[str, int]:
    """How many questions wait, by id of the call, for whoever answers them."""
    query = visible(act, Enquiry, "enquiry.answer").where(Enquiry.state.in_(WAITING)).with_only_columns(Enquiry.call_id)
    counts: dict[str, int] = {}
    for call_id in act.session.scalars(query):
        counts[call_id] = counts.get(call_id, 0) + 1
    return counts
