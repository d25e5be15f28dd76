"""Interests in an anonymous call: the expert goes through all its organisations, the system finds what that bars."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.access import visible
from app.act import Act
from app.facts.membership import name_of_partner
from app.interest import on_the_list
from app.models import Application, Assignment, Call, Disclosure, DisclosureLine, Membership
from app.services.transitions import Done, Refused, create, perform
from workflows.disclosure import State
from workflows.relations import Relation as R
from workflows.verdict import refuse
from workflows.words import _


@dataclass(frozen=True)
class Listed:
    """One organisation of the list as the expert sees it."""

    key: str
    name: str
    country: str | None
    ticked: bool  # an interest in it was declared; that stays
    is_new: bool  # it was added since the expert went through the list


def organisations_of(act: Act, disclosure: Disclosure) -> list[Listed]:
    """Give every organisation that applies to the call, once, shuffled the same way each time this expert looks.

    The order follows from a digest of expert and organisation: it tells neither who came first nor who is together.
    """
    query = (
        select(Membership)
        .join(Application, Application.id == Membership.application_id)
        .where(Application.call_id == disclosure.call_id, on_the_list())
        .options(selectinload(Membership.organisation))
        .order_by(Membership.id)
    )
    known = {line.organisation: line.interest for line in disclosure.lines}
    found: dict[str, Listed] = {}
    for member in act.session.scalars(query):
        key = member.organisation_id or member.id
        is_new = bool(known) and key not in known
        found[key] = Listed(key, name_of_partner(member), member.country, known.get(key, False), is_new)
    return sorted(found.values(), key=lambda one: _shuffled(disclosure.id, one.key))


def _shuffled(disclosure_id: str, key: str) -> str:
    return hashlib.sha256(f"{disclosure_id} {key}".encode()).hexdigest()


def disclose(
    act: Act, disclosure: Disclosure, ticked: Collection[str], shown: Collection[str], *, secret: bool
) -> None:
    """Declare interests in the organisations ticked, of those the page showed. Raises `Refused`."""
    data = {"secret": secret, "organisations": sorted(set(ticked)), "shown": sorted(set(shown))}
    perform(act, disclosure, "disclose", data)


def note_interests(act: Act, disclosure: Disclosure, done: Done) -> None:
    """Write down the list that was gone through, and in whom there is an interest.

    Raises `Refused` if the list was not before the expert, or has grown since they opened it.
    """
    if "shown" not in done.data:
        raise Refused(refuse("list-missing", _("Go through the list on the page of your declaration.")))
    shown, ticked = set(done.data["shown"]), set(done.data["organisations"])
    listed = organisations_of(act, disclosure)
    if any(one.key not in shown for one in listed):
        raise Refused(refuse("list-grown", _("An organisation was added meanwhile: look through the list again.")))
    lines = {line.organisation: line for line in disclosure.lines}
    for one in listed:
        line = lines.get(one.key)
        if line is None:
            act.session.add(_line(act, disclosure, one, interest=one.key in ticked))
        elif one.key in ticked and not line.interest:
            line.interest, line.disclosed_at = True, act.now
    act.session.flush()
    act.session.expire(disclosure, ["lines"])


def _line(act: Act, disclosure: Disclosure, one: Listed, *, interest: bool) -> DisclosureLine:
    return DisclosureLine(
        id=act.new_id(),
        disclosure_id=disclosure.id,
        organisation=one.key,
        name=one.name[:300],
        interest=interest,
        disclosed_at=act.now,
    )


def ask_to_disclose(act: Act, assignment: Assignment, done: Done) -> None:
    """In an anonymous call the first task of an expert asks them to declare on the call's whole list."""
    call = assignment.application.call
    if not call.anonymous or disclosure_of(act, call, assignment.person_id) is not None:
        return
    disclosure = Disclosure(call_id=call.id, person_id=assignment.person_id)
    create(act, disclosure, relation=R.CASCADE, cause=done.event)


def disclosure_of(act: Act, call: Call, person_id: str | None) -> Disclosure | None:
    query = select(Disclosure).where(Disclosure.call_id == call.id, Disclosure.person_id == person_id)
    return act.session.scalar(query)


def disclosure_to_make(act: Act, assignment: Assignment) -> Disclosure | None:
    """Give the declaration that stands before this task, if it is still to be made."""
    found = disclosure_of(act, assignment.application.call, assignment.person_id)
    return found if found is not None and found.state is State.ASKED else None


def disclosures_to_make(act: Act) -> list[Disclosure]:
    """Give the calls on whose organisations the acting expert has to declare before anything else is shown."""
    query = (
        visible(act, Disclosure, "disclosure.disclose")
        .where(Disclosure.person_id == act.person_id, Disclosure.state == State.ASKED)
        .options(selectinload(Disclosure.call))
        .order_by(Disclosure.id)
    )
    return list(act.session.scalars(query))
