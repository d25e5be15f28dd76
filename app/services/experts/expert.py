"""The pool of experts: invited by the office; whoever accepts the code of conduct may be given applications."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from app.act import Act
from app.models import Assignment, Employer, Event, Expert, Person, Remark
from app.outbox import enqueue_mail
from app.services.accounts.person import holder_of, sign_up
from app.services.conflicts.conflict_finding import find_all
from app.services.organisations.names import fold
from app.services.permitted import relation_for
from app.services.transitions import Refused, note, remark
from workflows.assignment import LIVE
from workflows.conduct import VERSION
from workflows.verdict import refuse
from workflows.words import _


@dataclass(frozen=True, kw_only=True)
class EmployerEntry:
    """Where an expert works or worked; without days: now. `organisation_id` where it is in the directory."""

    name: str
    organisation_id: str | None = None
    domain: str = ""
    from_on: date | None = None
    until_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class More:
    """What else a profile says. `away` are first and last days of absences."""

    countries: Sequence[str] = ()
    evidence: str = ""
    sector: str = ""
    other_addresses: Sequence[str] = ()
    away: Sequence[tuple[date, date]] = ()

    def as_columns(self) -> dict[str, Any]:
        return {
            "countries": list(self.countries),
            "evidence": self.evidence,
            "sector": self.sector,
            "other_addresses": list(self.other_addresses),
            "away": sorted([first.isoformat(), last.isoformat()] for first, last in self.away),
        }


NO_MORE = More()


def expert_of(act: Act, person: Person) -> Expert | None:
    return act.session.scalar(select(Expert).where(Expert.person_id == person.id))


def invite_expert(
    act: Act,
    person: Person,
    *,
    country: str | None,
    languages: Sequence[str] = (),
    expertise: Sequence[str] = (),
    employers: Iterable[EmployerEntry] = (),
    most_tasks: int = 10,
    free_words: str = "",
    biography: str = "",
    more: More = NO_MORE,
) -> Expert:
    """Ask a person to evaluate; a mail brings them to the code of conduct. Raises `Refused` for who is in the pool."""
    relation = relation_for(act, "expert.invite", None)
    if expert_of(act, person) is not None:
        raise Refused(refuse("invited-already", _("{name} is in the pool already."), name=person.name))
    expert = Expert(
        id=act.new_id(),
        person_id=person.id,
        country=country,
        languages=list(languages),
        expertise=list(expertise),
        free_words=free_words,
        biography=biography,
        most_tasks=most_tasks,
        **more.as_columns(),
        invited_at=act.now,
        invited_by=act.person_id,
    )
    act.session.add(expert)
    act.session.flush()
    _set_employers(act, expert, employers)
    event = note(act, expert, "invite", relation=relation)
    about = {"noun": "expert", "thing": expert.id, "event": event.id}
    enqueue_mail(act, "expert_invited", person_id=person.id, address=person.email, about=about, key=event.id)
    return expert


def person_to_invite(act: Act, *, name: str, email: str) -> Person:
    """Find whose address this is, or make an account whose address its owner proves by the mail that goes out."""
    relation_for(act, "expert.invite", None)
    return holder_of(act, email) or sign_up(act, name=name, email=email, password_hash=None)


def accept_conduct(act: Act, expert: Expert) -> None:
    """Join the pool by accepting the code of conduct; only the expert can."""
    relation = relation_for(act, "expert.accept_conduct", expert)
    if expert.conduct_accepted_at is None or expert.conduct_version != VERSION:
        expert.conduct_accepted_at, expert.declined_at, expert.conduct_version = act.now, None, VERSION
        note(act, expert, "accept_conduct", relation=relation, data={"version": VERSION})


def decline(act: Act, expert: Expert, reason: str = "") -> None:
    """Leave the pool or stay out of it; tasks that were accepted stay until the office takes them back."""
    relation = relation_for(act, "expert.decline", expert)
    again = expert.declined_at is not None
    if not again:
        expert.declined_at, expert.conduct_accepted_at = act.now, None
    if reason or not again:  # what is said once more, from a second window, is read as well
        note(act, expert, "decline", relation=relation, data={"reason": remark(act, reason)} if reason else {})


def edit_expert(
    act: Act,
    expert: Expert,
    *,
    country: str | None,
    languages: Sequence[str],
    expertise: Sequence[str],
    employers: Iterable[EmployerEntry],
    most_tasks: int,
    free_words: str = "",
    biography: str = "",
    more: More | None = None,
) -> None:
    """Write a profile anew; employers are replaced by those given."""
    relation = relation_for(act, "expert.edit", expert)
    expert.country, expert.languages, expert.expertise = country, list(languages), list(expertise)
    expert.most_tasks, expert.free_words, expert.biography = most_tasks, free_words, biography
    for column, value in (more.as_columns() if more else {}).items():
        setattr(expert, column, value)
    _set_employers(act, expert, employers)
    note(act, expert, "edit", relation=relation)
    # What the profile says now may tie the expert to something they have already.
    tasks = select(Assignment).where(Assignment.person_id == expert.person_id, Assignment.state.in_(LIVE))
    find_all(act, [(task.application_id, expert.person) for task in act.session.scalars(tasks)])


def describe(act: Act, expert: Expert, *, gender: str) -> None:
    """Say of oneself what nobody else may say; empty: rather not."""
    relation = relation_for(act, "expert.describe", expert)
    expert.gender = gender
    note(act, expert, "describe", relation=relation)


def why_declined(act: Act, expert: Expert) -> str:
    """Give the reason with which the expert left the pool, for whoever may see the profile."""
    if expert.declined_at is None:
        return ""
    query = (
        select(Event)
        .where(Event.noun == "expert", Event.thing_id == expert.id, Event.name == "decline")
        .order_by(Event.number.desc())
    )
    for event in act.session.scalars(query):
        if isinstance(kept := event.data.get("reason"), dict):
            found = act.session.get(Remark, kept["remark"])
            return found.text or "" if found else ""
    return ""


def _set_employers(act: Act, expert: Expert, employers: Iterable[EmployerEntry]) -> None:
    for employer in list(expert.employers):
        act.session.delete(employer)
    for entry in employers:
        act.session.add(
            Employer(
                id=act.new_id(),
                expert_id=expert.id,
                organisation_id=entry.organisation_id,
                name=entry.name,
                name_folded=fold(entry.name),
                domain=entry.domain,
                from_on=entry.from_on,
                until_on=entry.until_on,
            )
        )
    act.session.flush()
    act.session.expire(expert, ["employers"])
