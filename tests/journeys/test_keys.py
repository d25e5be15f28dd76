"""An applicant without a mouse: signs in, writes, looks what is missing and submits; the focus is always seen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from app.models import Application, Person
from app.services.applications.answers import latest, numbers_of, save
from tests.support.application import Consortium, a_draft, complete, with_partners
from tests.support.browser import PASSWORD_HASH, ROOT, People, Site, running
from tests.support.keyboard import Keyboard, sign_in
from tests.support.sharing import copy_of

CALL = ROOT / "tests" / "data" / "practice-proposals.yaml"
WHILE_OPEN = datetime(2027, 2, 3, 9, tzinfo=UTC)
IDEA = "Clusters of two regions dye without water."


@dataclass
class Desk:
    site: Site
    found: Consortium
    keys: Keyboard


@pytest.fixture
def desk(sqlite_template: Path, tmp_path: Path, browser: Browser) -> Iterator[Desk]:
    """A draft that lacks one answer, its coordinator in front of the first page."""
    database = copy_of(sqlite_template, tmp_path)
    with running(database, tmp_path, browser) as site:
        site.at(WHILE_OPEN)
        found = complete(site.world, with_partners(site.world, a_draft(site.world, site.world.call(CALL))))
        with site.world.act(found.coordinator) as act:
            act.session.get_one(Person, found.coordinator.id).password_hash = PASSWORD_HASH
            application = act.session.get_one(Application, found.application.id)
            save(act, application, {"idea": ""}, numbers_of(latest(act, application)))
        owner = People(site, browser, scripts=True).somebody()
        owner.page.set_viewport_size({"width": 1280, "height": 600})
        owner.page.set_default_timeout(10000)
        yield Desk(site, found, Keyboard(owner))
    database.close()


def test_an_applicant_submits_with_keys_alone_and_always_sees_the_focus(desk: Desk) -> None:
    keys, owner = desk.keys, desk.keys.owner
    owner.go("/sign-in")
    sign_in(keys, desk.found.coordinator.email)
    open_the_draft(keys)
    write_the_missing_answer(keys)
    submit(keys)

    assert owner.sees("Version 1 was received")
    assert keys.stops > 50
    assert keys.faults == []
    assert owner.findings.faults == []
    assert desk.site.complaints() == []


def open_the_draft(keys: Keyboard) -> None:
    """From "My work" to the draft, past the menu by the link that skips it."""
    assert "Skip to the content" in keys.key("Tab")
    keys.owner.page.keyboard.press("Enter")
    keys.reach("Continue the application TEX4TEST")
    keys.enter()
    assert keys.owner.sees("1 thing stands between you and submitting")


def write_the_missing_answer(keys: Keyboard) -> None:
    keys.reach("The idea")
    keys.enter()
    keys.reach("What you want to do together")
    keys.type(IDEA)
    keys.owner.page.locator("#save-status", has_text="Saved at").wait_for()
    keys.reach("Save and go to overview")
    keys.reach("Save and continue", "Shift+Tab")
    keys.reach("Save and go to overview")
    keys.enter()
    assert keys.owner.sees("Everything is there")


def submit(keys: Keyboard) -> None:
    keys.reach("Preview as evaluators see it")
    keys.reach("Check and submit", "Shift+Tab")
    keys.enter()
    keys.reach("Partners")
    keys.owner.page.keyboard.press("Enter")
    assert keys.owner.sees("Cluster Uno")
    keys.reach("What we say here is true and complete.")
    keys.owner.page.keyboard.press("Space")
    keys.reach("Submit version 1")
    keys.enter()
