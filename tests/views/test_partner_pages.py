"""The page on which partners are found, in a client and in a browser; links that stop mails; no address before consent."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from html import unescape

import pytest
from playwright.sync_api import Browser
from sqlalchemy import select

from app.mailing.found import stop_address
from app.mailing.sending import message_of
from app.mailing.text import write
from app.models import Introduction, Job, Organisation, Person, SavedSearch, Showing
from app.services.accounts.sign_in import start_sign_in
from app.services.organisations.organisation import save_profile
from app.services.searching.introduction import ask_introduction
from app.services.searching.saved_search import save_search
from app.services.searching.search import Chosen
from app.services.searching.search_index import catch_up
from app.services.transitions import perform
from app.ticking import tick
from tests.support.browser import AXE, served
from tests.support.expression import WHILE_OPEN, a_published
from tests.support.many import many, store
from tests.support.web import Web, settings_of
from tests.support.world import REAL_EXPRESSIONS, World
from workflows.relations import Relation as R

SHOTS = os.environ.get("ESCP_SHOTS", "")  # a folder: pictures of the pages are kept there


@pytest.fixture
def crowd(world: World) -> None:
    store(world.database, list(many(180, world.now, seed=5)))


def cards(page: str) -> list[str]:
    return [unescape(name) for name in re.findall(r'<article class="escp-card"><h3[^>]*><a[^>]*>([^<]+)', page)]


def total(page: str) -> int:
    found = re.search(r"(\d+) results?", page)
    assert found is not None
    return int(found[1])


@pytest.mark.usefixtures("crowd")
def test_a_count_beside_a_filter_is_what_the_filter_leaves(web: Web) -> None:
    page = web.visitor().get("/partners").text
    options = re.findall(r'name="(\w+)" value="([^"]+)"><label[^>]*>[^<]+ \((\d+)\)', page)

    assert len(options) > 40
    for name, code, count in options[::9]:
        assert total(web.visitor().get(f"/partners?{name}={code}").text) == int(count)


@pytest.mark.usefixtures("crowd")
def test_the_address_holds_the_whole_state_and_pages_follow_each_other(web: Web) -> None:
    address = "/partners?contact=open&sort=name"
    first, second = (web.visitor().get(f"{address}&page={n}").text for n in (1, 2))

    assert len(cards(first)) == 50
    assert len(cards(second)) > 0
    assert set(cards(first)).isdisjoint(cards(second))
    assert 'value="open" checked' in first
    assert f"{address}&amp;page=2" in first or "page=2" in first
    assert web.visitor().get(address).text.count("<article") == 50


def test_old_addresses_of_the_two_lists_lead_here(web: Web) -> None:
    organisations = web.visitor().get("/organisations?countries=IT&kinds=sme")
    expressions = web.visitor().get("/expressions?kind=science_park")

    assert organisations.headers["Location"] == "/partners?country=IT&kind=sme"
    assert expressions.headers["Location"] == "/partners?show=expressions&seeks=science_park"


def test_results_say_why_they_fit_the_readers_own_expression(web: Web, world: World) -> None:
    world.now = WHILE_OPEN
    ana = world.person()
    textile = world.organisation("Textile Cluster", ana)
    world.organisation("Far Fibres", world.person(), region="PT11", country="PT", kinds=["university"])
    notice = a_published(world, world.call(REAL_EXPRESSIONS), textile, ana)
    with world.act() as act:
        catch_up(act.session)

    page = web.client_of(ana).get(f"/partners?for=expression-{notice.id}").text
    strangers = web.client_of(world.person("Ben")).get(f"/partners?for=expression-{notice.id}").text

    assert "1 priority in common; region not yet in your consortium" in page
    assert "priority in common" not in strangers
    assert "Held against" not in strangers


def test_what_was_shown_is_noted_after_the_page_and_told_to_the_office(web: Web, world: World) -> None:
    one = world.organisation("One", world.person())
    tick(world.database, world.now, world.chance)
    for _ in range(3):
        web.visitor().get("/partners")
    with world.look() as act:
        assert [row.things for row in act.session.scalars(select(Showing))] == [[one.id]] * 3

    tick(world.database, world.now, world.chance)
    manager = web.client_of(world.person("Mona", None, R.CALL_MANAGER))

    assert "Shown 3 times in the search" in manager.get(f"/organisations/{one.id}").text
    assert manager.get("/partners/shown").status_code == 200
    assert web.client_of(world.person("Ben")).get("/partners/shown").status_code == 404


def test_the_link_of_a_weekly_mail_stops_it_without_sign_in_and_only_by_a_press(web: Web, world: World) -> None:
    ana = world.person()
    with world.act(ana) as act:
        saved = save_search(act, "Ports", Chosen(words="harbour"), "q=harbour")
    world.later(days=3)
    world.organisation("Fresh Harbour", world.person())
    world.later(days=5)
    tick(world.database, world.now, world.chance)
    (job,) = web.mails("saved_search")
    settings = settings_of(world)
    with world.look() as act:
        letter = write(act.session, settings, job.args)
        address = stop_address(settings, act.session.get_one(SavedSearch, saved.id))
    message = message_of(letter, settings, job.id, world.now)
    assert message["List-Unsubscribe"] == f"<{address}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "Fresh Harbour" in letter.body
    assert address in letter.body

    def runs() -> bool:
        with world.look() as act:
            return act.session.get_one(SavedSearch, saved.id).next_at is not None

    path, client = address.removeprefix("http://localhost"), web.app.test_client()
    assert client.get(path).status_code == 200
    assert client.post(path[:-3] + "abc", data={"List-Unsubscribe": "One-Click"}).status_code == 410
    assert runs()
    assert client.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not runs()
    assert client.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert "is stopped" in client.get(path).text


def test_nobody_changes_the_saved_search_of_another(web: Web, world: World) -> None:
    ana = world.person()
    with world.act(ana) as act:
        saved = save_search(act, "Ports", Chosen(), "")

    assert web.client_of(world.person("Ben")).post(f"/partners/saved/{saved.id}", {"do": "stop"}).status_code == 404
    assert "Ports" not in web.client_of(world.person("Cora")).get("/partners/saved").text
    assert web.client_of(ana).post(f"/partners/saved/{saved.id}", {"do": "forget"}).status_code == 303


def test_no_name_or_address_of_a_person_reaches_another_organisation_before_both_agree(web: Web, world: World) -> None:
    """Markers stand wherever a person of the asked organisation has a contact field; another's people crawl for them."""
    world.now = WHILE_OPEN
    hidden = world.person("Zebulon Markermann", "zebulon.marker@secret-contact.example")
    ana = world.person("Ana Silva")
    theirs, mine = world.organisation("Secret Photonics", hidden, country="DE"), world.organisation("Mine", ana)
    call = world.call(REAL_EXPRESSIONS)
    a_published(world, call, theirs, hidden)
    with world.act(hidden) as act:
        there = act.session.get_one(Organisation, theirs.id)
        save_profile(act, there, {"offers": "Lasers"}, relation=R.ORGANISATION_ADMINISTRATOR)
    with world.act(ana) as act:
        asking, asked = (act.session.get_one(Organisation, o.id) for o in (mine, theirs))
        introduction = ask_introduction(act, asking, asked, "Lasers for cloth.")
        save_search(act, "Lasers", Chosen(words="photonics"), "q=photonics")
    tick(world.database, world.now, world.chance)

    seen = _crawl(web, ana) | _crawl(web, None)
    assert len(seen) > 25
    assert any("Secret Photonics" in text for text in seen.values())
    assert [address for address, text in seen.items() if _marked(text)] == []
    assert [mail for mail in _mails_to(web, ana) if _marked(mail)] == []

    with world.act(hidden) as act:
        perform(act, act.session.get_one(Introduction, introduction.id), "refuse")
    assert [address for address, text in _crawl(web, ana).items() if _marked(text)] == []
    assert [mail for mail in _mails_to(web, ana) if _marked(mail)] == []


def test_after_both_agreed_the_page_of_the_introduction_shows_whom_to_write_to(web: Web, world: World) -> None:
    hidden, ana = world.person("Zebulon Markermann", "zebulon.marker@secret-contact.example"), world.person("Ana Silva")
    theirs, mine = world.organisation("Secret Photonics", hidden), world.organisation("Mine", ana)
    browser = web.client_of(ana)
    page = browser.get(f"/organisations/{theirs.id}/introduction").text
    assert "21 days" in page
    sent = {"organisation": mine.id, "message": "Lasers for cloth."}
    address = browser.post(f"/organisations/{theirs.id}/introduction", sent).headers["Location"]
    assert not _marked(browser.get(address).text)

    web.client_of(hidden).post(f"{address}/agree", {})

    assert "zebulon.marker@secret-contact.example" in browser.get(address).text
    assert ana.email in web.client_of(hidden).get(address).text
    others = {one: text for one, text in _crawl(web, ana).items() if one != address and "/introductions/" not in one}
    assert [one for one, text in others.items() if _marked(text)] == []


def _marked(text: str) -> bool:
    return any(marker in text for marker in ("Zebulon", "Markermann", "zebulon", "secret-contact"))


def _crawl(web: Web, person: Person | None, most: int = 400) -> dict[str, str]:
    """Follow every link of the site from the search and the start, exports among them."""
    browser = web.client_of(person) if person else web.visitor()
    waiting = [
        "/",
        "/partners",
        "/partners?show=expressions",
        "/partners.csv",
        "/partners.json?show=expressions",
        "/work",
    ]
    seen: dict[str, str] = {}
    shapes: dict[str, int] = {}
    while waiting and len(seen) < most:
        address = waiting.pop(0)
        shape = re.sub(r"[a-z2-7]{26}|=[^&]*", "*", address)
        if address in seen or shapes.get(shape, 0) > 3:
            continue
        shapes[shape] = shapes.get(shape, 0) + 1
        answer = browser.get(address, follow_redirects=True)
        seen[address] = answer.get_data(as_text=True) if answer.is_json or "text" in answer.mimetype else ""
        waiting += [unescape(link) for link in re.findall(r'href="(/[^"#]*)', seen[address]) if "/static/" not in link]
    return seen


def _mails_to(web: Web, person: Person) -> list[str]:
    settings, found = settings_of(web.world), []
    with web.world.look() as act:
        for job in act.session.scalars(select(Job).where(Job.kind == "mail")):
            if job.args["address"] == person.email and job.args["template"] != "verify_address":
                letter = write(act.session, settings, job.args)
                found.append(letter.subject + letter.body)
    return found


@pytest.fixture
def address(web: Web, browser: Browser) -> Iterator[str]:
    with served(web.app, browser) as found:
        yield found


@pytest.mark.usefixtures("crowd")
@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("width", [360, 1360])
def test_partners_are_filtered_in_a_browser(
    world: World, browser: Browser, address: str, width: int, *, scripts: bool
) -> None:
    ana = world.person()
    world.organisation("Textile Cluster", ana)
    with world.act(ana) as act:
        token = start_sign_in(act, act.session.get_one(Person, ana.id))
    context = browser.new_context(
        viewport={"width": width, "height": 900}, java_script_enabled=scripts, bypass_csp=True
    )
    context.add_cookies([{"name": "sign-in", "value": token, "url": address}])
    page = context.new_page()
    page.goto(f"{address}/partners")
    page.locator("summary", has_text="Thematic area").click()
    page.get_by_label(re.compile("^Textiles")).first.check()
    page.get_by_label("Open to contact").check()
    page.get_by_role("button", name="Show results").click()
    page.locator("article").first.wait_for()

    assert "theme=textiles" in page.url
    assert "contact=open" in page.url
    assert page.locator("article").count() > 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width if scripts else True
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/partners-{width}-{scripts}.png", full_page=True)
    if scripts:
        page.add_script_tag(path=AXE)
        found = page.evaluate("axe.run()")["violations"]
        assert [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found] == []


@pytest.mark.parametrize("width", [360, 1360])
def test_axe_finds_nothing_on_the_pages_around_the_search(
    world: World, browser: Browser, address: str, width: int
) -> None:
    ana, ben = world.person("Ana Silva"), world.person("Ben Berg")
    mine, theirs = world.organisation("Textile Cluster", ana), world.organisation("Photonics Bavaria", ben)
    with world.act(ben) as act:
        facility = {"kind": "test_bed", "text": "Laser hall", "conditions": "by the day"}
        there = act.session.get_one(Organisation, theirs.id)
        save_profile(act, there, {"facilities": [facility]}, relation=R.ORGANISATION_ADMINISTRATOR)
    with world.act(ana) as act:
        asking, asked = (act.session.get_one(Organisation, o.id) for o in (mine, theirs))
        one = ask_introduction(act, asking, asked, "Lasers for cloth.")
        save_search(act, "Lasers", Chosen(words="laser"), "q=laser")
        token = start_sign_in(act, act.session.get_one(Person, ana.id))
    context = browser.new_context(viewport={"width": width, "height": 900}, bypass_csp=True)
    context.add_cookies([{"name": "sign-in", "value": token, "url": address}])
    page = context.new_page()
    places = {
        "organisation": f"/organisations/{theirs.id}", "edit": f"/organisations/{mine.id}/edit",
        "ask": f"/organisations/{theirs.id}/introduction", "introduction": f"/introductions/{one.id}",
        "introductions": "/introductions", "saved": "/partners/saved?save=1&q=laser",
    }  # fmt: skip

    faults = []
    for name, place in places.items():
        page.goto(f"{address}{place}")
        if SHOTS:
            page.screenshot(path=f"{SHOTS}/{name}-{width}.png", full_page=True)
        page.add_script_tag(path=AXE)
        faults += [(name, fault["id"]) for fault in page.evaluate("axe.run()")["violations"]]
        wide = page.evaluate("document.documentElement.scrollWidth")
        faults += [(name, f"{wide} px wide")] if wide > width else []

    assert faults == []
