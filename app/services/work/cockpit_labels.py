"""What labels of a call wait for: an offer or a charter that nobody answers, a place on the award list that is free."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.access import can
from app.act import Act
from app.facts.membership import name_of_partner
from app.models import Call, CharterWord, Decision, Label, Membership, Part, Participant, Person, Role
from app.services.calls.call import definition_of
from app.services.deciding.reserve import Reserve, reserves_of
from app.services.labels.charter import terms_of
from app.services.work.cockpit_needs import NAMES_SHOWN, Line
from app.services.work.reached import Reached
from workflows.label import ENDED_STATES, NOT_TAKEN, State
from workflows.membership import COUNTED
from workflows.verdict import Reason
from workflows.words import _, plural

NEAR = timedelta(days=7)  # before the last day, as the first reminder
OFFER_OPEN = _("{acronym}: the coordinator has not answered the offer of the label")
SILENT = plural(
    "{acronym}: {n} partner has not answered the charter of the label",
    "{acronym}: {n} partners have not answered the charter of the label",
)
MORE = plural(
    "Partners of {n} more application have not answered the charter of its label",
    "Partners of {n} more applications have not answered the charter of their labels",
)
MOVES_UP = _("{acronym} can move up from the reserve list: {left} left {currency} {money} free")
Contacts = Mapping[str, Sequence[str]]  # names of persons, by membership; coordinators by application


def label_needs(act: Act, call: Call, known: Sequence[Reached]) -> Iterator[Line]:
    """Tell who is silent near or past the last day, and which award is free; a fixed number of queries."""
    titles = {one.id: one.title for one in known}
    near = select(Label).where(
        Label.call_id == call.id, Label.state.not_in(ENDED_STATES), Label.accept_by <= act.now + NEAR
    )
    labels = [
        label
        for label in act.session.scalars(near.order_by(Label.accept_by, Label.id))
        if label.application_id in titles
    ]
    if labels:
        yield from _silent(act, call, labels, titles)
    yield from _free_places(act, call, titles)


def _silent(act: Act, call: Call, labels: Sequence[Label], titles: Mapping[str, str]) -> Iterator[Line]:
    quiet = _without_word(act, labels) if terms_of(labels[0]).charter else {}
    waiting = [one for one in labels if one.state is State.OFFERED or quiet.get(one.id)]
    contacts = _contacts(act, [one.application_id for one in waiting[:NAMES_SHOWN]])
    for label in waiting[:NAMES_SHOWN]:
        yield from _of_label(act, label, titles[label.application_id], quiet.get(label.id, ()), contacts)
    if more := waiting[NAMES_SHOWN:]:
        where = {"call_id": call.id, "of": "applications", "state": "awarded"}
        since, overdue = more[0].accept_by, more[0].accept_by <= act.now
        yield Line(Reason("more-silent", MORE, {"n": len(more)}), "", "office_list.show", where, since, overdue)


def _of_label(act: Act, label: Label, title: str, quiet: Sequence[Membership], contacts: Contacts) -> Iterator[Line]:
    late = label.accept_by <= act.now
    since, where = label.accept_by if late else label.created_at, {"label_id": label.id}
    if label.state is State.OFFERED:
        said = Reason("offer-open", OFFER_OPEN, {"acronym": title})
        yield Line(said, ", ".join(contacts.get(label.application_id, ())), "label.show", where, since, late)
    partners = [one for one in quiet if one.role is not Role.COORDINATOR]
    if partners:
        said = Reason("silent-charter", SILENT, {"acronym": title, "n": len(partners)})
        names = (_named(one, contacts.get(one.id, ())) for one in partners[:NAMES_SHOWN])
        yield Line(said, ", ".join(names), "label.show", where, since, late)


def _named(member: Membership, people: Sequence[str]) -> str:
    return f"{name_of_partner(member)} ({', '.join(people)})" if people else name_of_partner(member)


def _without_word(act: Act, labels: Sequence[Label]) -> dict[str, list[Membership]]:
    """Give the partners that said nothing to the charter, by label."""
    query = (
        select(Label.id, Membership)
        .join(Membership, Membership.application_id == Label.application_id)
        .outerjoin(CharterWord, (CharterWord.label_id == Label.id) & (CharterWord.membership_id == Membership.id))
        .where(Label.id.in_([one.id for one in labels]), Membership.state.in_(COUNTED), CharterWord.id.is_(None))
        .options(joinedload(Membership.organisation))
        .order_by(Membership.position, Membership.id)
    )
    found: dict[str, list[Membership]] = defaultdict(list)
    for label, member in act.session.execute(query):
        found[label].append(member)
    return found


def _contacts(act: Act, applications: Iterable[str]) -> dict[str, list[str]]:
    """Name the contact persons of each membership, and the coordinator of each application."""
    query = (
        select(Participant.application_id, Participant.membership_id, Participant.part, Person.name)
        .join(Person, Person.id == Participant.person_id)
        .where(Participant.application_id.in_(list(applications)), Participant.until.is_(None))
        .where(Participant.part.in_([Part.COORDINATOR, Part.CONTACT]))
        .order_by(Person.name, Person.id)
    )
    found: dict[str, list[str]] = defaultdict(list)
    for application, membership, part, name in act.session.execute(query):
        found[application if part is Part.COORDINATOR else membership or ""].append(name)
    return found


def _free_places(act: Act, call: Call, titles: Mapping[str, str]) -> Iterator[Line]:
    """Name who is next where an award is not taken: somebody has to propose it."""
    not_taken = select(Label.application_id, Label.last_act_at).where(
        Label.call_id == call.id, Label.state.in_(NOT_TAKEN)
    )
    gone = {application: since for application, since in act.session.execute(not_taken)}  # noqa: C416 - rows, not pairs
    decision = act.session.scalar(select(Decision).where(Decision.call_id == call.id)) if gone else None
    if decision is None or not can(act, "decision.propose_advance", decision):
        return
    budget = definition_of(call).budget
    for reserve in reserves_of(act, call):
        upcoming = next((one for one in reserve.waiting if one.against and one.proposed is None), None)
        if upcoming is None or not reserve.freed or upcoming.application.id not in titles:
            continue
        params = {
            "acronym": titles[upcoming.application.id],
            "currency": budget.currency if budget else "EUR",
            "money": reserve.freed_money,
            "left": ", ".join(_left(reserve, titles)),
        }
        people = _contacts(act, [upcoming.application.id]).get(upcoming.application.id, ())
        since = min(gone[one.application.id] for one in reserve.freed)
        yield Line(
            Reason("moves-up", MOVES_UP, params), ", ".join(people), "advance.of_decision",
            {"decision_id": decision.id}, since,
        )  # fmt: skip


def _left(reserve: Reserve, titles: Mapping[str, str]) -> list[str]:
    """Name those that do not take their award."""
    return [titles[one.application.id] for one in reserve.freed if one.application.id in titles]
