"""Applications that are evaluated, decisions, labels: for tests of what comes after the evaluation."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select, update

from app.act import Act
from app.documents.renderer import Renderer
from app.models import (
    AgreedScore,
    Application,
    Call,
    Consensus,
    Decision,
    Document,
    Label,
    Membership,
    Part,
    Participant,
    Person,
    Role,
    SubmittedVersion,
)
from app.services.applications.canonical import canonical, content_of, digest_of
from app.services.deciding import decision as decisions
from app.services.documents.document_making import Made, finish_document, print_document
from app.services.transitions import create, perform
from app.store import Store
from tests.support.world import AFTER_CLOSING, World
from workflows import application as application_states
from workflows import consensus as consensus_states
from workflows import membership as membership_states
from workflows.relations import Relation as R

GOOD = {"C1": "27", "C2": "25.5", "C3": "26", "C4": "8"}
FAIR = {"C1": "24", "C2": "21", "C3": "20", "C4": "7"}
WEAK = {"C1": "14", "C2": "18", "C3": "12", "C4": "6"}
PLACES = (("IT", "ITC4"), ("EL", "EL52"), ("BG", "BG41"))


class Office:
    """A closed call with the people who decide on it."""

    def __init__(self, world: World, **options: Any) -> None:
        self.world = world
        self.call = world.call(**options)
        world.now = AFTER_CLOSING
        with world.act() as act:
            perform(act, act.session.get_one(Call, self.call.id), "close", by=R.CLOCK)
        self.manager = world.person("Mona Manager", None, R.CALL_MANAGER)
        self.director = world.person("Pat Programme", None, R.PROGRAMME_MANAGER)
        self.other_director = world.person("Dora Director", None, R.PROGRAMME_MANAGER)

    def application(
        self, acronym: str, scores: dict[str, str], *, grant: int = 300_000, lead: Person | None = None, **facts: Any
    ) -> Application:
        """An evaluated application with three partners and an approved consensus, put there without its evaluation."""
        world = self.world
        lead = lead or world.person(f"Lea {acronym}")
        organisations = [world.organisation(f"{acronym} cluster {country}", lead if not place else world.person(), published=False, country=country.replace("EL", "GR"), region=region)
                         for place, (country, region) in enumerate(PLACES)]  # fmt: skip
        with world.act(lead) as act:
            given = {
                "title": f"{acronym}: clusters invest together",
                "theme": "digital-transformation",
                "starts_on": date(2018, 10, 1),
                "months": 24,
            } | facts
            application = Application(
                call_id=self.call.id,
                number=f"A-{acronym}"[:20],
                acronym=acronym,
                requested_grant=Decimal(grant),
                **given,
            )
            create(act, application, relation=R.SIGNED_IN)
            for place, organisation in enumerate(organisations):
                self._member(act, application, organisation.id, place, lead if not place else None)
            self._consensus(act, application, scores)
            act.session.execute(
                update(Application)
                .where(Application.id == application.id)
                .values(state=application_states.State.EVALUATED)
            )
        return application

    def _member(
        self, act: Act, application: Application, organisation_id: str, place: int, lead: Person | None
    ) -> None:
        country, region = PLACES[place]
        member = Membership(
            application_id=application.id,
            organisation_id=organisation_id,
            position=place,
            role=Role.COORDINATOR if lead else Role.PARTNER,
            kinds=["cluster_organisation"],
            country=country.replace("EL", "GR"),
            region=region,
        )
        create(act, member, relation=R.COORDINATOR)
        act.session.execute(
            update(Membership).where(Membership.id == member.id).values(state=membership_states.State.ACCEPTED)
        )
        if lead:
            act.session.add(
                Participant(
                    id=act.new_id(),
                    application_id=application.id,
                    membership_id=member.id,
                    person_id=lead.id,
                    part=Part.COORDINATOR,
                    since=act.now,
                )
            )

    def _consensus(self, act: Act, application: Application, scores: dict[str, str]) -> None:
        consensus = Consensus(application_id=application.id)
        create(act, consensus, relation=R.CALL_MANAGER)
        for code, points in scores.items():
            act.session.add(
                AgreedScore(
                    id=act.new_id(),
                    consensus_id=consensus.id,
                    criterion=code,
                    points=Decimal(points),
                    reasons=f"{application.acronym} on {code}",
                    saved_at=act.now,
                )
            )
        act.session.execute(
            update(Consensus).where(Consensus.id == consensus.id).values(state=consensus_states.State.APPROVED)
        )

    def submitted(self, application: Application, **changes: Any) -> None:
        """Put a submitted version beside the application, with other fields than it has now."""
        with self.world.act(self.lead_of(application)) as act:
            content = content_of(act, act.session.get_one(Application, application.id)) | changes
            text = canonical(content)
            given = {"files": [], "persons": {}, "submitted_by": act.person_id, "received_at": self.call.opens_at}
            version = SubmittedVersion(
                id=act.new_id(), application_id=application.id, number=1, canonical=text, sha256=digest_of(text),
                deadline=self.call.closes_at, **given,
            )  # fmt: skip
            act.session.add(version)

    @contextmanager
    def deciding(self, person: Person, **options: Any) -> Iterator[tuple[Act, Decision]]:
        with self.world.act(person, **options) as act:
            decision = decisions.decision_on(act, act.session.get_one(Call, self.call.id))
            assert decision is not None
            yield act, decision

    def start(self) -> None:
        with self.world.act(self.manager) as act:
            decisions.start_decision(act, act.session.get_one(Call, self.call.id))

    def take(self, person: Person, name: str, data: dict[str, Any] | None = None, **options: Any) -> None:
        with self.deciding(person, **options) as (act, decision):
            perform(act, decision, name, data)

    def release(self) -> None:
        """Propose, sign and release, each by its person."""
        self.start()
        self.take(self.manager, "propose")
        self.take(self.director, "sign")
        self.take(self.director, "release")

    def label_of(self, application: Application) -> Label:
        with self.world.look() as act:
            label = act.session.scalar(select(Label).where(Label.application_id == application.id))
            assert label is not None
            return label

    def label_again(self, label: Label) -> Label:
        with self.world.look() as act:
            return act.session.get_one(Label, label.id)

    def accept(self, application: Application) -> Label:
        lead_id = self.lead_of(application)
        with self.world.act(lead_id) as act:
            perform(act, act.session.get_one(Label, self.label_of(application).id), "accept", {"charter": True})
        return self.label_of(application)

    def lead_of(self, application: Application) -> Person:
        with self.world.look() as act:
            return act.session.scalars(
                select(Person)
                .join(Participant, Participant.person_id == Person.id)
                .where(Participant.application_id == application.id, Participant.part == Part.COORDINATOR)
            ).one()

    def make_documents(self, store: Store, renderer: Renderer, kind: str | None = None) -> None:
        with self.world.look() as act:
            wanted = select(Document.id).where(Document.made_at.is_(None))
            ids = list(act.session.scalars(wanted.where(Document.kind == kind) if kind else wanted))
        for document_id in ids:
            made = print_document(self.world.database, store, renderer, document_id)
            with self.world.act() as act:
                finish_document(act, document_id, made)

    def certify_without_printing(self) -> None:
        """Finish every certificate that waits as if it had been printed: for tests that look at no PDF."""
        with self.world.act() as act:
            wanted = select(Document).where(Document.made_at.is_(None), Document.kind == "certificate")
            for document in act.session.scalars(wanted).all():
                digest = hashlib.sha256(document.id.encode()).hexdigest()
                finish_document(act, document.id, Made(digest, digest, 1000))
