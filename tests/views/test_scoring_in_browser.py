"""The scoring page in a browser: keys, saving while typing, and no fault that axe finds at any of two widths."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from app.models import Assessment, Call, Consensus, Meeting, Person
from app.services.accounts.sign_in import start_sign_in
from app.services.evaluating.meeting import begin, end, turn_to, write_minute
from tests.support.browser import AXE, served
from tests.support.evaluation import Evaluation
from tests.support.web import Web, web  # noqa: F401 - a fixture
from tests.support.world import World


@pytest.fixture
def address(web: Web, browser: Browser) -> Iterator[str]:  # noqa: F811
    with served(web.app, browser) as found:
        yield found


@pytest.fixture
def context(browser: Browser) -> BrowserContext:
    return browser.new_context(viewport={"width": 1360, "height": 900}, bypass_csp=True)


def _sign_in(world: World, context: BrowserContext, address: str, person: Person) -> Page:
    with world.act(person) as act:
        token = start_sign_in(act, act.session.get_one(Person, person.id))
    context.add_cookies([{"name": "sign-in", "value": token, "url": address}])
    return context.new_page()


def _violations(page: Page) -> list[str]:
    page.add_script_tag(path=AXE)
    return [violation["id"] for violation in page.evaluate("axe.run()")["violations"]]


def test_an_expert_scores_by_keys_and_loses_nothing(world: World, context: BrowserContext, address: str) -> None:
    story = Evaluation(world)
    first, second = story.application("FIRST"), story.application("SECOND")
    story.close()
    story.admit(first, second)
    person = story.expert()
    reports = [story.report_of(story.task(application, person)) for application in (first, second)]
    page = _sign_in(world, context, address, person)
    page.goto(f"{address}/assessments/{reports[0].id}")

    page.keyboard.press("1")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("2")
    with page.expect_response(lambda answer: answer.url.endswith("/save")):
        page.keyboard.press("ArrowUp")
    page.keyboard.press("Tab")
    page.locator("#points-C2").blur()
    page.keyboard.press("n")
    with page.expect_response(lambda answer: answer.url.endswith("/save")):
        page.keyboard.type("Typed with j and k in it.")
    page.wait_for_function("document.querySelector('#save-status').textContent.includes('Saved at')")

    with world.look() as act:
        lines = act.session.get_one(Assessment, reports[0].id).scores
        assert [(str(line.points.normalize()), line.reasons) for line in lines[1:]] == [
            ("0", "Typed with j and k in it.")
        ]
        assert lines[0].points is not None
    assert page.url.endswith(reports[0].id)
    for width in (360, 1360):
        page.set_viewport_size({"width": width, "height": 900})
        assert _violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.evaluate("document.activeElement.blur()")
    with page.expect_navigation():
        page.keyboard.press("j")
    assert page.url.endswith(reports[1].id)


def test_a_meeting_is_seen_as_it_goes_on_without_the_focus_being_moved(
    world: World, context: BrowserContext, address: str
) -> None:
    story = Evaluation(world)
    application = story.application("FIRST")
    story.close()
    story.admit(application)
    lead = story.expert("Lea Lead")
    story.score(story.task(application, lead, rapporteur=True), "4", "20")
    story.score(story.task(application, story.expert("Otto Other")), "4", "20")
    room = story.open_consensus(application)
    with world.act(story.manager) as act:
        call = act.session.get_one(Call, story.call.id)
        meeting = begin(act, call)
    page = _sign_in(world, context, address, lead)
    page.clock.install()
    page.goto(f"{address}/consensus/{room.id}")
    live, comment = page.locator("#live-meeting"), page.locator("textarea[name=text]").first
    comment.fill("Half a sen")

    def goes_on(words: str) -> None:
        with page.expect_response(lambda answer: answer.url.endswith("/meeting")):
            page.clock.run_for(5100)
        live.get_by_text(words).wait_for()

    with world.act(story.manager) as act:
        call, found = act.session.get_one(Call, story.call.id), act.session.get_one(Meeting, meeting.id)
        turn_to(act, call, found, act.session.get_one(Consensus, room.id))
        write_minute(act, call, found, "Four was agreed on.")
    goes_on("Four was agreed on.")
    page.keyboard.type("tence")
    assert comment.input_value() == "Half a sentence"
    with world.act(story.manager) as act:
        end(act, act.session.get_one(Call, story.call.id), act.session.get_one(Meeting, meeting.id))
    goes_on("The meeting is over.")
    assert live.get_attribute("hx-get") is None  # it is asked for no more
