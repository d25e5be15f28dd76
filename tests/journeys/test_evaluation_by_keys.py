"""An evaluation without a mouse; the focus is always seen.

An expert declares on five applications, scores and finishes each; a lead evaluator comes to a consensus that both sign,
one with a minority view; the office checks it, and replaces somebody who drops out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from sqlalchemy import select

from app.models import Application, Assessment, Assignment, Consensus, Person
from tests.support.browser import PASSWORD_HASH, People, Site, running
from tests.support.evaluation import Evaluation
from tests.support.keyboard import Keyboard, sign_in
from tests.support.sharing import copy_of
from tests.support.world import AFTER_CLOSING, WHILE_OPEN
from workflows.definition_quality import USUAL_POINTS

ACRONYMS = ["ALPHA", "BRAVO", "CHARLIE", "DELTA", "ECHO"]
MINORITY = "The plan is weaker than this says."


@dataclass
class Desk:
    site: Site
    evaluation: Evaluation
    people: People
    consensus_id: str

    def finished(self) -> int:
        with self.site.world.look() as act:
            return len(act.session.scalars(select(Assessment).where(Assessment.state == "finished")).all())

    def state_of_consensus(self) -> str:
        with self.site.world.look() as act:
            return str(act.session.get_one(Consensus, self.consensus_id).state)

    def asked(self, name: str) -> list[str]:
        """Acronyms of the applications that somebody has to evaluate."""
        query = (
            select(Application.acronym)
            .join(Assignment, Assignment.application_id == Application.id)
            .join(Person, Person.id == Assignment.person_id)
            .where(Person.name == name, Assignment.state == "asked")
        )
        with self.site.world.look() as act:
            return list(act.session.scalars(query))

    def hands_of(self, address: str) -> Keyboard:
        """Sign somebody in, in a browser of their own."""
        owner = self.people.somebody()
        owner.page.set_viewport_size({"width": 1280, "height": 700})
        owner.page.set_default_timeout(10000)
        owner.go("/sign-in")
        keys = Keyboard(owner)
        sign_in(keys, address)
        return keys


@pytest.fixture
def desk(sqlite_template: Path, tmp_path: Path, browser: Browser) -> Iterator[Desk]:
    """Five checked applications: Eva has not declared yet, Finn's report on one is in, Hana was asked for two others."""
    database = copy_of(sqlite_template, tmp_path)
    with running(database, tmp_path, browser) as site:
        site.world.now = WHILE_OPEN
        evaluation = Evaluation(site.world)
        applications = [evaluation.application(acronym) for acronym in ACRONYMS]
        evaluation.close()
        evaluation.admit(*applications)
        eva, finn, hana, gil = (
            evaluation.expert(f"{name} Expert", email=f"{name.lower()}@{name.lower()}.example")
            for name in ("Eva", "Finn", "Hana", "Gil")
        )
        for application in applications:
            evaluation.task(application, eva, declared=False)
        evaluation.score(evaluation.task(applications[0], finn, rapporteur=True), "4", "20", words="It is a good plan.")
        for application in applications[1:3]:
            evaluation.task(application, hana, declared=False)
        with site.world.act() as act:
            for person in (eva, finn, hana, gil, evaluation.manager):
                known = act.session.get_one(Person, person.id)
                known.password_hash, known.single_keys = PASSWORD_HASH, True
        site.clock.move_to(AFTER_CLOSING)
        site.world.now = AFTER_CLOSING
        yield Desk(site, evaluation, People(site, browser, scripts=True), evaluation.consensus_of(applications[0]).id)
    database.close()


def test_an_evaluation_is_done_with_keys_alone(desk: Desk) -> None:
    eva = desk.hands_of("eva@eva.example")
    open_my_applications(eva)
    declare_on_all(eva)
    eva.reach("ALPHA")
    eva.enter()
    for _acronym in ACRONYMS:
        score(eva)
    assert desk.finished() == len(ACRONYMS) + 1

    office, finn = desk.hands_of(desk.evaluation.manager.email), desk.hands_of("finn@finn.example")
    come_to_a_consensus(desk, office, finn, eva)
    replace_who_drops_out(desk, office)

    assert [keys.faults for keys in (eva, office, finn)] == [[], [], []]
    assert desk.people.findings.faults == []


def follow(keys: Keyboard, *names: str) -> None:
    """Go from page to page by links and buttons of these names."""
    for name in names:
        keys.reach(name)
        keys.enter()


def come_to_a_consensus(desk: Desk, office: Keyboard, finn: Keyboard, eva: Keyboard) -> None:
    """The lead evaluator drafts and sends round, both sign, the office checks the text and approves it."""
    office.owner.go(f"/calls/{desk.evaluation.call.id}/scores")
    follow(office, "ALPHA", "Open the consensus", "Open the consensus")

    finn.owner.go("/work")
    follow(finn, "Draft the agreed text on ALPHA")
    finn.key("1")
    finn.key("Space")
    finn.key("ArrowRight")
    finn.reach("Score from")
    finn.type("22")
    follow(finn, "Save", "Send round for signature", "Send round for signature")
    follow(finn, "Sign the consensus report", "Sign the consensus report")

    eva.owner.go("/work")
    follow(eva, "Sign the agreed text on ALPHA", "Sign the consensus report")
    eva.reach("Minority view")
    eva.type(MINORITY)
    follow(eva, "Sign the consensus report")

    finn.owner.go("/work")
    follow(finn, "close the agreed text on ALPHA", "Close as agreed", "Close as agreed")
    office.owner.go("/work")
    follow(office, "Approve 1 agreed text", "ALPHA")
    assert office.owner.sees(MINORITY)
    for point in USUAL_POINTS:
        office.reach(point.text)
        office.key("Space")
    follow(office, "Approve the consensus report")
    assert desk.state_of_consensus() == "approved"


def replace_who_drops_out(desk: Desk, office: Keyboard) -> None:
    """Two reports fall to somebody else, nobody else's work is touched; the manager publishes it."""
    office.owner.go(f"/calls/{desk.evaluation.call.id}")
    follow(office, "Cockpit", "Evaluators and their tasks", "Assignment plans")
    office.reach("Eva Expert")
    while "Hana Expert" not in office.key("ArrowDown"):
        pass
    follow(office, "Plan a repair")
    desk.site.settle()
    follow(office, "Plan 1", "Accept all and ask the evaluators", "Accept all and ask the evaluators")
    assert desk.asked("Hana Expert") == []
    assert set(desk.asked("Gil Expert")) >= {"BRAVO", "CHARLIE"}


def open_my_applications(keys: Keyboard) -> None:
    keys.reach("Declare your interests for 5 applications")
    keys.enter()
    assert keys.owner.sees("in the last 3 years")


def declare_on_all(keys: Keyboard) -> None:
    """Each choice stands at "Later"; an arrow goes round to the first."""
    for _acronym in ACRONYMS:
        keys.reach("Later")
        assert "I have no conflict" in keys.key("ArrowDown")
    keys.reach("Send the declarations")
    keys.enter()


def score(keys: Keyboard) -> None:
    """The digit leads to a criterion, n to its reasons; a number is typed."""
    keys.key("1")
    keys.key("Space")
    keys.key("ArrowRight")
    keys.key("n")
    keys.type("It fits the aims of the call well, and says for whom.")
    keys.reach("Score from")
    keys.type("25")
    keys.reach("Reasons")
    keys.type("The plan is sound, and each partner has a clear part in it.")
    keys.reach("Finish and go to next")
    keys.enter()
