"""From no account to a published profile, as people see it."""

from tests.support.web import Browser, Web, web
from workflows.relations import Relation as R

__all__ = ["web"]  # the fixture
PASSWORD = "correct horse battery"
FACTS = {
    "kinds": "cluster_organisation", "country": "BG", "region": "BG41", "website": "cluster.example", "summary": "Robots.",
    "name_en": "Mechatronics Cluster", "name_language": "bg", "themes": ["textiles"], "pic": "123456789",
    "priorities-0-region": "BG41", "priorities-0-text": "Mechatronics", "regions_served": "Lombardia; ITC1",
}  # fmt: skip


def signed_up(web: Web) -> Browser:
    """Somebody who signed up and confirmed the address."""
    browser = web.visitor()
    browser.post("/sign-up", {"name": "Ana", "email": "ana@org.example", "way": "password", "password": PASSWORD})
    browser.get(web.address_in(web.mails("verify_address")[0]))
    browser.post("/verify")
    return browser


def registered(browser: Browser) -> str:
    page = browser.post("/organisations/new", {"name": "Клъстер Мехатроника", "country": "BG", "pic": "123 456 789"})
    assert page.status_code == 303
    return page.location.removesuffix("/edit")


def test_an_account_begins_at_once_and_asks_to_confirm_the_address(web: Web) -> None:
    browser = web.visitor()

    answer = browser.post(
        "/sign-up", {"name": "Ana", "email": "ana@org.example", "way": "password", "password": PASSWORD}
    )

    assert (answer.status_code, answer.location) == (303, "/organisations/find")
    assert "Confirm your e-mail address" in browser.get("/organisations/find").text
    assert [mail.args["address"] for mail in web.mails("verify_address")] == ["ana@org.example"]


def test_opening_the_mailed_link_changes_nothing_and_leaves_the_address_bar(web: Web) -> None:
    browser = web.visitor()
    browser.post("/sign-up", {"name": "Ana", "email": "ana@org.example", "way": "password", "password": PASSWORD})
    link = web.address_in(web.mails()[0])

    first = browser.get(link)
    browser.get("/verify")

    assert (first.location, first.headers["Referrer-Policy"]) == ("/verify", "no-referrer")
    assert "Send the mail again" in browser.get("/organisations/find").text


def test_a_link_works_once_and_its_page_names_nobody_afterwards(web: Web) -> None:
    browser = signed_up(web)
    browser.get(web.address_in(web.mails("verify_address")[0]))

    page = browser.get("/verify")

    assert page.status_code == 410
    assert "used already" in page.text
    assert "ana@org.example" not in page.text


def test_a_profile_is_described_sent_validated_and_listed(web: Web) -> None:
    ana, mona = signed_up(web), web.client_of(web.world.person("Mona", None, R.CALL_MANAGER))
    organisation = registered(ana)
    assert ana.post(f"{organisation}/edit", FACTS).status_code == 303
    assert "Send for validation" in ana.get(organisation).text
    assert ana.post(f"{organisation}/submit").status_code == 303
    assert "Мехатроника" not in web.visitor().get("/partners").text
    assert "Мехатроника" in mona.get("/organisations/to-validate").text

    published = mona.post(f"{organisation}/publish")

    assert published.status_code == 303
    visitor = web.visitor()
    assert "Мехатроника" in visitor.get("/partners?q=mechatronics&country=BG").text
    assert "Nothing fits" in visitor.get("/partners?country=IT").text
    page = visitor.get(organisation).text
    assert "Lombardia (Lombardy), ITC4" in page
    assert "ana@org.example" not in page
    assert [mail.args["address"] for mail in web.mails("profile_published")] == ["ana@org.example"]


def test_an_incomplete_profile_says_all_that_is_missing(web: Web) -> None:
    ana = signed_up(web)
    organisation = registered(ana)

    page = ana.get(organisation).text
    refused = ana.post(f"{organisation}/submit")

    for missing in ("what kind of organisation", "address of the website", "thematic area"):
        assert missing in page
    assert refused.status_code == 422


def test_what_does_not_fit_is_named_and_nothing_typed_is_lost(web: Web) -> None:
    ana = signed_up(web)
    organisation = registered(ana)

    page = ana.post(
        f"{organisation}/edit", FACTS | {"regions_served": "Lombardia; Atlantis", "region": "ITC4", "pic": "12"}
    )

    assert page.status_code == 422
    assert "A PIC has nine digits" in page.text
    page = ana.post(f"{organisation}/edit", FACTS | {"regions_served": "Lombardia; Atlantis", "region": "ITC4"})
    assert page.status_code == 422
    assert "No region is called “Atlantis”" in page.text
    assert "lies in another country" in page.text
    assert "Lombardia; Atlantis" in page.text


def test_somebody_else_of_the_organisation_is_found_and_asks_to_join(web: Web) -> None:
    ana = signed_up(web)
    organisation = registered(ana)
    colleague = web.world.person("Boris", "boris@org.example")
    boris = web.client_of(colleague)

    found = boris.get("/organisations/find").text
    answer = boris.post(f"{organisation}/ask-to-join")

    assert "addresses like yours" in found
    assert answer.status_code == 303
    assert [mail.args["address"] for mail in web.mails("join_request")] == ["ana@org.example"]
    assert "Boris" in ana.get(organisation).text
    assert "Boris" in ana.get("/work").text
    assert boris.get(organisation).status_code == 404  # a draft is for its own people


def test_a_taken_pic_leads_to_the_organisation_that_has_it(web: Web) -> None:
    registered(signed_up(web))
    other = web.client_of(web.world.person("Eva", "eva@elsewhere.example"))

    page = other.post("/organisations/new", {"name": "Something else", "country": "IT", "pic": "123456789"})
    again = other.post(
        "/organisations/new", {"name": "Something else", "country": "IT", "pic": "123456789", "really": "yes"}
    )

    assert page.status_code == 422
    assert "Клъстер Мехатроника" in page.text
    assert again.status_code == 422
    assert "registered with this PIC" in again.text
