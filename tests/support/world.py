"""A small world to act in: people, offices, organisations and calls, made by the services themselves where they exist."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from app.act import Act
from app.chance import Chance, new_id
from app.db import Database
from app.models import Call, OfficeHolding, Organisation, OrganisationMember, Person
from app.services.calls.call import import_call
from app.services.transitions import create, perform
from workflows.relations import Relation as R

CALLS = Path(__file__).resolve().parents[2] / "app" / "data" / "calls"
REAL = CALLS / "cos-clustpartns-2017-3-02.yaml"
REAL_EXPRESSIONS = CALLS / "eoi-2016.yaml"
WHILE_OPEN = datetime(2018, 2, 1, 12, tzinfo=UTC)  # the real call for proposals
AFTER_CLOSING = datetime(2018, 3, 9, 12, tzinfo=UTC)


class World:
    """Holds the database and the time that is given; every act is a transaction of its own."""

    def __init__(self, database: Database, chance: Chance, folder: Path) -> None:
        self.database, self.chance, self.folder = database, chance, folder
        self.now = WHILE_OPEN

    @contextmanager
    def act(self, person: Person | None = None, *, fresh: bool = True, act_id: str | None = None) -> Iterator[Act]:
        """Act as somebody; committed at the end, rolled back when it raises."""
        with self.database.writing() as session:
            me = session.get_one(Person, person.id) if person else None
            proved = self.now if fresh and me else None
            yield Act(session, self.now, self.chance, new_id(self.chance), me, proved, act_id)
            session.commit()

    @contextmanager
    def look(self, person: Person | None = None) -> Iterator[Act]:
        """Look without writing."""
        with self.database.reading() as session:
            me = session.get_one(Person, person.id) if person else None
            yield Act(session, self.now, self.chance, new_id(self.chance), me)

    def later(self, **by: float) -> datetime:
        self.now += timedelta(**by)
        return self.now

    def person(self, name: str = "Ana Silva", email: str | None = None, *offices: R) -> Person:
        """Somebody with a verified address, and perhaps offices."""
        address = email or f"{name.partition(' ')[0].lower()}-{new_id(self.chance)[:6]}@people.example"
        with self.act() as act:
            person = Person(
                id=act.new_id(), name=name, email=address, email_folded=address.casefold(),
                email_verified_at=self.now, created_at=self.now,
            )  # fmt: skip
            act.session.add(person)
            act.session.flush()
            for office in offices:
                holding = OfficeHolding(
                    id=act.new_id(), person_id=person.id, office=office, since=self.now - timedelta(days=999)
                )
                act.session.add(holding)
        return person

    def organisation(
        self, name: str = "Textile Cluster", *members: Person, published: bool = True, **facts: Any
    ) -> Organisation:
        """An organisation; its first member administers it."""
        given: dict[str, Any] = {
            "kinds": ["cluster_organisation"],
            "domains": [],
            "country": "IT",
            "region": "ITC1",
            "website": "https://www.cluster.example",
            "summary": "Firms of one trade that work together.",
        } | facts
        with self.act(members[0] if members else None) as act:
            organisation = Organisation(
                name=name, name_folded=name.casefold(), regions_served=[], themes=["textiles"], technologies=[],
                sectors=[], priorities=[], **given,
            )  # fmt: skip
            create(act, organisation, relation=R.SIGNED_IN)
            for place, person in enumerate(members):
                member = OrganisationMember(
                    id=act.new_id(), organisation_id=organisation.id, person_id=person.id, administrator=place == 0,
                    accepted=True, asked_at=self.now, answered_at=self.now,
                )  # fmt: skip
                act.session.add(member)
        if published:
            self.publish_profile(organisation, members[0] if members else None)
        return organisation

    def publish_profile(self, organisation: Organisation, administrator: Person | None) -> None:
        """Send a profile for validation and publish it."""
        if administrator is None:
            return
        manager = self.person("Mona Manager", None, R.CALL_MANAGER)
        with self.act(administrator) as act:
            perform(act, act.session.get_one(Organisation, organisation.id), "submit")
        with self.act(manager) as act:
            perform(act, act.session.get_one(Organisation, organisation.id), "publish")

    def call(self, path: Path = REAL, *, opened: bool = True, **options: Any) -> Call:
        """Import a real call; announced and opened by the clock unless told otherwise."""
        manager = self.person("Mona Manager", None, R.CALL_MANAGER)
        with self.act(manager) as act:
            call = import_call(act, path.read_bytes(), **options)
        if opened:
            with self.act(manager) as act:
                perform(act, act.session.get_one(Call, call.id), "announce")
            with self.act() as act:
                perform(act, act.session.get_one(Call, call.id), "open", by=R.CLOCK)
        return call
