"""Signing in and out: one answer for known and unknown, nothing typed is lost, codes count once."""

import re
from datetime import timedelta

import pyotp
import pytest

from app.models import Person, SecondFactor
from app.passwords import Passwords
from app.services.accounts.second_factor import secret_of
from app.services.accounts.sign_in import end_sign_ins
from tests.support.web import Browser, Web, new_app, settings_of, web
from tests.support.world import World
from workflows.relations import Relation as R

__all__ = ["web"]  # the fixture
PASSWORD = "correct horse battery"


def with_password(world: World, name: str = "Ana", *offices: R) -> Person:
    person = world.person(name, f"{name.lower()}@org.example", *offices)
    with world.act(person) as act:
        act.session.get_one(Person, person.id).password_hash = Passwords(expensive=False).hash(PASSWORD)
    return person


def sign_in(browser: Browser, name: str = "ana", password: str = PASSWORD, **more: str):
    return browser.post("/sign-in", {"email": f"{name}@org.example", "password": password} | more)


def test_a_password_signs_in_and_leads_to_the_page_that_was_asked_for(web: Web) -> None:
    with_password(web.world)
    browser = web.visitor()
    asked = browser.get("/organisations/find")
    assert asked.location == "/sign-in?next=/organisations/find"

    answer = sign_in(browser, next="/organisations/find")

    assert (answer.status_code, answer.location) == (303, "/organisations/find")
    assert browser.get("/work").status_code == 200


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_nobody_is_led_to_another_site(web: Web, elsewhere: str) -> None:
    with_password(web.world)

    assert sign_in(web.visitor(), next=elsewhere).location == "/work"


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(web: Web) -> None:
    with_password(web.world)

    def without_tokens(text: str) -> str:
        return re.sub(
            r'(name="csrf_token" value="|Page reference for questions: |reference=)[^"<]+|value="\w+@org.example"',
            "",
            text,
        )

    wrong, unknown = sign_in(web.visitor(), password="wrong"), sign_in(web.visitor(), "nobody")

    assert wrong.status_code == unknown.status_code == 422
    assert without_tokens(wrong.text) == without_tokens(unknown.text)


def test_signing_up_with_a_known_address_looks_the_same_and_takes_nothing(web: Web) -> None:
    with_password(web.world)
    typed = {"name": "Eve", "way": "password", "password": "another long password"}

    known = web.visitor().post("/sign-up", typed | {"email": "ANA@org.example"})
    unknown = web.visitor().post("/sign-up", typed | {"email": "eve@org.example"})

    assert (known.status_code, known.location) == (unknown.status_code, unknown.location)
    assert sorted(mail.args["template"] for mail in web.mails()) == ["account_exists", "verify_address"]
    assert sign_in(web.visitor()).status_code == 303
    assert sign_in(web.visitor(), password="another long password").status_code == 422


def test_signing_out_ends_the_sign_in_on_the_server(web: Web) -> None:
    browser = web.client_of(with_password(web.world))
    cookie = browser.client.get_cookie("sign-in")
    browser.post("/sign-out")
    assert cookie is not None

    browser.client.set_cookie("sign-in", cookie.value)

    assert browser.get("/work").status_code == 303


@pytest.mark.parametrize("by", [{"hours": 10, "minutes": 1}])
def test_a_sign_in_ends_after_a_working_day_without_use(web: Web, by: dict[str, float]) -> None:
    browser = web.client_of(with_password(web.world))
    assert browser.get("/work").status_code == 200

    web.world.later(**by)

    assert browser.get("/work").status_code == 303


def test_what_was_typed_when_the_sign_in_ended_comes_back_for_its_own_person_only(web: Web) -> None:
    ana, eva = with_password(web.world), with_password(web.world, "Eva")
    browser = web.client_of(ana)
    with web.world.act() as act:
        end_sign_ins(act, act.session.get_one(Person, ana.id))

    ended = browser.post("/organisations/new", {"name": "Клъстер", "country": "BG"})
    kept = re.search(r'name="kept"[^>]*value="([^"]+)"', ended.text)
    assert ended.status_code == 401
    assert kept is not None
    assert "Клъстер" not in ended.text

    stranger = sign_in(web.visitor(), "eva", kept=kept[1])
    owner = sign_in(browser, kept=kept[1])

    assert eva.id != ana.id
    assert stranger.status_code == 303
    assert owner.status_code == 200
    assert "Клъстер" in owner.text
    assert 'action="/organisations/new"' in owner.text


def test_a_form_with_a_wrong_token_stores_nothing_and_is_sent_again_in_one_click(web: Web) -> None:
    browser = web.client_of(with_password(web.world))

    page = browser.post("/organisations/new", {"name": "Клъстер", "country": "BG", "csrf_token": "old"})

    assert page.status_code == 400
    assert "Клъстер" in page.text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text.partition("<main")[2])
    assert token is not None
    again = browser.client.post("/organisations/new", data={"name": "Клъстер", "country": "BG", "csrf_token": token[1]})
    assert again.status_code == 303


def test_too_many_wrong_passwords_have_to_wait(web: Web) -> None:
    with_password(web.world)
    browser = web.visitor()
    for _try in range(10):
        assert sign_in(browser, password="wrong").status_code == 422

    page = sign_in(browser)

    assert page.status_code == 429
    assert "15 min" in page.text
    web.world.later(minutes=16)
    assert sign_in(browser).status_code == 303


def test_a_reset_sets_a_new_password_and_ends_other_sign_ins(web: Web) -> None:
    elsewhere = web.client_of(with_password(web.world))
    browser = web.visitor()
    browser.post("/password", {"email": "ana@org.example"})
    browser.get(web.address_in(web.mails("reset_password")[0]))

    done = browser.post("/password/new", {"password": "a brand new password"})

    assert done.status_code == 303
    assert elsewhere.get("/work").status_code == 303
    assert sign_in(web.visitor()).status_code == 422
    assert sign_in(web.visitor(), password="a brand new password").status_code == 303


def test_asking_for_a_link_says_the_same_of_an_unknown_address(web: Web) -> None:
    with_password(web.world)

    pages = [web.visitor().post("/sign-in/link", {"email": f"{name}@org.example"}) for name in ("ana", "nobody")]

    assert [page.status_code for page in pages] == [200, 200]
    assert len(web.mails("sign_in_link")) == 1


def test_a_sign_in_by_link_is_no_proof_for_grave_acts(web: Web) -> None:
    with_password(web.world)
    browser = web.visitor()
    browser.post("/sign-in/link", {"email": "ana@org.example"})
    browser.get(web.address_in(web.mails("sign_in_link")[0]))
    assert browser.post("/sign-in/by-link").status_code == 303
    account = browser.get("/me").location

    first = browser.post(f"{account}/second-factor")
    assert first.location.startswith("/sign-in/again")
    assert browser.post("/sign-in/again", {"password": "wrong", "next": account}).status_code == 422
    assert browser.post("/sign-in/again", {"password": PASSWORD, "next": account}).location == account

    assert browser.post(f"{account}/second-factor").location == f"{account}/second-factor"


def test_staff_set_up_a_second_factor_before_their_first_page_and_each_code_counts_once(world: World) -> None:
    app = new_app(settings_of(world, second_factor_required=True), lambda: world.now)
    web = Web(app, world)
    mona = with_password(world, "Mona", R.CALL_MANAGER)
    browser = web.visitor()
    page = sign_in(browser, "mona")
    assert "Set up your second factor" in page.text
    assert browser.get("/sign-in/second-factor/picture.png").data.startswith(b"\x89PNG")
    assert browser.get("/work").status_code == 303
    with world.look() as act:
        totp = pyotp.TOTP(secret_of(act.session.get_one(SecondFactor, mona.id)))

    codes = browser.post("/sign-in/second-factor", {"code": totp.at(world.now), "next": "/work"})

    assert codes.status_code == 200
    recovery = re.findall(r"<code>([\w-]+)</code>", codes.text)
    assert len(recovery) == 10
    assert browser.get("/work").status_code == 200
    other = web.visitor()
    assert "Enter your code" in sign_in(other, "mona").text
    assert other.post("/sign-in/code", {"code": totp.at(world.now), "next": "/"}).status_code == 422  # used above
    world.now += timedelta(seconds=30)
    assert other.post("/sign-in/code", {"code": totp.at(world.now), "next": "/"}).status_code == 303
    third = web.visitor()
    sign_in(third, "mona")
    assert third.post("/sign-in/code", {"code": recovery[0].lower(), "next": "/"}).status_code == 303
    app.extensions["database"].close()


def test_another_address_counts_once_its_owner_has_used_the_mailed_link(web: Web) -> None:
    ana = with_password(web.world)
    browser = web.client_of(ana)
    sent = browser.post(f"/people/{ana.id}/address", {"email": "ana@new.example"})
    link = web.address_in(web.mails("verify_address")[0])
    stranger = web.visitor()
    stranger.get(link)

    elsewhere = stranger.get("/verify")
    browser.get(link)
    confirmed = browser.post("/verify")

    assert sent.status_code == 200
    assert elsewhere.location.startswith("/sign-in?")
    assert confirmed.status_code == 303
    assert [mail.args["address"] for mail in web.mails("address_changed")] == ["ana@org.example"]
    assert web.visitor().post("/sign-in", {"email": "ana@new.example", "password": PASSWORD}).status_code == 303
    assert sign_in(web.visitor()).status_code == 422


def test_a_mistyped_address_is_mended_before_it_is_confirmed(web: Web) -> None:
    browser = web.visitor()
    browser.post("/sign-up", {"name": "Eva", "email": "eva@typo.example", "way": "password", "password": PASSWORD})
    account = browser.get("/me").location

    browser.post(f"{account}/address", {"email": "eva@org.example"})
    browser.get(web.address_in(web.mails("verify_address", to="eva@typo.example")[0]))
    wrong = browser.post("/verify")
    browser.get(web.address_in(web.mails("verify_address", to="eva@org.example")[0]))
    browser.post("/verify")

    assert wrong.status_code == 410
    assert sign_in(web.visitor(), "eva").status_code == 303


def test_signing_in_again_many_times_a_day_is_no_guessing(web: Web) -> None:
    browser = web.client_of(with_password(web.world))

    answers = [
        browser.post("/sign-in/again", {"password": PASSWORD, "next": "/work"}).status_code for _time in range(12)
    ]

    assert answers == [303] * 12
