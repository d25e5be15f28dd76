"""How long a sign-in lasts and who may end it; what is left in the browser of a shared computer; who the sender is."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from app.mailing.text import write
from app.models import Person, SignIn
from app.passwords import Passwords
from tests.support.web import Browser, Web, serving
from tests.support.world import World

PASSWORD = "correct horse battery"
FIREFOX = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"}
SAFARI = {"User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1"}
JSON = {"Accept": "application/json"}


@pytest.fixture
def ana(world: World) -> Person:
    person = world.person("Ana", "ana@org.example")
    with world.act(person) as act:
        act.session.get_one(Person, person.id).password_hash = Passwords(expensive=False).hash(PASSWORD)
    return person


def sign_in(web: Web, headers: dict[str, str], **more: str) -> Browser:
    browser = web.visitor()
    answer = browser.post("/sign-in", {"email": "ana@org.example", "password": PASSWORD} | more, headers=headers)
    assert answer.status_code == 303
    return browser


def test_asking_how_long_is_left_prolongs_nothing(web: Web, ana: Person) -> None:
    browser = web.client_of(ana)
    web.world.later(hours=9)

    first = browser.get("/sign-in/left", headers=JSON).json
    web.world.later(minutes=30)

    assert first == {"seconds": 3600, "longer": True}
    assert browser.get("/sign-in/left", headers=JSON).json == {"seconds": 1800, "longer": True}


def test_the_button_prolongs_the_sign_in_by_a_working_day(web: Web, ana: Person) -> None:
    browser = web.client_of(ana)
    web.world.later(hours=9, minutes=59)

    assert browser.post("/sign-in/stay", headers=JSON).json == {"seconds": 36000, "longer": True}

    web.world.later(hours=9)
    assert browser.get("/work").status_code == 200


def test_saving_while_typing_prolongs_the_sign_in_too(web: Web, ana: Person) -> None:
    browser = web.client_of(ana)
    web.world.later(hours=9)
    assert browser.post(f"/people/{ana.id}/settings", {"name": "Ana", "single_keys": "y"}).status_code == 303

    web.world.later(hours=9)

    assert browser.get("/work").status_code == 200


def test_nothing_prolongs_a_sign_in_beyond_a_day(web: Web, ana: Person) -> None:
    browser = web.client_of(ana)
    for _time in range(2):
        web.world.later(hours=9)
        browser.get("/work")

    assert browser.get("/sign-in/left", headers=JSON).json == {"seconds": 6 * 3600, "longer": False}
    web.world.later(hours=6, minutes=1)
    assert browser.get("/sign-in/left", headers=JSON).status_code == 303


def test_a_setting_says_how_long_a_sign_in_lasts(world: World, ana: Person) -> None:
    with serving(world, sign_in_lasts=timedelta(minutes=5)) as web:
        browser = web.client_of(ana)
        world.later(minutes=4)
        assert 'data-left="300"' in browser.get("/work").text

        world.later(minutes=5, seconds=1)

        assert browser.get("/work").status_code == 303


def test_the_mail_about_a_new_place_ends_every_sign_in_by_a_button(web: Web, ana: Person) -> None:
    sign_in(web, FIREFOX)
    thief = sign_in(web, SAFARI)
    (mail,) = web.mails("new_place")
    with web.world.look() as act:
        letter = write(act.session, web.app.extensions["settings"], mail.args)
    assert mail.args["address"] == "ana@org.example"
    assert "Safari, iPhone" in letter.body
    assert letter.body.count("http") == 1

    owner = web.visitor()
    owner.get(web.address_in(mail), follow_redirects=True)
    assert thief.get("/work").status_code == 200
    done = owner.post("/sign-ins/end")

    assert "ana@org.example elsewhere is signed out" in done.text
    assert thief.get("/work").status_code == 303
    assert owner.post("/sign-ins/end").status_code == 410


def test_whoever_ends_the_others_from_the_mail_stays_signed_in(web: Web, ana: Person) -> None:
    owner = sign_in(web, FIREFOX)
    thief = sign_in(web, SAFARI)
    (mail,) = web.mails("new_place")

    page = owner.get(web.address_in(mail), follow_redirects=True)
    owner.post("/sign-ins/end")

    assert "except you here" in page.text
    assert (owner.get("/work").status_code, thief.get("/work").status_code) == (200, 303)


def test_the_account_page_lists_sign_ins_and_ends_all_others(web: Web, ana: Person) -> None:
    mine, other = sign_in(web, FIREFOX), sign_in(web, SAFARI)
    page = mine.get(f"/people/{ana.id}").text
    assert "Firefox, Linux" in page
    assert "Safari, iPhone" in page

    mine.post(f"/people/{ana.id}/sign-ins/end-others")

    assert (mine.get("/work").status_code, other.get("/work").status_code) == (200, 303)
    assert "End all other sign-ins" not in mine.get(f"/people/{ana.id}").text


def test_nobody_ends_the_sign_ins_of_another(web: Web, ana: Person) -> None:
    mine = web.client_of(ana)

    answer = web.client_of(web.world.person("Eve")).post(f"/people/{ana.id}/sign-ins/end-others")

    assert answer.status_code == 404
    assert mine.get("/work").status_code == 200


def test_a_browser_is_remembered_unless_its_computer_is_shared(web: Web, ana: Person) -> None:
    own, shared = sign_in(web, FIREFOX), sign_in(web, FIREFOX, shared="y")

    assert own.client.get_cookie("device") is not None
    assert shared.client.get_cookie("device") is None
    assert "data-escp-keep-for" not in shared.get("/work").text
    assert "data-escp-keep-for" in own.get("/work").text
    assert shared.post("/sign-out").headers["Clear-Site-Data"] == '"cache", "storage"'


def test_a_known_browser_elsewhere_brings_no_mail(web: Web, ana: Person) -> None:
    browser = sign_in(web, FIREFOX)
    browser.post("/sign-out")

    browser.post("/sign-in", {"email": "ana@org.example", "password": PASSWORD}, headers=SAFARI)

    assert web.mails("new_place") == []


@pytest.fixture(params=[0, 1])
def behind(request: pytest.FixtureRequest, world: World) -> Iterator[tuple[int, Web]]:
    with serving(world, proxies=request.param) as web:
        yield request.param, web


def test_the_sender_is_named_by_as_many_web_servers_as_are_trusted(behind: tuple[int, Web], ana: Person) -> None:
    """What the sender itself says it is stands before what the web server adds, and never counts."""
    proxies, web = behind
    for last in range(101):
        said = {"X-Forwarded-For": f"10.0.0.{last}, 192.0.2.{last}"}
        page = web.visitor().post("/sign-in", {"email": f"x{last}@org.example", "password": "wrong"}, headers=said)

    assert page.status_code == (422 if proxies else 429)

    said = {"X-Forwarded-For": "10.0.0.1, 192.0.2.1"}
    for last in range(101):
        page = web.visitor().post("/sign-in", {"email": f"y{last}@org.example", "password": "wrong"}, headers=said)
    assert page.status_code == 429


def test_a_form_sent_too_late_behind_https_leads_back_to_its_page(web: Web, ana: Person) -> None:
    browser = web.client_of(ana)
    web.world.later(hours=11)

    page = browser.post("/organisations/new", {"name": "x"}, headers={"Referer": "https://localhost/organisations/new"})

    assert page.status_code == 401
    assert re.search(r'name="next"[^>]*value="/organisations/new"', page.text)
    with web.world.look() as act:
        assert act.session.query(SignIn).count() == 1
