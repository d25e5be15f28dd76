"""Pages of deadlines and questions in a browser: the reader's own time, the server's clock, no violation found by axe."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page

from app.models import Application, Call, Enquiry, Person
from app.services.accounts.sign_in import start_sign_in
from app.services.calls.call_versions import prepare_change
from app.services.calls.enquiry import ask
from app.services.calls.exception import ask_exception
from app.services.checks.clarification import open_clarification
from app.services.transitions import perform
from app.ticking import tick
from tests.services.test_call_changes import changed, question_of
from tests.services.test_clarifications import text_question
from tests.support.application import Consortium, a_draft, complete, submit, with_partners
from tests.support.browser import AXE, served
from tests.support.web import new_app, settings_of
from tests.support.world import AFTER_CLOSING, World
from workflows.relations import Relation as R

pytestmark = pytest.mark.browser


@pytest.fixture
def address(world: World, browser: Browser) -> Iterator[str]:
    app = new_app(settings_of(world, sign_in_lasts=timedelta(days=900)), lambda: world.now)
    with served(app, browser) as found:
        yield found


def page_of(world: World, browser: Browser, address: str, person: Person) -> Page:
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, bypass_csp=True, timezone_id="Europe/Helsinki"
    )
    with world.act(person) as act:
        token = start_sign_in(act, act.session.get_one(Person, person.id))
    context.add_cookies([{"name": "sign-in", "value": token, "url": address}])
    return context.new_page()


def faults(page: Page, *addresses: str) -> list[str]:
    found = []
    for address in addresses:
        answer = page.goto(address)
        assert answer is not None
        page.add_script_tag(path=AXE)
        found += [
            f"{address}: {one['id']}: {one['nodes'][0]['html'][:120]}"
            for one in page.evaluate("axe.run()")["violations"]
        ]
        if answer.status != 200 or page.evaluate("document.documentElement.scrollWidth") > 360:
            found.append(f"{address}: {answer.status}, or wider than a phone")
    return found


def test_pages_while_the_call_is_open_are_accessible_and_show_both_clocks(
    world: World, browser: Browser, address: str
) -> None:
    found, manager = a_draft(world), world.person("Max Manager", None, R.CALL_MANAGER)
    _question, _label, lines = question_of(found.call)
    with world.act(found.coordinator) as act:
        enquiry = ask(act, act.session.get_one(Call, found.call.id), "May a university apply?", "who")
    for row, data in (("answer", {"wording": "May it?", "answer": "No."}), ("publish", {})):
        with world.act(manager) as act:
            perform(act, act.session.get_one(Enquiry, enquiry.id), row, data)
    for summary, data in (("", changed((lines, ""))), ("One question less.", b"")):
        with world.act(manager) as act:
            call = act.session.get_one(Call, found.call.id)
            prepare_change(act, call, data) if data else perform(act, call, "change", {"summary": summary})
    call = f"{address}/calls/{found.call.id}"
    applicant, office = (page_of(world, browser, address, p) for p in (found.coordinator, manager))

    assert faults(
        applicant, call, f"{call}/questions", f"{call}/questions/ask", f"{call}/versions",
        f"{address}/questions/{enquiry.id}", f"{address}/applications/{found.application.id}",
        f"{address}/people/{found.coordinator.id}/calendar",
    ) == []  # fmt: skip
    assert faults(office, f"{call}/new-version", f"{call}/cockpit", f"{address}/questions/{enquiry.id}/correct") == []
    world.now = found.call.closes_at - timedelta(minutes=90)
    applicant.goto(call)
    deadline = applicant.locator(".escp-deadline")
    assert "17:00 Brussels time (18:00 Helsinki)" in deadline.inner_text()
    assert "Time on the server, which counts: 15:30:0" in deadline.inner_text()
    applicant.wait_for_timeout(2500)
    assert "15:30:00" not in deadline.inner_text()


def test_pages_after_the_deadline_are_accessible(world: World, browser: Browser, address: str) -> None:
    found: Consortium = complete(world, with_partners(world, a_draft(world)))
    submit(world, found)
    world.now = AFTER_CLOSING
    tick(world.database, world.now, world.chance)
    manager = world.person("Max Manager", None, R.CALL_MANAGER)
    with world.act(found.coordinator) as act:
        application = act.session.get_one(Application, found.application.id)
        exception = ask_exception(act, application, "The power was cut.")
    with world.act(manager) as act:
        application = act.session.get_one(Application, found.application.id)
        asked = open_clarification(act, application, [text_question(found)], "Which?", world.now + timedelta(days=3))
    home = f"{address}/applications/{found.application.id}"
    applicant, office = (page_of(world, browser, address, p) for p in (found.coordinator, manager))

    assert faults(
        applicant, home, f"{address}/exceptions/{exception.id}", f"{home}/later-deadline",
        f"{address}/clarifications/{asked.id}", f"{address}/clarifications/{asked.id}/answers",
    ) == []  # fmt: skip
    assert faults(
        office, home, f"{home}/clarifications/new", f"{address}/exceptions/{exception.id}/propose",
        f"{address}/exceptions/{exception.id}",
    ) == []  # fmt: skip
