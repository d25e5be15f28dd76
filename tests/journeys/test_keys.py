"""An applicant without a mouse: signs in, writes, looks what is missing and submits; the focus is always seen."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from app.db import Database
from app.models import Application, Person
from app.services.answers import latest, numbers_of, save
from app.services.person import hash_password
from tests.support.application import Consortium, a_draft, complete, with_partners
from tests.support.browser import PASSWORD, ROOT, People, Site, Somebody, running

CALL = ROOT / "tests" / "data" / "practice-proposals.yaml"
WHILE_OPEN = datetime(2027, 2, 3, 9, tzinfo=UTC)
MOST_STOPS = 80  # of one page, before what is looked for
IDEA = "Clusters of two regions dye without water."

# Name of what has the focus, and what is wrong with seeing it: no outline, outside the window, or covered by something.
FOCUS = """() => {
  const e = document.activeElement, style = getComputedStyle(e), box = e.getBoundingClientRect();
  const own = e.matches("a, button, summary") ? e.innerText : e.getAttribute("aria-label") || "";
  const label = e.labels && e.labels[0] ? e.labels[0].innerText : own;
  const left = Math.max(box.left, 0), right = Math.min(box.right, innerWidth);
  const top = Math.max(box.top, 0), bottom = Math.min(box.bottom, innerHeight);
  const faults = [];
  if (e === document.body || e.id === "main") { return ["", []]; }
  if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2) { faults.push("no outline"); }
  if (right <= left || bottom <= top) { faults.push("outside the window"); return [label, faults]; }
  const over = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
  const mine = over === e || e.contains(over) || (over && over.contains(e)) || Array.from(e.labels || []).includes(over);
  if (!mine) { faults.push("covered by " + (over ? over.outerHTML.slice(0, 80) : "nothing")); }
  return [label.trim(), faults];
}"""


@dataclass
class Keyboard:
    """Hands that only press keys; each stop of the focus is looked at."""

    owner: Somebody
    faults: list[str] = field(default_factory=list)
    stops: int = 0

    def key(self, name: str) -> str:
        self.owner.page.keyboard.press(name)
        said, faults = self.owner.page.evaluate(FOCUS)
        self.stops += 1
        self.faults += [f"{self.owner.here}: “{said}” {fault}" for fault in faults]
        return str(said)

    def reach(self, name: str, key: str = "Tab") -> None:
        """Go on with Tab until something of this name has the focus."""
        passed = []
        for _stop in range(MOST_STOPS):
            passed.append(self.key(key))
            if name in passed[-1]:
                return
        raise AssertionError(f"no “{name}” on {self.owner.here} among {passed}")

    def type(self, text: str) -> None:
        self.owner.page.keyboard.type(text)

    def enter(self) -> None:
        """Follow the link or press the button that has the focus."""
        with self.owner.page.expect_navigation(wait_until="load") as moved:
            self.owner.page.keyboard.press("Enter")
        self.owner.answer = moved.value
        self.owner.look()


@dataclass
class Desk:
    site: Site
    found: Consortium
    keys: Keyboard


@pytest.fixture
def desk(sqlite_template: Path, tmp_path: Path, browser: Browser) -> Iterator[Desk]:
    """A draft that lacks one answer, its coordinator in front of the first page."""
    path = tmp_path / "escp.sqlite3"
    shutil.copy(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    with running(database, tmp_path, browser) as site:
        site.at(WHILE_OPEN)
        found = complete(site.world, with_partners(site.world, a_draft(site.world, site.world.call(CALL))))
        with site.world.act(found.coordinator) as act:
            act.session.get_one(Person, found.coordinator.id).password_hash = hash_password(PASSWORD)
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


def sign_in(keys: Keyboard, address: str) -> None:
    assert "Skip to the content" in keys.key("Tab")
    keys.reach("E-mail address")
    keys.type(address)
    keys.reach("Password")
    keys.type(PASSWORD)
    keys.reach("Sign in")
    keys.enter()


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
