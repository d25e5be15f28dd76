"""The pages by which somebody is erased: one's own account, and an account by two administrators."""

from datetime import timedelta

from sqlalchemy import select

from app.mailing.text import write
from app.models import Person, SignIn
from tests.support.web import Web
from workflows.relations import Relation as R


def names(web: Web) -> list[str]:
    with web.world.look() as act:
        return [name.partition(" ")[0] for name in act.session.scalars(select(Person.name).order_by(Person.created_at))]


def test_people_erase_their_own_account_by_typing_its_address_after_signing_in_again(web: Web):
    ana = web.world.person("Ana Silva", "ana@silva.example")
    browser = web.client_of(ana)
    address = f"/people/{ana.id}/erase"
    assert "Erase your account" in browser.get("/me", follow_redirects=True).text
    assert "there is none of this account" in browser.get(address).text
    assert "“Erased person” with six characters" in browser.get(address).text

    refused = browser.post(address, {"typed": "ana@other.example"})
    assert (refused.status_code, "Type ana@silva.example, so that nothing" in refused.text) == (422, True)
    web.world.now += timedelta(minutes=11)
    assert browser.post(address, {"typed": "ana@silva.example"}).location.startswith("/sign-in/again")
    assert names(web) == ["Ana"]

    browser = web.client_of(ana)
    done = browser.post(address, {"typed": " Ana@Silva.example "}, follow=True)
    assert "Your account is erased." in done.text
    assert names(web) == ["Erased"]
    assert browser.get(address).location.startswith("/sign-in?")
    with web.world.look() as act:
        assert act.session.scalars(select(SignIn)).all() == []


def test_what_stands_in_the_way_is_on_the_page_and_there_is_no_button_then(web: Web):
    ana = web.world.person("Ana Silva", "ana@silva.example")
    web.world.organisation("Textile Cluster", ana)
    browser = web.client_of(ana)

    page = browser.get(f"/people/{ana.id}/erase").text
    assert "Textile Cluster has no other administrator." in page
    assert "Erase my account for ever" not in page
    assert browser.post(f"/people/{ana.id}/erase", {"typed": "ana@silva.example"}).status_code == 422


def test_two_administrators_erase_an_account_and_the_second_reads_who_asked_and_why(web: Web):
    ana = web.world.person("Ana Silva", "ana@silva.example")
    first, second = (
        web.client_of(web.world.person(name, None, R.ADMINISTRATOR)) for name in ("Ada Admin", "Abe Admin")
    )
    page = f"/admin/people/{ana.id}"

    assert first.post(f"{page}/erasure/ask", {"ground": ""}).status_code == 422
    assert (
        "Another administrator has to confirm" in first.post(f"{page}/erasure/ask", {"ground": "R 7"}, follow=True).text
    )
    (mail,) = web.mails("erasure_asked", to="ana@silva.example")
    with web.world.look() as act:
        letter = write(act.session, web.app.extensions["settings"], mail.args)
    assert (letter.subject, "It can't be undone." in letter.body) == ("Your account is to be erased", True)
    assert "another administrator" in first.post(f"{page}/erasure/confirm", {"typed": "ana@silva.example"}).text
    seen = second.get(page).text
    assert ("Asked by Ada Admin:" in seen, "“R 7”" in seen) == (True, True)
    assert second.post(f"{page}/erasure/confirm", {"typed": "ana"}).status_code == 422
    done = second.post(f"{page}/erasure/confirm", {"typed": "ana@silva.example"}, follow=True).text
    assert ("This account was erased" in done, "Grant the office" in done, "Ana Silva" in done) == (True, False, False)
    assert second.post(f"{page}/enable").status_code == 422
