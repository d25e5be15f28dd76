"""Interests found by the system, kept with their paths: what was dismissed once stays so until its facts change.

A direct tie bars the pair at once. A soft one only suspends: a call manager decides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from sqlalchemy import select

from app.act import Act
from app.models import Application, Conflict, Person
from app.services.conflicts.conflict_facts import applied, belongings_of
from app.services.conflicts.conflict_ties import Tie, ties_between
from app.services.reason_json import reason_to_json

__all__ = ["Tie", "find_all", "find_conflicts", "ties_between", "ties_of"]


def ties_of(act: Act, application: Application, people: Iterable[Person]) -> dict[str, list[Tie]]:
    """Find what ties each of several people to an application, without storing anything; by the person's id."""
    everything = applied(act)
    target = everything[application.id]
    return {key: ties_between(mine, target, everything) for key, mine in belongings_of(act, people).items()}


def find_conflicts(act: Act, application: Application, person: Person) -> list[Conflict]:
    """Store what is found between a person and an application; give all findings that stand, declared ones included."""
    return find_all(act, [(application.id, person)])[application.id, person.id]


def find_all(act: Act, pairs: Collection[tuple[str, Person]]) -> dict[tuple[str, str], list[Conflict]]:
    """Store what is found between people and applications, given by id; all that stands, by pair.

    A finding that rests on the same facts keeps what was decided on it; one whose facts are gone is closed by the
    system, and opened again if they come back. The number of queries does not depend on the number of pairs.
    """
    everything = applied(act)
    mine = belongings_of(act, {person.id: person for _application, person in pairs}.values())
    stored = _stored(act, pairs)
    for application_id, person in pairs:
        ties = ties_between(mine[person.id], everything[application_id], everything)
        _reconcile(act, (application_id, person.id), ties, stored[application_id, person.id])
    act.session.flush()
    standing = {(application, person.id): stored[application, person.id] for application, person in pairs}
    return {pair: [one for one in found if one.dismissed_at is None] for pair, found in standing.items()}


def _stored(act: Act, pairs: Collection[tuple[str, Person]]) -> defaultdict[tuple[str, str], list[Conflict]]:
    found: defaultdict[tuple[str, str], list[Conflict]] = defaultdict(list)
    query = (
        select(Conflict)
        .where(
            Conflict.application_id.in_({application for application, _person in pairs}),
            Conflict.person_id.in_({person.id for _application, person in pairs}),
        )
        .order_by(Conflict.found_at, Conflict.id)
    )
    for conflict in act.session.scalars(query):
        found[conflict.application_id, conflict.person_id].append(conflict)
    return found


def _reconcile(act: Act, pair: tuple[str, str], ties: list[Tie], stored: list[Conflict]) -> None:
    by_facts = {tie.facts: tie for tie in ties}
    by_path = {repr([reason_to_json(step) for step in tie.path]): tie for tie in ties}
    for conflict in stored:
        if conflict.declared:
            continue
        # What was kept before there were digests is known by its path.
        tie = by_facts.get(conflict.facts) if conflict.facts else by_path.get(repr(conflict.path))
        if tie is None:
            conflict.dismissed_at = conflict.dismissed_at or act.now  # by nobody: the facts have changed
            continue
        by_facts.pop(tie.facts, None)
        conflict.facts, conflict.alike, conflict.grade = tie.facts, tie.alike, tie.grade
        conflict.path = [reason_to_json(step) for step in tie.path]
        if conflict.dismissed_by is None:
            conflict.dismissed_at = None
    for tie in by_facts.values():
        conflict = _kept(act, pair, tie)
        act.session.add(conflict)
        stored.append(conflict)


def _kept(act: Act, pair: tuple[str, str], tie: Tie) -> Conflict:
    return Conflict(
        id=act.new_id(),
        application_id=pair[0],
        person_id=pair[1],
        kind=tie.kind,
        strength=tie.strength,
        grade=tie.grade,
        declared=False,
        path=[reason_to_json(step) for step in tie.path],
        facts=tie.facts,
        alike=tie.alike,
        found_at=act.now,
    )
