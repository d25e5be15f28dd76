"""Applications on their way through checks and evaluation, brought there by the services themselves."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select

from app.models import (
    Application,
    Assessment,
    Assignment,
    Call,
    Check,
    Consensus,
    Expert,
    Organisation,
    Person,
)
from app.services.applications.answers import save
from app.services.applications.application import save_basics, start_application
from app.services.assigning.assignment import assign
from app.services.consortia.membership import invite
from app.services.evaluating.assessment import save_score
from app.services.evaluating.consensus import save_agreed
from app.services.experts.expert import EmployerEntry, accept_conduct, invite_expert
from app.services.transitions import perform
from app.services.uploads.files import upload
from app.store import Store
from tests.support.beginnings import Begin
from tests.support.world import AFTER_CLOSING, World
from workflows.definition_quality import USUAL_POINTS
from workflows.relations import Relation as R

SMALL = Path(__file__).with_name("small_call.yaml")
POINTS = [point.code for point in USUAL_POINTS]  # of the quality check


class Evaluation:
    """A closed small call with a manager, and what a story needs of it."""

    def __init__(
        self, world: World, *, anonymous: bool | str = False, code: str = "small-call", more: str = ""
    ) -> None:
        self.world = world
        self.manager = world.person("Carla Manager", None, R.CALL_MANAGER)
        self.second = world.person("Dirk Manager", None, R.CALL_MANAGER)
        text = SMALL.read_text(encoding="utf-8").replace("code: small-call", f"code: {code}")
        path = world.folder / f"{code}.yaml"
        says = anonymous if isinstance(anonymous, str) else "anonymous: true"
        path.write_text((text.replace("anonymous: false", says) if anonymous else text) + more, encoding="utf-8")
        self.call: Call = world.call(path)

    def application(
        self, acronym: str = "SMARTEX", *partners: Organisation, summary: str = "", plan: bytes = b"", **facts: str
    ) -> Application:
        """Submit an application of an organisation of its own; `partners` were made with a member each."""
        world = self.world
        lead = world.person(f"Lead {acronym}", f"lead@{acronym.lower()}.example")
        organisation = world.organisation(f"{acronym} Cluster Organisation", lead, **facts)
        with world.act(lead) as act:
            call = act.session.get_one(Call, self.call.id)
            owner = act.session.get_one(Organisation, organisation.id)
            application = start_application(act, call, owner, acronym=acronym, title=f"{acronym} in full")
            save_basics(act, application, {"acronym": acronym, "title": f"{acronym} in full"})
            if summary:
                save(act, application, {"summary": summary}, {})
            if plan:
                upload(act, application, "plan", f"{acronym} plan.pdf", plan, store=self.store)
        for partner in partners:
            self._join(application, lead, partner)
        with world.act(lead) as act:
            perform(act, act.session.get_one(Application, application.id), "submit", {"declarations": ["none"]})
        return application

    @property
    def store(self) -> Store:
        return Store.from_url(f"file://{self.world.folder / 'files'}")

    def _join(self, application: Application, lead: Person, partner: Organisation) -> None:
        with self.world.act(lead) as act:
            owner = act.session.get_one(Organisation, partner.id)
            member = owner.people[0].person
            target = act.session.get_one(Application, application.id)
            membership = invite(act, target, email=member.email, organisation=owner)
        with self.world.act(member) as act:
            perform(act, act.session.get_one(type(membership), membership.id), "accept")

    def close(self) -> None:
        """Let the deadline pass: the clock locks what was sent."""
        self.world.now = max(self.world.now, AFTER_CLOSING)
        with self.world.act() as act:
            for application in act.session.scalars(select(Application).where(Application.state == "submitted")):
                perform(act, application, "lock", by=R.CLOCK)

    def admit(self, *applications: Application) -> None:
        """Confirm every check and admit."""
        for application in applications:
            with self.world.act(self.manager) as act:
                for check in act.session.scalars(select(Check).where(Check.application_id == application.id)):
                    met = check.proposed == "met"
                    perform(act, check, "confirm" if met else "override", {} if met else {"reason": "Settled."})
                perform(act, act.session.get_one(Application, application.id), "admit")

    def expert(
        self,
        name: str = "Eva Expert",
        *,
        employers: Iterable[EmployerEntry] = (),
        email: str | None = None,
        most: int = 10,
    ) -> Person:
        """Somebody of the pool who accepted the code of conduct."""
        person = self.world.person(name, email)
        with self.world.act(self.manager) as act:
            me = act.session.get_one(Person, person.id)
            expert = invite_expert(
                act, me, country="PT", languages=["en"], expertise=[], employers=employers, most_tasks=most
            )
        with self.world.act(person) as act:
            accept_conduct(act, act.session.get_one(Expert, expert.id))
        return person

    def task(
        self, application: Application, person: Person, *, rapporteur: bool = False, declared: bool = True
    ) -> Assignment:
        """Assign, publish and (unless told otherwise) declare free of conflict."""
        with self.world.act(self.manager) as act:
            target = act.session.get_one(Application, application.id)
            task = assign(act, target, act.session.get_one(Person, person.id), rapporteur=rapporteur)
            perform(act, task, "publish")
        if declared:
            with self.world.act(person) as act:
                perform(act, act.session.get_one(Assignment, task.id), "declare_free", {"no_conflict": True})
        return task

    def report_of(self, task: Assignment) -> Assessment:
        with self.world.look() as act:
            return act.session.scalars(select(Assessment).where(Assessment.assignment_id == task.id)).one()

    def score(self, task: Assignment, *points: str, words: str = "Sound.", finish: bool = True) -> Assessment:
        """Give points and reasons to the criteria in their order."""
        report = self.report_of(task)
        with self.world.act(task.person) as act:
            mine = act.session.get_one(Assessment, report.id)
            for line, value in zip(mine.scores, points, strict=True):
                save_score(act, mine, line.criterion, points=Decimal(value), reasons=words)
            if finish:
                perform(act, mine, "finish")
        return report

    def consensus_of(self, application: Application) -> Consensus:
        with self.world.look() as act:
            return act.session.scalars(select(Consensus).where(Consensus.application_id == application.id)).one()

    def open_consensus(self, application: Application) -> Consensus:
        consensus = self.consensus_of(application)
        with self.world.act(self.manager) as act:
            perform(act, act.session.get_one(Consensus, consensus.id), "open")
        return consensus

    def agree_on(self, consensus: Consensus, rapporteur: Person, *points: str) -> None:
        with self.world.act(rapporteur) as act:
            mine = act.session.get_one(Consensus, consensus.id)
            for line, value in zip(mine.scores, points, strict=True):
                save_agreed(act, mine, line.criterion, points=Decimal(value), reasons="Agreed.")
            perform(act, mine, "circulate")


class Admitted(Evaluation):
    """With one application, admitted."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.admitted = self.application("SMARTEX")
        self.close()
        self.admit(self.admitted)


@pytest.fixture
def story(begin: Begin, request: pytest.FixtureRequest) -> Evaluation:
    """A closed small call; with an application for a test that asks for `admitted`."""
    found: Evaluation = begin(Admitted if "admitted" in request.fixturenames else Evaluation)
    return found


@pytest.fixture
def admitted(story: Admitted) -> Application:
    return story.admitted
