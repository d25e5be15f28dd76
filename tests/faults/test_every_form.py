"""What happens to a text when something goes wrong: each form × each fault, and no character is lost.

Lost is what is neither stored nor on the page somebody has before them (in a field, hidden or shown).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.chance import Seeded
from app.models import Person, SignIn
from tests.faults.forms import FORMS, Form, Paper, may_sign_in
from tests.support.browser import PASSWORD
from tests.support.paper import is_on, is_stored, lost, sheet_for, sheets_of
from tests.support.sharing import copy_of
from tests.support.web import Browser, Web, an_app, put_on
from tests.support.world import World

# Apostrophes, quotes of three kinds, markup, an emoji made of three, right to left, combining marks, a wide script.
ODD = 'D’où l\'"idée" & <b>«non»</b> 👩‍🔬 שלום עולם e\u0301te\u0301 Ελλάδα 漢字 %s {x} \\n'


SAVED = (303, 200)  # a page that leads on; or one that says it is done, where the thing is out of sight afterwards


@dataclass
class Desk:
    """A form on somebody's desk, in a world of its own."""

    form: Form
    world: World
    web: Web
    path: Path
    paper: Paper
    count: int = 0

    def restore(self) -> None:
        """Put the database back as it was when the desk was made."""
        with (
            closing(sqlite3.connect(self.path.with_suffix(".before"))) as before,
            closing(sqlite3.connect(self.path)) as now,
        ):
            before.backup(now)

    def text(self, words: str = "What we say") -> str:
        self.count += 1
        return f"{words} {self.count}."

    def browser(self, person: Person | None = None) -> Browser:
        return self.web.client_of(person or self.paper.person)

    def open(self, browser: Browser) -> dict[str, Any]:
        """Open the page and give what the form holds."""
        page = browser.get(self.paper.page)
        assert page.status_code == 200, (page.status_code, self.paper.page)
        return dict(sheet_for(page.text, self.paper.action).fields) | dict(self.paper.beside)

    def fill(self, browser: Browser, text: str, **changes: Any) -> dict[str, Any]:
        return self.open(browser) | {self.paper.text: text} | changes

    def send(self, browser: Browser, fields: dict[str, Any]) -> TestResponse:
        return browser.client.post(self.paper.action, data=fields)

    def lost(self, text: str, *pages: TestResponse) -> int:
        assert all(page.status_code < 500 for page in pages), [page.status_code for page in pages]
        return lost(self.path, text, *(page.text for page in pages))


def a_desk(form: Form, folder: Path, template: Path, app: Flask) -> Desk:
    path = folder / "escp.sqlite3"
    database = copy_of(template, folder)
    world = World(database, Seeded(1), folder)
    paper = form.paper(world, form.stage(world))
    may_sign_in(world, *(one for one in (paper.person, paper.rival) if one is not None))
    with closing(sqlite3.connect(path)) as now, closing(sqlite3.connect(path.with_suffix(".before"))) as before:
        now.backup(before)
    return Desk(form, world, put_on(app, world), path, paper)


@pytest.fixture(scope="module", params=FORMS, ids=str)
def shared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One world for each form: faults that leave the form to be sent again come one after the other."""
    given = (request.getfixturevalue(name) for name in ("sqlite_template", "made_once"))
    desk = a_desk(request.param, tmp_path_factory.mktemp("desk"), *given)
    yield desk
    desk.world.database.close()


@pytest.fixture
def desk(shared: Desk) -> Desk:
    """The shared desk; with a form that can be sent once only, as it was before anything was sent."""
    if shared.form.once:
        shared.restore()
    return shared


# -- faults after which the form is still to be sent: the shared desk -------------------------------------------------


def test_an_error_elsewhere_in_the_form(shared: Desk) -> None:
    if not shared.paper.spoilt:
        pytest.skip("nothing else of the form can be wrong")
    browser, text = shared.browser(), shared.text()

    page = shared.send(browser, shared.fill(browser, text, **shared.paper.spoilt))

    assert page.status_code in (422, 400)
    assert is_on(page.text, text)


def test_a_text_that_is_too_long(shared: Desk) -> None:
    browser = shared.browser()
    text = shared.text("é" * (shared.paper.limit + 1))

    page = shared.send(browser, shared.fill(browser, text))

    assert page.status_code == 422
    assert is_on(page.text, text)


def test_a_character_that_cannot_be_stored(shared: Desk) -> None:
    browser = shared.browser()
    text = shared.text("before\x08after")

    page = shared.send(browser, shared.fill(browser, text))

    assert page.status_code == 422
    assert shared.lost(text.replace("\x08", ""), page) == 0 or is_on(page.text, text)


def test_a_sign_in_that_ended_gives_the_text_back_to_its_own_person_alone(shared: Desk) -> None:
    browser, text = shared.browser(), shared.text()
    fields = shared.fill(browser, text)
    end_sign_ins(shared, shared.paper.person)

    ended = shared.send(browser, fields)

    assert ended.status_code == 401
    assert not is_on(ended.text, text)  # it travels sealed
    stranger = shared.world.person("Sam Stranger", f"sam{shared.count}@people.example")
    may_sign_in(shared.world, stranger)
    others = sign_in(shared.web.visitor(), ended, stranger.email)
    assert text not in others.text
    back = sign_in(browser, ended, shared.paper.person.email)
    assert shared.lost(text, back) == 0
    assert is_on(back.text, text)


def test_a_token_that_is_wrong_costs_one_click(shared: Desk) -> None:
    browser, text = shared.browser(), shared.text()

    page = shared.send(browser, shared.fill(browser, text, csrf_token="of an older page"))

    assert page.status_code == 400
    assert is_on(page.text, text)
    assert not is_stored(shared.path, text)


def end_sign_ins(desk: Desk, person: Person) -> None:
    with desk.world.act() as act:
        for record in act.session.query(SignIn).filter(SignIn.person_id == person.id):
            record.ended_at = act.now


def sign_in(browser: Browser, ended: TestResponse, email: str) -> TestResponse:
    """Sign in on the page that asked for it, with what it carries."""
    fields = dict(sheet_for(ended.text, "/sign-in").fields) | {"email": email, "password": PASSWORD}
    fields["csrf_token"] = [browser.token()]
    return browser.client.post("/sign-in", data=fields)


# -- faults in which the form is sent: each on a desk of its own where it can be sent once only ------------------------


def test_after_signing_in_again_one_click_stores_it(desk: Desk) -> None:
    browser, text = desk.browser(), desk.text()
    fields = desk.fill(browser, text)
    end_sign_ins(desk, desk.paper.person)
    back = sign_in(browser, desk.send(browser, fields), desk.paper.person.email)

    again = next(sheet for sheet in sheets_of(back.text) if sheet.action == desk.paper.action)
    page = desk.send(browser, again.fields)

    assert page.status_code in SAVED
    assert is_stored(desk.path, text)


def test_a_double_click(desk: Desk) -> None:
    browser, text = desk.browser(), desk.text()
    fields = desk.fill(browser, text)

    pages = [desk.send(browser, fields), desk.send(browser, fields)]

    assert pages[0].status_code in SAVED
    assert desk.lost(text, *pages) == 0
    assert is_stored(desk.path, text)


def test_two_tabs_of_one_person(desk: Desk) -> None:
    browser, one, other = desk.browser(), desk.text("In the first tab"), desk.text("In the second tab")
    first, second = desk.fill(browser, one), desk.fill(browser, other)

    saved, page = desk.send(browser, first), desk.send(browser, second)

    assert saved.status_code in SAVED
    assert (desk.lost(one, page), desk.lost(other, page)) == (0, 0)


def test_somebody_else_was_faster(desk: Desk) -> None:
    if desk.paper.rival is None:
        pytest.skip("nobody else writes here")
    browser, rival = desk.browser(), desk.browser(desk.paper.rival)
    mine, theirs = desk.text("What I say"), desk.text("What they say")
    fields = desk.fill(browser, mine)
    faster = desk.send(rival, desk.fill(rival, theirs))
    assert faster.status_code == 303

    page = desk.send(browser, fields)

    assert (desk.lost(mine, page), desk.lost(theirs, page)) == (0, 0)
    if page.status_code == 409:
        assert is_on(page.text, mine)
        assert is_on(page.text, theirs)


@pytest.fixture(scope="module")
def restarted(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """An application made apart from the one the form was opened on: nothing that one kept in memory is known here."""
    return an_app(tmp_path_factory.mktemp("restarted"))


def test_a_server_that_was_restarted_between_opening_and_saving(desk: Desk, restarted: Flask) -> None:
    browser, text = desk.browser(), desk.text()
    fields = desk.fill(browser, text)
    cookies = [(one.key, one.value) for one in browser.client._cookies.values()]
    after = put_on(restarted, desk.world).app.test_client()
    for name, value in cookies:
        after.set_cookie(name, value)

    page = after.post(desk.paper.action, data=fields)

    assert page.status_code in SAVED
    assert is_stored(desk.path, text)


def test_odd_letters_are_stored_as_they_are(desk: Desk) -> None:
    browser, text = desk.browser(), desk.text(ODD)
    if desk.paper.means:
        page = desk.send(browser, desk.fill(browser, text))
        assert page.status_code == 422
        assert is_on(page.text, text)
    for sign in desk.paper.means:
        text = text.replace(sign, "")

    page = desk.send(browser, desk.fill(browser, text))

    assert page.status_code in SAVED
    assert is_stored(desk.path, text)


def test_a_refusal_that_nobody_saw_coming(desk: Desk) -> None:
    """Time passed, and what was allowed is not any more: the text is on the page that says so, if it was not stored."""
    browser, text = desk.browser(), desk.text()
    fields = desk.fill(browser, text)
    before, desk.world.now = desk.world.now, desk.world.later(days=400)
    late = desk.browser()
    fields["csrf_token"] = [late.token()]

    page = desk.send(late, fields)

    desk.world.now = before
    assert desk.lost(text, page) == 0
