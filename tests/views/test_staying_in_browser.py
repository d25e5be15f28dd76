"""The notice before a sign-in ends, and the shared computer, in a browser."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from app.models import Person
from app.passwords import Passwords
from app.services.accounts.sign_in import start_sign_in
from tests.support.browser import AXE, served
from tests.support.web import new_app, settings_of
from tests.support.world import World

PASSWORD = "correct horse battery"
SOON = "You will be signed out in less than two minutes"
pytestmark = pytest.mark.browser


@dataclass
class Stand:
    """The service with sign-ins of 123 seconds, and somebody before a browser: the notice is due after three."""

    world: World
    address: str
    context: BrowserContext
    person: Person

    def signed_in(self) -> Page:
        with self.world.act(self.person) as act:
            token = start_sign_in(act, act.session.get_one(Person, self.person.id))
        self.context.add_cookies([{"name": "sign-in", "value": token, "url": self.address}])
        page = self.context.new_page()
        page.goto(f"{self.address}/organisations/new")
        return page


@pytest.fixture
def stand(world: World, browser: Browser) -> Iterator[Stand]:
    app = new_app(settings_of(world, sign_in_lasts=timedelta(seconds=123)), lambda: world.now)
    person = world.person("Ana", "ana@org.example")
    with world.act(person) as act:
        act.session.get_one(Person, person.id).password_hash = Passwords(expensive=False).hash(PASSWORD)
    with served(app, browser) as address:
        context = browser.new_context(viewport={"width": 360, "height": 740}, bypass_csp=True)
        yield Stand(world, address, context, person)


def _violations(page: Page) -> list[str]:
    page.add_script_tag(path=AXE)
    return [violation["id"] for violation in page.evaluate("axe.run()")["violations"]]


def test_a_notice_before_the_end_keeps_somebody_signed_in_without_touching_what_is_typed(stand: Stand) -> None:
    page = stand.signed_in()
    notice, live = page.locator("#sign-in-ends"), page.locator("#live")
    expect(notice).to_be_hidden()
    page.locator("input[name=name]").fill("Клъстер")

    stand.world.later(seconds=5)
    expect(notice).to_contain_text(SOON, timeout=10_000)
    expect(live).to_contain_text(SOON)
    assert page.locator("[role=status], [role=alert], [aria-live]").count() == 1
    assert _violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360

    page.get_by_role("button", name="Stay signed in").press("Enter")
    expect(notice).to_be_hidden()
    expect(live).to_have_text("You stay signed in.")
    assert page.evaluate("document.activeElement.id") == "main"
    assert page.locator("input[name=name]").input_value() == "Клъстер"

    stand.world.later(seconds=100)
    assert page.goto(f"{stand.address}/work").url.endswith("/work")


def test_after_the_end_the_notice_says_what_to_do_and_the_text_comes_back(stand: Stand) -> None:
    page = stand.signed_in()
    page.locator("input[name=name]").fill("Клъстер")

    stand.world.later(seconds=130)
    expect(page.locator("#sign-in-ends")).to_contain_text("Your sign-in has ended", timeout=10_000)
    expect(page.get_by_role("button", name="Stay signed in")).to_be_hidden()
    assert _violations(page) == []

    page.locator("main form").first.evaluate("form => form.requestSubmit()")
    page.get_by_label("E-mail address").fill("ana@org.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("main")).to_contain_text("Клъстер")


def test_another_tab_that_was_used_keeps_the_notice_away(stand: Stand) -> None:
    page, other = stand.signed_in(), stand.context.new_page()
    stand.world.later(seconds=20)
    other.goto(f"{stand.address}/work")

    page.wait_for_timeout(4000)

    expect(page.locator("#sign-in-ends")).to_be_hidden()


def test_on_a_shared_computer_nothing_stays_in_the_browser(stand: Stand) -> None:
    page = stand.context.new_page()
    page.goto(f"{stand.address}/sign-in?next=/organisations/new")
    page.get_by_label("E-mail address").fill("ana@org.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("This is a shared computer").check()
    assert _violations(page) == []
    page.get_by_role("button", name="Sign in").click()

    page.locator("input[name=name]").fill("Клъстер")
    page.wait_for_timeout(600)
    page.goto(f"{stand.address}/work")

    kept = page.evaluate("JSON.stringify([{...window.localStorage}, {...window.sessionStorage}])")
    assert "Клъстер" not in kept
    assert "escp" not in kept
    assert {cookie["name"] for cookie in stand.context.cookies() if cookie["expires"] > 0} == set()
