"""What a browser does when the connection is cut, the sign-in ends or somebody else is faster: no character is lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from app.models import Person, SignIn
from app.services.accounts.sign_in import start_sign_in
from tests.faults.forms import Paper, comment, consortium, may_sign_in, section_table, section_text
from tests.faults.test_every_form import ODD
from tests.support.application import Consortium
from tests.support.browser import PASSWORD, Site, running
from tests.support.paper import is_stored, plain
from tests.support.sharing import copy_of
from tests.support.world import WHILE_OPEN

BACK = "What you typed here before was not saved."


@dataclass
class Room:
    """A draft of an application on a running server, and a browser."""

    site: Site
    path: Path
    found: Consortium
    browser: Browser
    count: int = 0

    def page_of(self, person: Person) -> Page:
        page = self.browser.new_context(locale="en-GB").new_page()
        page.set_default_timeout(10000)
        self.sign_in(page, person)
        return page

    def sign_in(self, page: Page, person: Person) -> None:
        with self.site.world.act(person) as act:
            token = start_sign_in(act, act.session.get_one(Person, person.id))
        page.context.add_cookies([{"name": "sign-in", "value": token, "url": self.site.address}])

    def end_sign_ins(self, person: Person) -> None:
        with self.site.world.act() as act:
            for record in act.session.query(SignIn).filter(SignIn.person_id == person.id):
                record.ended_at = act.now

    def open(self, page: Page, paper: Paper) -> None:
        page.goto(self.site.address + paper.page, wait_until="load")

    def text(self, words: str = ODD) -> str:
        self.count += 1
        return f"{words} {self.count}"

    def stored(self, text: str) -> bool:
        return is_stored(self.path, text)


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, chromium: Browser) -> Iterator[Room]:
    folder = tmp_path_factory.mktemp("browser")
    path = folder / "escp.sqlite3"
    database = copy_of(sqlite_template, folder)
    with running(database, folder, chromium) as site:
        site.clock.now = WHILE_OPEN
        site.world.now = WHILE_OPEN
        found = consortium(site.world)
        may_sign_in(site.world, found.coordinator, found.partners[0][0])
        yield Room(site, path, found, chromium)
    database.close()


def cut(page: Page) -> None:
    """Cut the connection for whatever is sent; pages still open."""
    page.route("**/*", lambda route: route.abort() if route.request.method == "POST" else route.continue_())


def mend(page: Page) -> None:
    page.unroute_all()


def box(page: Page, name: str):  # type: ignore[no-untyped-def]
    return page.locator(f'[name="{name}"]')


def press(page: Page, label: str) -> None:
    with page.expect_navigation(wait_until="load"):
        page.get_by_role("button", name=label, exact=False).first.click()


@pytest.mark.parametrize("form", [section_text, section_table, comment], ids=["section", "table", "comment"])
def test_a_connection_that_is_cut_while_sending(room: Room, form: object) -> None:
    paper: Paper = form(room.site.world, room.found)  # type: ignore[operator]
    page, text = room.page_of(paper.person), room.text()
    room.open(page, paper)
    cut(page)
    for name, value in paper.beside.items():
        box(page, name).select_option(value)
    box(page, paper.text).fill(text)
    with page.expect_event("requestfailed"):
        page.locator("form.escp-form button[type=submit]").last.click()

    mend(page)
    page.wait_for_timeout(300)
    room.open(page, paper)

    assert BACK in page.locator("main").inner_text()
    assert box(page, paper.text).input_value() == text
    press(page, "Add the comment" if form is comment else "Save and continue")
    assert room.stored(text)
    room.open(page, paper)
    assert BACK not in page.locator("main").inner_text()


def test_a_save_while_typing_that_nothing_answers_is_tried_again(room: Room) -> None:
    paper = section_text(room.site.world, room.found)
    page, text = room.page_of(paper.person), room.text()
    room.open(page, paper)
    cut(page)
    box(page, paper.text).fill(text)
    page.get_by_text("Not saved yet. Your text is kept in this browser.").first.wait_for()

    mend(page)

    page.locator("#save-status", has_text="Saved at").wait_for()
    assert room.stored(text)


def test_a_sign_in_that_ends_while_typing(room: Room) -> None:
    paper = section_text(room.site.world, room.found)
    page, text = room.page_of(paper.person), room.text()
    room.open(page, paper)
    room.end_sign_ins(paper.person)
    box(page, paper.text).fill(text)
    page.locator("#save-status", has_text="your sign-in has ended").wait_for()

    press(page, "Save and continue")
    page.get_by_label("E-mail address").first.fill(paper.person.email)
    page.locator("input[type=password]").fill(PASSWORD)
    press(page, "Sign in")
    press(page, "Send it now")

    assert room.stored(text)
    room.open(page, paper)
    assert box(page, paper.text).input_value() == plain(text)
    assert BACK not in page.locator("main").inner_text()


def test_nobody_else_in_the_same_tab_gets_the_text(room: Room) -> None:
    paper = section_text(room.site.world, room.found)
    page, text = room.page_of(paper.person), room.text("Mine alone")
    room.open(page, paper)
    cut(page)
    box(page, paper.text).fill(text)
    page.wait_for_timeout(400)
    mend(page)
    room.sign_in(page, room.found.partners[0][0])
    room.open(page, paper)

    assert text not in page.content()
    assert box(page, paper.text).input_value() != text
    room.sign_in(page, paper.person)
    room.open(page, paper)
    assert box(page, paper.text).input_value() == text
    press(page, "Save and continue")


def test_stepping_back_to_a_form_that_was_saved_shows_what_is_stored(room: Room) -> None:
    paper = section_text(room.site.world, room.found)
    page, first, newer, unsaved = (
        room.page_of(paper.person),
        room.text("First"),
        room.text("Newer"),
        room.text("Unsaved"),
    )
    room.open(page, paper)
    box(page, paper.text).fill(first)
    press(page, "Save and continue")
    other = room.page_of(room.found.partners[0][0])
    room.open(other, paper)
    box(other, paper.text).fill(newer)
    press(other, "Save and continue")

    page.go_back(wait_until="load")
    page.wait_for_timeout(300)
    assert box(page, paper.text).input_value() == newer
    assert BACK not in page.locator("main").inner_text()
    assert "escp-kept" not in page.evaluate("JSON.stringify(sessionStorage)")

    cut(page)
    box(page, paper.text).fill(unsaved)
    page.wait_for_timeout(400)
    page.goto(f"{room.site.address}/work")
    page.go_back(wait_until="load")
    page.wait_for_timeout(300)
    assert box(page, paper.text).input_value() == unsaved
    assert BACK in page.locator("main").inner_text()
    mend(page)
    press(page, "Save and continue")
    assert room.stored(unsaved)


def test_a_double_click_adds_one_comment(room: Room) -> None:
    paper = comment(room.site.world, room.found)
    page, text = room.page_of(paper.person), room.text("Said once")
    room.open(page, paper)
    box(page, "text").fill(text)

    with page.expect_response(lambda answer: answer.request.method == "GET" and "/comments" in answer.url):
        page.get_by_role("button", name="Add the comment").dblclick(no_wait_after=True)
    page.wait_for_timeout(500)
    room.open(page, paper)

    assert page.get_by_text(text, exact=True).count() == 1


def test_two_who_type_at_once_see_both_texts_and_merge(room: Room) -> None:
    paper = section_text(room.site.world, room.found)
    one, other = room.page_of(paper.person), room.page_of(room.found.partners[0][0])
    mine, theirs = room.text("What I say"), room.text("What they say")
    room.open(one, paper)
    room.open(other, paper)
    box(other, paper.text).fill(theirs)
    other.locator("#save-status", has_text="Saved at").wait_for()

    box(one, paper.text).fill(mine)
    one.locator("#save-status", has_text="somebody changed the same answer").wait_for()
    press(one, "Save and continue")

    assert theirs in one.locator("main").inner_text()
    assert box(one, paper.text).input_value() == mine
    box(one, paper.text).fill(f"{mine} {theirs}")
    one.get_by_label("I have merged both").check()
    press(one, "Save and continue")
    assert room.stored(f"{mine} {theirs}")


def test_on_a_shared_computer_nothing_is_kept_in_the_browser(room: Room) -> None:
    paper = comment(room.site.world, room.found)
    page = room.browser.new_context(locale="en-GB").new_page()
    page.goto(room.site.address + "/sign-in")
    page.get_by_label("E-mail address").first.fill(paper.person.email)
    page.locator("input[type=password]").fill(PASSWORD)
    page.get_by_label("This is a shared computer").check()
    press(page, "Sign in")
    room.open(page, paper)
    box(page, "text").fill("For nobody's eyes")
    page.wait_for_timeout(400)

    kept = page.evaluate("() => Object.entries(sessionStorage).flat().join()")
    assert "escp-kept" not in kept
    assert "nobody's eyes" not in kept
