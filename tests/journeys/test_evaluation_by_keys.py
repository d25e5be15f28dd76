"""An expert without a mouse: declares on five applications, scores and finishes each; the focus is always seen."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from sqlalchemy import select

from app.db import Database
from app.models import Assessment, Person
from app.services.person import hash_password
from tests.support.browser import PASSWORD, People, Site, running
from tests.support.evaluation import Evaluation
from tests.support.keyboard import Keyboard, sign_in
from tests.support.world import AFTER_CLOSING, WHILE_OPEN

ACRONYMS = ["ALPHA", "BRAVO", "CHARLIE", "DELTA", "ECHO"]


@dataclass
class Desk:
    site: Site
    expert: Person
    keys: Keyboard

    def finished(self) -> int:
        with self.site.world.look() as act:
            return len(act.session.scalars(select(Assessment).where(Assessment.state == "finished")).all())


@pytest.fixture
def desk(sqlite_template: Path, tmp_path: Path, browser: Browser) -> Iterator[Desk]:
    """Five checked applications wait for an expert who has not declared yet."""
    path = tmp_path / "escp.sqlite3"
    shutil.copy(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    with running(database, tmp_path, browser) as site:
        site.world.now = WHILE_OPEN
        evaluation = Evaluation(site.world)
        applications = [evaluation.application(acronym) for acronym in ACRONYMS]
        evaluation.close()
        evaluation.admit(*applications)
        expert = evaluation.expert("Eva Expert", email="eva@expert.example")
        for application in applications:
            evaluation.task(application, expert, declared=False)
        with site.world.act(expert) as act:
            me = act.session.get_one(Person, expert.id)
            me.password_hash = hash_password(PASSWORD)
            me.single_keys = True
        site.clock.move_to(AFTER_CLOSING)
        owner = People(site, browser, scripts=True).somebody()
        owner.page.set_viewport_size({"width": 1280, "height": 700})
        owner.page.set_default_timeout(10000)
        yield Desk(site, expert, Keyboard(owner))
    database.close()


def test_an_expert_declares_and_scores_five_applications_with_keys_alone(desk: Desk) -> None:
    keys, owner = desk.keys, desk.keys.owner
    owner.go("/sign-in")
    sign_in(keys, "eva@expert.example")
    open_my_applications(keys)
    declare_on_all(keys)
    keys.reach("ALPHA")
    keys.enter()
    for _acronym in ACRONYMS:
        score(keys)

    assert desk.finished() == len(ACRONYMS)
    assert keys.faults == []
    assert owner.findings.faults == []


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
