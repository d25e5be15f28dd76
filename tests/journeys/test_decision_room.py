"""The decision room as its persons use it, from an evaluation that is finished to a result that was decided twice.

One of the office ranks, tries, keeps a trial by name and proposes; another signs and releases, freshly signed in. Three
applicants read what they get, on the page and on paper. One asks for a review: a committee admits it, evaluates anew
beside the first evaluation, and the new result is decided and released by two again.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from sqlalchemy import select

from app.doctor.record import chains_verify
from app.models import AgreedScore, Application, DecisionLine, Person
from tests.support.browser import PASSWORD, PASSWORD_HASH, People, Site, Somebody, running
from tests.support.decided import FAIR, GOOD, WEAK, Office
from tests.support.sharing import copy_of
from tests.support.world import WHILE_OPEN
from workflows.relations import Relation as R

GRANT = 2_000_000  # two of them are more than the call has
ACRONYMS = ("ALPHA", "BRAVO", "GAMMA")
TRIAL = "With money for two"
ANEW = "The annex on page 12 answers it."


@dataclass
class Room:
    site: Site
    office: Office
    people: People
    applications: dict[str, Application]
    committee: list[Person]
    signed_in: dict[str, Somebody] = field(default_factory=dict)

    def as_(self, person: Person) -> Somebody:
        """The browser of a person, signed in once."""
        if person.id not in self.signed_in:
            self.signed_in[person.id] = self.people.somebody()
            self.signed_in[person.id].page.set_default_timeout(10000)
            self.signed_in[person.id].sign_in(person.email)
        return self.signed_in[person.id]

    def lead(self, acronym: str) -> Somebody:
        return self.as_(self.office.lead_of(self.applications[acronym]))

    def later(self, **by: float) -> None:
        self.site.at(self.site.clock.now + timedelta(**by))

    def scores(self) -> list[tuple[str, str, str]]:
        """Every agreed score with its reasons, as it is stored."""
        with self.site.world.look() as act:
            kept = act.session.scalars(select(AgreedScore).order_by(AgreedScore.id))
            return [(one.id, str(one.points), one.reasons) for one in kept]

    def lines(self) -> list[tuple[str, str]]:
        with self.site.world.look() as act:
            kept = act.session.scalars(select(DecisionLine).order_by(DecisionLine.position))
            return [(one.application.acronym, one.outcome.value) for one in kept]


@pytest.fixture
def room(sqlite_template: Path, tmp_path: Path, browser: Browser) -> Iterator[Room]:
    database = copy_of(sqlite_template, tmp_path)
    with running(database, tmp_path, browser) as site:
        site.world.now = WHILE_OPEN
        office = Office(site.world)
        given = zip(ACRONYMS, (GOOD, FAIR, WEAK), strict=True)
        applications = {acronym: office.application(acronym, scores, grant=GRANT) for acronym, scores in given}
        committee = [
            site.world.person(f"Judge {n}", f"judge@house-{n}.example", R.PROGRAMME_MANAGER) for n in (1, 2, 3)
        ]
        with site.world.act() as act:
            for person in act.session.scalars(select(Person)):
                person.password_hash = PASSWORD_HASH
        site.clock.move_to(site.world.now)
        yield Room(site, office, People(site, browser, scripts=True), applications, committee)
    database.close()


def test_a_call_is_decided_and_one_result_of_it_again(room: Room) -> None:
    try:
        rank_and_try(room)
        propose_and_sign(room)
        read_three_letters(room)
        ask_for_a_review(room)
        evaluate_anew(room)
        decide_again(room)
    except Exception as stopped:
        stopped.add_note(room.people.where())
        raise

    assert "\n".join(room.people.findings.faults) == ""
    with room.site.world.look() as act:
        assert list(chains_verify(act.session, room.site.clock.now)) == []


def take(somebody: Somebody, name: str, reason: str = "") -> None:
    """Go through the page that asks before an act."""
    somebody.follow(name)
    if reason:
        somebody.fill("Reason", reason)
    somebody.press(name)


def prove_again(somebody: Somebody) -> None:
    somebody.follow("Sign in again")
    somebody.fill("Password", PASSWORD)
    somebody.press("Go on")


def rank_and_try(room: Room) -> None:
    manager = room.as_(room.office.manager)
    manager.go(f"/calls/{room.office.call.id}/decision")
    manager.press("Start the decision")
    assert [manager.sees(acronym) for acronym in ACRONYMS] == [True] * 3
    ranked = room.lines()
    for page in ("Panel review", "How sure", "Portfolio", "What if"):  # each is looked at
        manager.follow(page)
    manager.fill("Money", "4000000")
    manager.press("Try it")
    assert manager.sees("BRAVO: Reserve, now Award")
    manager.fill("Name of the trial", TRIAL)
    manager.press("Keep it")
    manager.follow(TRIAL)
    assert manager.sees("A trial, not a decision")
    manager.follow("Ranking")
    assert room.lines() == ranked


def propose_and_sign(room: Room) -> None:
    """Nobody signs what they proposed; who signs and releases has to have signed in just before."""
    manager, director = room.as_(room.office.manager), room.as_(room.office.director)
    take(manager, "Propose this decision")
    director.go("/for-your-signature")
    room.later(minutes=30)
    director.follow("Read it")
    prove_again(director)
    take(director, "Sign the decision")
    assert not room.lead("ALPHA").sees("successful")
    take(director, "Release the results")
    room.site.settle()
    manager.go(f"/calls/{room.office.call.id}/delivery")


def read_three_letters(room: Room) -> None:
    """On the page and on paper, each their own result and nobody else's."""
    said = ("was successful", "is on the reserve list", "was not successful")
    for acronym, words in zip(ACRONYMS, said, strict=True):
        lead = room.lead(acronym)
        lead.go(f"/applications/{room.applications[acronym].id}/result")
        assert lead.sees(f"Your application {words}")
        assert lead.sees(f"{acronym} on C1")
        letter, report = paper(lead, "Letter with the result"), paper(lead, "Evaluation summary report")
        assert f"{acronym} on C1" in report
        for other in set(ACRONYMS) - {acronym}:
            assert not lead.sees(other)
            assert other not in letter + report
        assert "until the end of" in letter  # of the time in which a review can be asked for


def ask_for_a_review(room: Room) -> None:
    lead, manager = room.lead("GAMMA"), room.as_(room.office.manager)
    lead.follow("Ask for a review")
    lead.page.get_by_label("A plain error").check()
    lead.fill("What went wrong", "Page 12 of the annex was not read.")
    lead.press("Send the request")
    manager.go(f"/calls/{room.office.call.id}/reviews")
    manager.follow("GAMMA")
    for person in room.committee:
        manager.page.get_by_label(person.name).check()
        manager.press("Name this person")


def evaluate_anew(room: Room) -> None:
    """The first evaluation stays as it is, letter by letter; what the new one would change is seen before anybody decides."""
    first = room.scores()
    judge = room.as_(room.committee[0])
    judge.go("/work")
    judge.follow("GAMMA")
    take(judge, "Find it admissible", reason="It names what was overlooked.")
    take(judge, "Have it evaluated again", reason="The annex was sent in time.")
    for criterion, points in (("Relevance", "30"), ("Impact", "29.5")):
        judge.choose("Criterion", criterion)
        judge.fill("Score", points)
        judge.fill("Reasons", ANEW)
        judge.press("Record the new score")
    assert judge.sees("Applications whose place or list differs")
    assert room.scores() == first


def decide_again(room: Room) -> None:
    manager, director, lead = room.as_(room.office.manager), room.as_(room.office.director), room.lead("GAMMA")
    manager.go(f"/calls/{room.office.call.id}/reviews")
    manager.follow("GAMMA")
    take(manager, "Propose the new decision", reason="The committee has found an error.")
    room.later(minutes=30)
    director.go("/work")
    director.follow("GAMMA")
    prove_again(director)
    for name in ("Sign the new decision", "Release the new result"):
        take(director, name)
    room.site.settle()
    lead.go(f"/applications/{room.applications['GAMMA'].id}/result")
    assert lead.sees("This is the result after the review you asked for")
    assert lead.sees("is on the reserve list")
    assert ANEW in paper(lead, "Evaluation summary report")
    other = room.lead("BRAVO")
    other.go(f"/applications/{room.applications['BRAVO'].id}/result")
    assert other.sees("is on the reserve list")


def paper(somebody: Somebody, name: str) -> str:
    """The words of a document that a page leads to, the newest first."""
    address = somebody.page.get_by_role("link", name=name).first.get_attribute("href")
    answer = somebody.page.request.get(f"{somebody.site.address}{address}")
    assert answer.headers["content-type"] == "application/pdf", (address, answer.status)
    read = subprocess.run(["pdftotext", "-raw", "-", "-"], check=True, capture_output=True, input=answer.body())
    return read.stdout.decode()
