"""A call with many applications in the middle of their evaluation: one is brought there by the services, then copied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, insert, select

from app.act import Act
from app.chance import new_id
from app.models import (
    Application,
    Assessment,
    Assignment,
    Base,
    Check,
    Consensus,
    Event,
    Membership,
    Organisation,
    OrganisationMember,
    Participant,
    Person,
    Score,
    ScoreChange,
    SubmittedVersion,
)
from tests.support.evaluation import Evaluation
from tests.support.world import World

READERS = ("Eva Expert", "Finn Expert")
TASKS_EACH = 8  # of one evaluator, in the copies
UNIQUE = {"application": "number", "person": "email_folded", "event": "hash"}
AT_ONCE = 200  # applications


class Crowd(Evaluation):
    """One application with its checks recorded, one report in and one late, and as many copies of it."""

    def __init__(self, world: World, number: int) -> None:
        super().__init__(world)
        self.first = self.application("FIRST")
        self.close()
        self.admit(self.first)
        self.readers = [self.expert(name) for name in READERS]
        tasks = [self.task(self.first, person, rapporteur=not n) for n, person in enumerate(self.readers)]
        self.score(tasks[0], "4", "20")
        self.score(tasks[1], "2", "11")
        with world.act() as act:
            for task in act.session.scalars(select(Assignment)):
                task.due_at = world.now + timedelta(days=1)
        self.copies(number - 1)
        world.later(days=2)

    def copies(self, number: int) -> None:
        """Copy every row of the application, with new ids; evaluators are copied as well, a few for many of them."""
        world = self.world
        with world.look() as act:
            rows = {model: list(_rows(act, model, which)) for model, which in self._of_first(act).items()}
            people = [_rows(act, Person, Person.id == one.id)[0] for one in self.readers]
        pools = [[self._person(row, n) for n in range(max(1, number // TASKS_EACH))] for row in people]
        with world.act() as act:
            for pool in pools:
                act.session.execute(insert(Person.__table__), pool)
        for begin in range(0, number, AT_ONCE):
            made: dict[type[Base], list[dict[str, Any]]] = {model: [] for model in rows}
            for n in range(begin, min(begin + AT_ONCE, number)):
                readers = {row["id"]: pool[n % len(pool)]["id"] for row, pool in zip(people, pools, strict=True)}
                self._one(n, rows, readers, made)
            with world.act() as act:
                for model, values in made.items():
                    act.session.execute(insert(model.__table__), values)

    def _person(self, row: Mapping[str, Any], n: int) -> dict[str, Any]:
        changed = {
            "id": new_id(self.world.chance),
            "name": f"{row['name']} {n}",
            "email_folded": new_id(self.world.chance),
        }
        return {**row, **changed}

    def _one(
        self,
        n: int,
        rows: Mapping[type[Base], Sequence[Mapping[str, Any]]],
        readers: Mapping[str, str],
        made: dict[type[Base], list[dict[str, Any]]],
    ) -> None:
        ids = {row["id"]: new_id(self.world.chance) for values in rows.values() for row in values} | dict(readers)
        for model, values in rows.items():
            for row in values:
                copy = {key: ids.get(value, value) if isinstance(value, str) else value for key, value in row.items()}
                if (unique := UNIQUE.get(model.__tablename__)) is not None:
                    copy[unique] = new_id(self.world.chance)[:20]
                if model is Application:
                    copy["acronym"] = f"COPY-{n:04}"
                made[model].append(copy)

    def _of_first(self, act: Act) -> dict[type[Base], ColumnElement[bool]]:
        """Give what belongs to the application, in the order in which rows may be stored."""
        key = self.first.id
        mine = select(Participant.person_id).where(Participant.application_id == key)
        organisations = select(Membership.organisation_id).where(Membership.application_id == key)
        things: list[str] = [key]
        for model in (Membership, Check, Assignment, Assessment, Consensus):
            things += act.session.scalars(select(model.id).where(model.application_id == key))
        return {
            Person: Person.id.in_(mine),
            Organisation: Organisation.id.in_(organisations),
            OrganisationMember: OrganisationMember.organisation_id.in_(organisations),
            Application: Application.id == key,
            Membership: Membership.application_id == key,
            Participant: Participant.application_id == key,
            SubmittedVersion: SubmittedVersion.application_id == key,
            Check: Check.application_id == key,
            Assignment: Assignment.application_id == key,
            Assessment: Assessment.application_id == key,
            Score: Score.assessment_id.in_(select(Assessment.id).where(Assessment.application_id == key)),
            ScoreChange: ScoreChange.assessment_id.in_(select(Assessment.id).where(Assessment.application_id == key)),
            Consensus: Consensus.application_id == key,
            Event: Event.thing_id.in_(things),
        }


def _rows(act: Act, model: type[Base], which: ColumnElement[bool]) -> list[dict[str, Any]]:
    return [dict(row) for row in act.session.execute(select(model.__table__).where(which)).mappings()]
